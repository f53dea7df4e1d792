/** Reads one alias of a service, or lists them by name. */
import type { Alias } from '../core/resources.ts';
import { requireService, requireServiceAlias } from './find-service.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { SERVICE_ALIASES } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface GetServiceAliasInput {
  readonly serviceName: string;
  readonly aliasName: string;
}

/** Rejects with `ServiceNotFound` or `AliasNotFound`. */
export async function getServiceAlias(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, aliasName }: GetServiceAliasInput,
): Promise<Alias> {
  const key = { account, serviceName };
  await requireService(context, key);
  return await requireServiceAlias(context, key, aliasName);
}

export interface ListServiceAliasesInput extends PageRequest {
  readonly serviceName: string;
}

export async function listServiceAliases(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, ...request }: ListServiceAliasesInput,
): Promise<Page<Alias>> {
  const key = { account, serviceName };
  await requireService(context, key);
  return await SERVICE_ALIASES.list(context.store, key, request);
}
