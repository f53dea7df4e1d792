/** Deletes an alias. */
import { changeFunction } from './change-function.ts';
import { type GetAliasInput, requireAlias } from './get-alias.ts';
import { ALIASES, ASYNC_CONFIGS } from './resource-store.ts';
import { refuseForService } from './service-rule.ts';
import type { Caller, ServiceContext } from './service-context.ts';

/** With its asynchronous configuration. Rejects with `FunctionNotFound` or `AliasNotFound`. */
export async function deleteAlias(
  context: ServiceContext,
  caller: Caller,
  { functionName, aliasName }: GetAliasInput,
): Promise<void> {
  const key = { account: caller.account, functionName };
  refuseForService(functionName, 'DeleteAlias');
  await changeFunction(context, key, async () => {
    await requireAlias(context, key, aliasName);
    const writes = [ALIASES.delete('any', key, aliasName), ASYNC_CONFIGS.delete('any', key, aliasName)];
    return { writes, result: undefined };
  });
}
