/** Deletes an alias of a service, with what is configured of its functions for it. */
import { changeService, writesForFunctions } from './change-service.ts';
import { checkEtag } from './etag.ts';
import { requireServiceAlias } from './find-service.ts';
import { deleteQualified, SERVICE_ALIASES } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface DeleteServiceAliasInput {
  readonly serviceName: string;
  readonly aliasName: string;
  /** Entity tag; empty when any will do. */
  readonly ifMatch: string;
}

/** Rejects with `ServiceNotFound`, `AliasNotFound` or `PreconditionFailed`. */
export async function deleteServiceAlias(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, aliasName, ifMatch }: DeleteServiceAliasInput,
): Promise<void> {
  const key = { account, serviceName };
  await changeService(context, key, async () => {
    checkEtag(ifMatch, await requireServiceAlias(context, key, aliasName));
    const writes = await writesForFunctions(context, key, (record) => deleteQualified(record, aliasName));
    return { writes: [SERVICE_ALIASES.delete('any', key, aliasName), ...writes], result: undefined };
  });
  context.engine.provisionChanged();
}
