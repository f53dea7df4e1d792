/** Deletes a published version that no alias names. */
import { FcError } from '../core/errors.ts';
import type { FunctionKey } from '../core/task.ts';
import { changeFunction } from './change-function.ts';
import { requireVersion } from './find-function.ts';
import { ALIASES, deleteQualified, VERSIONS } from './resource-store.ts';
import { refuseForService } from './service-rule.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface DeleteVersionInput {
  readonly functionName: string;
  readonly versionId: string;
}

/** With what is configured for it. Rejects with `FunctionNotFound`, `VersionNotFound` or `VersionInUse`. */
export async function deleteVersion(
  context: ServiceContext,
  caller: Caller,
  { functionName, versionId }: DeleteVersionInput,
): Promise<void> {
  const key = { account: caller.account, functionName };
  refuseForService(functionName, 'DeleteServiceVersion');
  await changeFunction(context, key, async () => {
    await requireVersion(context, key, versionId);
    await refuseWhenAliased(context, key, versionId);
    const writes = [VERSIONS.delete('any', key, versionId), ...deleteQualified(key, versionId)];
    return { writes, result: undefined };
  });
  context.engine.changed(key);
  context.engine.provisionChanged();
}

async function refuseWhenAliased({ store }: ServiceContext, key: FunctionKey, versionId: string): Promise<void> {
  for await (const { aliasName, versionId: main, additionalVersionWeight } of ALIASES.all(store, key)) {
    if (main !== versionId && !Object.hasOwn(additionalVersionWeight ?? {}, versionId)) continue;
    throw new FcError(
      'VersionInUse',
      `version '${versionId}' of function '${key.functionName}' is in use by alias '${aliasName}'; change or delete the alias first`,
    );
  }
}
