/** Points an alias elsewhere, or changes its weights or description. */
import type { Alias } from '../core/resources.ts';
import { checkAliasTarget, storedWeights } from './alias-target.ts';
import { changeFunction } from './change-function.ts';
import { requireAlias } from './get-alias.ts';
import { ALIASES } from './resource-store.ts';
import { refuseForService } from './service-rule.ts';
import type { Caller, ServiceContext } from './service-context.ts';

/** Absent members keep their value. */
export interface UpdateAliasInput {
  readonly functionName: string;
  readonly aliasName: string;
  readonly versionId?: string;
  readonly description?: string;
  /** Replaced as a whole; empty removes the weights. */
  readonly additionalVersionWeight?: Readonly<Record<string, number>>;
}

/** Rejects with `…NotFound`, or as `checkWeights` does. */
export async function updateAlias(context: ServiceContext, caller: Caller, input: UpdateAliasInput): Promise<Alias> {
  const { functionName, aliasName, ...change } = input;
  const key = { account: caller.account, functionName };
  refuseForService(functionName, 'UpdateAlias');
  return await changeFunction(context, key, async () => {
    const found = await requireAlias(context, key, aliasName);
    const alias: Alias = {
      ...found,
      ...change,
      additionalVersionWeight: storedWeights(change.additionalVersionWeight ?? found.additionalVersionWeight),
      modifiedAtMs: context.now(),
    };
    await checkAliasTarget(context, key, alias);
    return { writes: [ALIASES.put(alias, 'any', key, aliasName)], result: alias };
  });
}
