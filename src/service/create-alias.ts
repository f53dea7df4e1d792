/** Gives a published version a name of its own. */
import { FcError, invalidArgument } from '../core/errors.ts';
import { isAliasName, NAME_RULE } from '../core/names.ts';
import type { Alias } from '../core/resources.ts';
import { checkAliasTarget, storedWeights } from './alias-target.ts';
import { changeFunction } from './change-function.ts';
import { ALIASES } from './resource-store.ts';
import { refuseForService } from './service-rule.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface CreateAliasInput {
  readonly functionName: string;
  readonly aliasName: string;
  readonly versionId: string;
  readonly description: string;
  /** Version id → share of the invocations in [0, 1]. */
  readonly additionalVersionWeight: Readonly<Record<string, number>> | null;
}

/** Rejects with `FunctionNotFound`, `VersionNotFound`, `AliasAlreadyExists`, `InvalidArgument`, or as `checkWeights` does. */
export async function createAlias(context: ServiceContext, caller: Caller, input: CreateAliasInput): Promise<Alias> {
  const { functionName, aliasName, versionId, description } = input;
  if (!isAliasName(aliasName)) {
    throw invalidArgument(`aliasName must be ${NAME_RULE}, and not LATEST (actual: '${aliasName}')`);
  }
  const key = { account: caller.account, functionName };
  refuseForService(functionName, 'CreateAlias');
  return await changeFunction(context, key, async () => {
    if ((await ALIASES.find(context.store, key, aliasName)) !== undefined) {
      throw new FcError('AliasAlreadyExists', `alias '${aliasName}' of function '${functionName}' already exists`);
    }
    const nowMs = context.now();
    const alias: Alias = {
      aliasName,
      versionId,
      description,
      additionalVersionWeight: storedWeights(input.additionalVersionWeight),
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
    };
    await checkAliasTarget(context, key, alias);
    return { writes: [ALIASES.put(alias, 'absent', key, aliasName)], result: alias };
  });
}
