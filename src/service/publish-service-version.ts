/** Freezes a service of 2.0, with the heads of all its functions, as its next version. */
import type { FunctionVersion, ServiceVersion } from '../core/resources.ts';
import { changeService, writesForFunctions } from './change-service.ts';
import { checkEtag } from './etag.ts';
import { settingsOf } from './function-settings.ts';
import { SERVICE_VERSIONS, VERSIONS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface PublishServiceVersionInput {
  readonly serviceName: string;
  readonly description: string;
  /** Entity tag of the service; empty when any will do. */
  readonly ifMatch: string;
}

/**
 * In one commit: a version holds all functions as they were at one moment. Makes a new version even when nothing changed
 * since the last; an id is never given twice, also after a delete.
 */
export async function publishServiceVersion(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, description, ifMatch }: PublishServiceVersionInput,
): Promise<ServiceVersion> {
  const key = { account, serviceName };
  return await changeService(context, key, async (found) => {
    checkEtag(ifMatch, found);
    const nowMs = context.now();
    const versionId = String(found.nextVersionId);
    const named = { versionId, description, createdAtMs: nowMs, modifiedAtMs: nowMs };
    const version: ServiceVersion = {
      ...named,
      settings: { description: found.description, passive: found.passive },
    };
    const writes = await writesForFunctions(context, key, (record) => {
      const frozen: FunctionVersion = { ...named, settings: settingsOf(record) };
      return [VERSIONS.put(frozen, 'absent', record, versionId)];
    });
    return {
      record: { ...found, nextVersionId: found.nextVersionId + 1 },
      writes: [SERVICE_VERSIONS.put(version, 'absent', key, versionId), ...writes],
      result: version,
    };
  });
}
