/** Creates a service of 2.0. */
import { FcError, invalidArgument } from '../core/errors.ts';
import { isName, NAME_RULE } from '../core/names.ts';
import type { ServiceRecord, ServiceSettings } from '../core/resources.ts';
import { SERVICES } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface CreateServiceInput {
  readonly serviceName: string;
  readonly settings: ServiceSettings;
}

/** Rejects with `ServiceAlreadyExists`, or `InvalidArgument` for a name that cannot be. */
export async function createService(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, settings }: CreateServiceInput,
): Promise<ServiceRecord> {
  if (!isName(serviceName)) {
    throw invalidArgument(`serviceName must be ${NAME_RULE} (actual: '${serviceName}')`);
  }
  const key = { account, serviceName };
  const nowMs = context.now();
  const record: ServiceRecord = {
    ...key,
    ...settings,
    serviceId: context.newUuid(),
    nextVersionId: 1,
    tags: [],
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  const answer = await context.store.writeRecords([SERVICES.put(record, 'absent', key)]);
  if (answer === 'conflict') throw new FcError('ServiceAlreadyExists', `service '${serviceName}' already exists`);
  return record;
}
