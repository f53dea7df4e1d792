/** Reads a service of 2.0, or what a qualifier of it stands for, from the store itself. */
import { FcError } from '../core/errors.ts';
import type { Alias, ServiceRecord, ServiceVersion } from '../core/resources.ts';
import { qualifierOf } from './qualifier.ts';
import { SERVICE_ALIASES, SERVICE_VERSIONS, type ServiceKey, SERVICES } from './resource-store.ts';
import type { ServiceContext } from './service-context.ts';

/** Rejects with `ServiceNotFound`. */
export async function requireService({ store }: ServiceContext, key: ServiceKey): Promise<ServiceRecord> {
  const found = await SERVICES.find(store, key);
  if (found === undefined) throw serviceNotFound(key.serviceName);
  return found.document;
}

/** Rejects with `VersionNotFound`. */
export async function requireServiceVersion(
  { store }: ServiceContext,
  key: ServiceKey,
  versionId: string,
): Promise<ServiceVersion> {
  const found = await SERVICE_VERSIONS.find(store, key, versionId);
  if (found !== undefined) return found.document;
  throw new FcError('VersionNotFound', `version '${versionId}' of service '${key.serviceName}' does not exist`);
}

/** Rejects with `AliasNotFound`. */
export async function requireServiceAlias(
  { store }: ServiceContext,
  key: ServiceKey,
  aliasName: string,
): Promise<Alias> {
  const found = await SERVICE_ALIASES.find(store, key, aliasName);
  if (found !== undefined) return found.document;
  throw new FcError('AliasNotFound', `alias '${aliasName}' of service '${key.serviceName}' does not exist`);
}

/**
 * The version that a qualifier stands for, an alias for its main one; undefined for LATEST, the unpublished head.
 * Rejects with `VersionNotFound`, `AliasNotFound`, or `InvalidArgument` for what can be no qualifier.
 */
export async function findQualifiedService(
  context: ServiceContext,
  key: ServiceKey,
  qualifier: string,
): Promise<ServiceVersion | undefined> {
  const parsed = qualifierOf(qualifier);
  if (parsed.kind === 'latest') return undefined;
  if (parsed.kind === 'version') return await requireServiceVersion(context, key, parsed.versionId);
  const { versionId } = await requireServiceAlias(context, key, parsed.aliasName);
  return await requireServiceVersion(context, key, versionId);
}

/**
 * What an operation on a function of a service comes to. A function is missing with its service: only then is the
 * service looked for, so that the hot path reads nothing more.
 */
export async function inService<Result>(
  context: ServiceContext,
  key: ServiceKey,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof FcError && error.code === 'FunctionNotFound') await requireService(context, key);
    throw error;
  }
}

export function serviceNotFound(serviceName: string): FcError {
  return new FcError('ServiceNotFound', `service '${serviceName}' does not exist`);
}
