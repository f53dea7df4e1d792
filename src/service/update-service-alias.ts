/** Points an alias of a service elsewhere, or changes its weights or description. */
import type { Alias } from '../core/resources.ts';
import { storedWeights } from './alias-target.ts';
import { changeService } from './change-service.ts';
import { checkServiceAlias } from './create-service-alias.ts';
import { checkEtag } from './etag.ts';
import { requireServiceAlias } from './find-service.ts';
import { SERVICE_ALIASES } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

/** Absent members keep their value. */
export interface UpdateServiceAliasInput {
  readonly serviceName: string;
  readonly aliasName: string;
  readonly versionId?: string;
  readonly description?: string;
  /** Replaced as a whole; empty removes the weights. */
  readonly additionalVersionWeight?: Readonly<Record<string, number>>;
  /** Entity tag; empty when any will do. */
  readonly ifMatch: string;
}

/** Rejects with `…NotFound`, `PreconditionFailed`, or as `checkWeights` does. */
export async function updateServiceAlias(
  context: ServiceContext,
  { account }: Caller,
  input: UpdateServiceAliasInput,
): Promise<Alias> {
  const { serviceName, aliasName, ifMatch, ...change } = input;
  const key = { account, serviceName };
  return await changeService(context, key, async () => {
    const found = await requireServiceAlias(context, key, aliasName);
    checkEtag(ifMatch, found);
    const alias: Alias = {
      ...found,
      ...change,
      additionalVersionWeight: storedWeights(change.additionalVersionWeight ?? found.additionalVersionWeight),
      modifiedAtMs: context.now(),
    };
    await checkServiceAlias(context, key, alias);
    return { writes: [SERVICE_ALIASES.put(alias, 'any', key, aliasName)], result: alias };
  });
}
