/** Reads one alias. */
import type { Alias } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import { requireFunction } from './find-function.ts';
import { aliasNotFound } from './function-directory.ts';
import { findAlias } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface GetAliasInput {
  readonly functionName: string;
  readonly aliasName: string;
}

export async function getAlias(
  context: ServiceContext,
  { account }: Caller,
  { functionName, aliasName }: GetAliasInput,
): Promise<Alias> {
  const key = { account, functionName };
  await requireFunction(context, key);
  return await requireAlias(context, key, aliasName);
}

/** Of a function that is known to exist. Rejects with `AliasNotFound`. */
export async function requireAlias({ store }: ServiceContext, key: FunctionKey, aliasName: string): Promise<Alias> {
  const found = await findAlias(store, key, aliasName);
  if (found === undefined) throw aliasNotFound(key.functionName, aliasName);
  return found.document;
}
