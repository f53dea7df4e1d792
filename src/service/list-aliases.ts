/** Lists the aliases of a function, by name. */
import type { Alias } from '../core/resources.ts';
import { requireFunction } from './find-function.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { ALIASES } from './resource-store.ts';
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
  return await ALIASES.list(context.store, key, request);
}
