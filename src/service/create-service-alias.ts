/** Gives a published version of a service of 2.0 a name of its own. */
import { FcError, invalidArgument } from '../core/errors.ts';
import { isAliasName, NAME_RULE } from '../core/names.ts';
import type { Alias } from '../core/resources.ts';
import { checkWeights, storedWeights } from './alias-target.ts';
import { changeService } from './change-service.ts';
import { requireServiceVersion } from './find-service.ts';
import { SERVICE_ALIASES, type ServiceKey } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface CreateServiceAliasInput {
  readonly serviceName: string;
  readonly aliasName: string;
  readonly versionId: string;
  readonly description: string;
  /** Version id → share of the invocations in [0, 1]. */
  readonly additionalVersionWeight: Readonly<Record<string, number>> | null;
}

/** Rejects with `ServiceNotFound`, `VersionNotFound`, `AliasAlreadyExists`, `InvalidArgument`, or as `checkWeights` does. */
export async function createServiceAlias(
  context: ServiceContext,
  { account }: Caller,
  input: CreateServiceAliasInput,
): Promise<Alias> {
  const { serviceName, aliasName, versionId, description } = input;
  if (!isAliasName(aliasName)) {
    throw invalidArgument(`aliasName must be ${NAME_RULE}, and not LATEST (actual: '${aliasName}')`);
  }
  const key = { account, serviceName };
  return await changeService(context, key, async () => {
    if ((await SERVICE_ALIASES.find(context.store, key, aliasName)) !== undefined) {
      throw new FcError('AliasAlreadyExists', `alias '${aliasName}' of service '${serviceName}' already exists`);
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
    await checkServiceAlias(context, key, alias);
    return { writes: [SERVICE_ALIASES.put(alias, 'absent', key, aliasName)], result: alias };
  });
}

/** Rejects with `VersionNotFound`, or as `checkWeights` does. */
export async function checkServiceAlias(context: ServiceContext, key: ServiceKey, alias: Alias): Promise<void> {
  for (const versionId of checkWeights(alias)) await requireServiceVersion(context, key, versionId);
}
