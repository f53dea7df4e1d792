/** Deletes a published version of a service of 2.0 that no alias names. */
import { FcError } from '../core/errors.ts';
import { changeService, writesForFunctions } from './change-service.ts';
import { requireServiceVersion } from './find-service.ts';
import {
  deleteQualified,
  functionsOf,
  SERVICE_ALIASES,
  SERVICE_VERSIONS,
  type ServiceKey,
  VERSIONS,
} from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface DeleteServiceVersionInput {
  readonly serviceName: string;
  readonly versionId: string;
}

/**
 * With what it froze of each function, and what is configured of them for it. Rejects with `ServiceNotFound`,
 * `VersionNotFound` or `VersionInUse`.
 */
export async function deleteServiceVersion(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, versionId }: DeleteServiceVersionInput,
): Promise<void> {
  const key = { account, serviceName };
  await changeService(context, key, async () => {
    await requireServiceVersion(context, key, versionId);
    await refuseWhenAliased(context, key, versionId);
    const writes = await writesForFunctions(context, key, (record) => [
      VERSIONS.delete('any', record, versionId),
      ...deleteQualified(record, versionId),
    ]);
    return { writes: [SERVICE_VERSIONS.delete('any', key, versionId), ...writes], result: undefined };
  });
  for (const { document } of await functionsOf(context.store, key)) context.engine.changed(document);
  context.engine.provisionChanged();
}

async function refuseWhenAliased({ store }: ServiceContext, key: ServiceKey, versionId: string): Promise<void> {
  for await (const { aliasName, versionId: main, additionalVersionWeight } of SERVICE_ALIASES.all(store, key)) {
    if (main !== versionId && !Object.hasOwn(additionalVersionWeight ?? {}, versionId)) continue;
    throw new FcError(
      'VersionInUse',
      `version '${versionId}' of service '${key.serviceName}' is in use by alias '${aliasName}'; change or delete the alias first`,
    );
  }
}
