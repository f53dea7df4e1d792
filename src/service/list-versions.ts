/** Lists the published versions of a function, by id. */
import type { FunctionVersion } from '../core/resources.ts';
import { requireFunction } from './find-function.ts';
import type { Page } from './record-shelf.ts';
import { VERSIONS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ListVersionsInput {
  readonly functionName: string;
  readonly order: 'ascending' | 'descending';
  readonly limit: number;
  /** Empty for the first page. */
  readonly nextToken: string;
}

export async function listVersions(
  context: ServiceContext,
  { account }: Caller,
  { functionName, ...request }: ListVersionsInput,
): Promise<Page<FunctionVersion>> {
  const key = { account, functionName };
  await requireFunction(context, key);
  return await VERSIONS.list(context.store, key, request);
}
