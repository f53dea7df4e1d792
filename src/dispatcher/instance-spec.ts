/** What the runtime needs to know of a resolved function. */
import type { Runnable } from '../core/resources.ts';
import type { InstanceSpec } from '../runtime/runtime.ts';

export function instanceSpec(runnable: Runnable, region: string): InstanceSpec {
  return {
    key: runnable.instanceKey,
    account: runnable.account,
    functionName: runnable.functionName,
    versionId: runnable.versionId,
    region,
    settings: runnable.settings,
  };
}
