/** What an alias may point to. */
import { FcError, invalidArgument } from '../core/errors.ts';
import type { Alias } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import { requireVersion } from './find-function.ts';
import type { ServiceContext } from './service-context.ts';

/** Of what sums of decimal fractions come to. */
const TOLERANCE = 1e-9;

type Target = Pick<Alias, 'versionId' | 'additionalVersionWeight'>;

/** Rejects with `VersionNotFound`, or as `checkWeights` does for weights that cannot be. */
export async function checkAliasTarget(context: ServiceContext, key: FunctionKey, target: Target): Promise<void> {
  for (const id of checkWeights(target)) await requireVersion(context, key, id);
}

/**
 * The ids of the versions that an alias names; each must exist. Throws `AdditionalVersionContainsMajorVersion`, or
 * `InvalidArgument` for weights that are too much.
 */
export function checkWeights({ versionId, additionalVersionWeight }: Target): readonly string[] {
  const weights = Object.entries(additionalVersionWeight ?? {});
  if (weights.some(([id]) => id === versionId)) {
    throw new FcError(
      'AdditionalVersionContainsMajorVersion',
      `additionalVersionWeight may not name the main version (actual: '${versionId}')`,
    );
  }
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  if (sum > 1 + TOLERANCE) {
    throw invalidArgument(`the weights of additionalVersionWeight must sum up to at most 1 (actual: ${sum})`);
  }
  return [versionId, ...weights.map(([name]) => name)];
}

/** No weights at all are stored as null. */
export function storedWeights(weights: Readonly<Record<string, number>> | null): Alias['additionalVersionWeight'] {
  return weights === null || Object.keys(weights).length === 0 ? null : weights;
}
