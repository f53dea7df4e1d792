/** Lists the aliases of a function, by name. */
import type { Alias } from '../core/resources.ts';
import { requireFunction } from './find-function.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { ALIASES, SERVICE_ALIASES, serviceOf } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ListAliasesInput extends PageRequest {
  readonly functionName: string;
}

export async function listAliases(
  context: ServiceContext,
  { account }: Caller,
  { functionName, ...request }: ListAliasesInput,
): Promise<Page<Alias>> {
  const key = { account, functionName };
  await requireFunction(context, key);
  const service = serviceOf(key);
  if (service !== undefined) return await SERVICE_ALIASES.list(context.store, service, request);
  return await ALIASES.list(context.store, key, request);
}
