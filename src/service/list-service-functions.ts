/** Lists the functions of a service of 2.0, by name: their heads, or what a version or an alias froze of them. */
import { nameInService } from '../core/names.ts';
import type { FunctionRecord } from '../core/resources.ts';
import { findQualifiedService, requireService } from './find-service.ts';
import type { FoundFunction } from './get-function.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { FUNCTIONS, VERSIONS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ListServiceFunctionsInput extends PageRequest {
  readonly serviceName: string;
  /** Empty means LATEST. */
  readonly qualifier: string;
}

/** A page of a version may be short: functions that came later than it are left out. Rejects with `…NotFound`. */
export async function listServiceFunctions(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, qualifier, prefix = '', startKey = '', ...request }: ListServiceFunctionsInput,
): Promise<Page<FoundFunction>> {
  const key = { account, serviceName };
  await requireService(context, key);
  const version = await findQualifiedService(context, key, qualifier);
  const place = (functionName: string): string => nameInService({ serviceName, functionName });
  const page = await FUNCTIONS.list(
    context.store,
    { account },
    { ...request, prefix: place(prefix), startKey: startKey === '' ? '' : place(startKey) },
  );
  const found = await Promise.all(page.items.map((record) => frozen(context, record, version?.versionId)));
  return { items: found.filter((item) => item !== undefined), nextToken: page.nextToken };
}

async function frozen(
  { store }: ServiceContext,
  record: FunctionRecord,
  versionId: string | undefined,
): Promise<FoundFunction | undefined> {
  if (versionId === undefined) return { record, settings: record, modifiedAtMs: record.modifiedAtMs };
  const found = await VERSIONS.find(store, record, versionId);
  return found && { record, settings: found.document.settings, modifiedAtMs: found.document.modifiedAtMs };
}
