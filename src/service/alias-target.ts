/** What an alias may point to. */
import { invalidArgument } from '../core/errors.ts';
import type { Alias } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import { requireVersion } from './find-function.ts';
import type { ServiceContext } from './service-context.ts';

/** Of what sums of decimal fractions come to. */
const TOLERANCE = 1e-9;

/** Rejects with `VersionNotFound`, or `InvalidArgument` for weights that cannot be. */
export async function checkAliasTarget(
  context: ServiceContext,
  key: FunctionKey,
  { versionId, additionalVersionWeight }: Pick<Alias, 'versionId' | 'additionalVersionWeight'>,
): Promise<void> {
  const weights = Object.entries(additionalVersionWeight ?? {});
  if (weights.some(([id]) => id === versionId)) {
    throw invalidArgument(`additionalVersionWeight may not name the main version (actual: '${versionId}')`);
  }
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  if (sum > 1 + TOLERANCE) {
    throw invalidArgument(`the weights of additionalVersionWeight must sum up to at most 1 (actual: ${sum})`);
  }
  for (const id of [versionId, ...weights.map(([name]) => name)]) await requireVersion(context, key, id);
}

/** No weights at all are stored as null. */
export function storedWeights(weights: Readonly<Record<string, number>> | null): Alias['additionalVersionWeight'] {
  return weights === null || Object.keys(weights).length === 0 ? null : weights;
}
