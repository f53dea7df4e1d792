/** Deletes an alias. */
import { changeFunction } from './change-function.ts';
import { type GetAliasInput, requireAlias } from './get-alias.ts';
import { ALIASES, deleteQualified } from './resource-store.ts';
import { refuseForService } from './service-rule.ts';
import type { Caller, ServiceContext } from './service-context.ts';

/** With what is configured for it. Rejects with `FunctionNotFound` or `AliasNotFound`. */
export async function deleteAlias(
  context: ServiceContext,
  caller: Caller,
  { functionName, aliasName }: GetAliasInput,
): Promise<void> {
  const key = { account: caller.account, functionName };
  refuseForService(functionName, 'DeleteAlias');
  await changeFunction(context, key, async () => {
    await requireAlias(context, key, aliasName);
    const writes = [ALIASES.delete('any', key, aliasName), ...deleteQualified(key, aliasName)];
    return { writes, result: undefined };
  });
  context.engine.provisionChanged();
}
