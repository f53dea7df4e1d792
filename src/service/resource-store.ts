/** Functions and what belongs to them, as they lie in the store. */
import { isAliasName, isFunctionName, isVersionId, LATEST } from '../core/names.ts';
import type { Alias, AsyncConfig, ConcurrencyConfig, FunctionRecord, FunctionVersion } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import type { RecordPath, Records, RecordWrite } from '../store/store.ts';
import type { FunctionSource } from './function-directory.ts';
import { RecordShelf } from './record-shelf.ts';

/** Version ids are stored with leading zeros, so that the order of paths is the order of numbers. */
const VERSION_ID_DIGITS = 10;

export const FUNCTIONS = new RecordShelf<FunctionRecord, [key: FunctionKey]>({
  kind: 'function',
  depth: 2,
  pathOf: functionPath,
});

export const VERSIONS = new RecordShelf<FunctionVersion, [key: FunctionKey, versionId: string]>({
  kind: 'function-version',
  depth: 3,
  pathOf: (key, versionId) =>
    isVersionId(versionId) ? pathUnder(key, versionId.padStart(VERSION_ID_DIGITS, '0')) : undefined,
});

export const ALIASES = new RecordShelf<Alias, [key: FunctionKey, aliasName: string]>({
  kind: 'alias',
  depth: 3,
  pathOf: (key, aliasName) => (isAliasName(aliasName) ? pathUnder(key, aliasName) : undefined),
});

/** A version's configuration lies under its id, an alias' under its name: their grammars do not overlap. */
export const ASYNC_CONFIGS = new RecordShelf<AsyncConfig, [key: FunctionKey, qualifier: string]>({
  kind: 'async-config',
  depth: 3,
  pathOf: (key, qualifier) =>
    qualifier === LATEST || isVersionId(qualifier) || isAliasName(qualifier) ? pathUnder(key, qualifier) : undefined,
});

export const CONCURRENCY_CONFIGS = new RecordShelf<ConcurrencyConfig, [key: FunctionKey]>({
  kind: 'concurrency-config',
  depth: 2,
  pathOf: functionPath,
});

/** The writes that delete a function, as it was read, and all that belongs to it. */
export function deleteFunctionTree(key: FunctionKey, expect: number): readonly RecordWrite[] {
  return [
    FUNCTIONS.delete(expect, key),
    VERSIONS.deleteUnder(key),
    ALIASES.deleteUnder(key),
    ASYNC_CONFIGS.deleteUnder(key),
    CONCURRENCY_CONFIGS.delete('any', key),
  ];
}

/** The reads behind the function directory. */
export function functionSource(records: Records): FunctionSource {
  return {
    findFunction: async (key) => (await FUNCTIONS.find(records, key))?.document,
    findVersion: async (key, versionId) => (await VERSIONS.find(records, key, versionId))?.document,
    findAlias: async (key, aliasName) => (await ALIASES.find(records, key, aliasName))?.document,
    findAsyncConfig: async (key, qualifier) => (await ASYNC_CONFIGS.find(records, key, qualifier))?.document,
    findConcurrency: async (key) =>
      (await CONCURRENCY_CONFIGS.find(records, key))?.document.reservedConcurrency ?? null,
  };
}

function functionPath({ account, functionName }: FunctionKey): RecordPath | undefined {
  return isFunctionName(functionName) ? [account, functionName] : undefined;
}

function pathUnder(key: FunctionKey, name: string): RecordPath | undefined {
  const path = functionPath(key);
  return path && [...path, name];
}
