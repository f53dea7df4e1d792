/** Reads a function, or what a qualifier of it stands for, from the store itself: what was just changed is seen. */
import type { FunctionRecord, FunctionVersion } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import { aliasNotFound, functionNotFound, versionNotFound } from './function-directory.ts';
import { qualifierOf } from './qualifier.ts';
import { findAlias, FUNCTIONS, VERSIONS } from './resource-store.ts';
import type { ServiceContext } from './service-context.ts';

/** Rejects with `FunctionNotFound`. */
export async function requireFunction({ store }: ServiceContext, key: FunctionKey): Promise<FunctionRecord> {
  const found = await FUNCTIONS.find(store, key);
  if (found === undefined) throw functionNotFound(key.functionName);
  return found.document;
}

/** Rejects with `VersionNotFound`. */
export async function requireVersion(
  { store }: ServiceContext,
  key: FunctionKey,
  versionId: string,
): Promise<FunctionVersion> {
  const found = await VERSIONS.find(store, key, versionId);
  if (found === undefined) throw versionNotFound(key.functionName, versionId);
  return found.document;
}

/**
 * The version that a qualifier stands for, an alias for its main one; undefined for LATEST, the unpublished head.
 * Rejects with `VersionNotFound`, `AliasNotFound`, or `InvalidArgument` for what can be no qualifier.
 */
export async function findQualified(
  context: ServiceContext,
  key: FunctionKey,
  qualifier: string,
): Promise<FunctionVersion | undefined> {
  const parsed = qualifierOf(qualifier);
  if (parsed.kind === 'latest') return undefined;
  if (parsed.kind === 'version') return await requireVersion(context, key, parsed.versionId);
  const alias = await findAlias(context.store, key, parsed.aliasName);
  if (alias === undefined) throw aliasNotFound(key.functionName, parsed.aliasName);
  return await requireVersion(context, key, alias.document.versionId);
}
