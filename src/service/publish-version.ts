/** Freezes a function's head as its next version. */
import type { FunctionVersion } from '../core/resources.ts';
import { changeFunction } from './change-function.ts';
import { settingsOf } from './function-settings.ts';
import { VERSIONS } from './resource-store.ts';
import { refuseForService } from './service-rule.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface PublishVersionInput {
  readonly functionName: string;
  readonly description: string;
}

/** Makes a new version even when nothing changed since the last. An id is never given twice, also after a delete. */
export async function publishVersion(
  context: ServiceContext,
  caller: Caller,
  { functionName, description }: PublishVersionInput,
): Promise<FunctionVersion> {
  const key = { account: caller.account, functionName };
  refuseForService(functionName, 'PublishServiceVersion');
  return await changeFunction(context, key, async (found) => {
    const nowMs = context.now();
    const version: FunctionVersion = {
      versionId: String(found.nextVersionId),
      description,
      settings: settingsOf(found),
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
    };
    return {
      record: { ...found, nextVersionId: found.nextVersionId + 1 },
      writes: [VERSIONS.put(version, 'absent', key, version.versionId)],
      result: version,
    };
  });
}
