/** Functions and what belongs to them, as they lie in the store. */
import {
  isAliasName,
  isFunctionName,
  isName,
  isVersionId,
  LATEST,
  nameInService,
  splitServiceFunction,
} from '../core/names.ts';
import type {
  Alias,
  AsyncConfig,
  ConcurrencyConfig,
  FunctionRecord,
  FunctionVersion,
  HttpTrigger,
  ProvisionConfig,
  ServiceRecord,
  ServiceVersion,
  TriggerHost,
} from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import type { RecordPath, Records, RecordWrite } from '../store/store.ts';
import type { FunctionSource, SharedSettings } from './function-directory.ts';
import { RecordShelf, type Stored } from './record-shelf.ts';

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
  pathOf: (key, versionId) => (isVersionId(versionId) ? pathUnder(key, paddedVersionId(versionId)) : undefined),
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
  pathOf: qualifiedPath,
});

export const CONCURRENCY_CONFIGS = new RecordShelf<ConcurrencyConfig, [key: FunctionKey]>({
  kind: 'concurrency-config',
  depth: 2,
  pathOf: functionPath,
});

export const TRIGGERS = new RecordShelf<HttpTrigger, [key: FunctionKey, triggerName: string]>({
  kind: 'trigger',
  depth: 3,
  pathOf: (key, triggerName) => (isName(triggerName) ? pathUnder(key, triggerName) : undefined),
});

/** By the first label of the host name, over all accounts. */
export const TRIGGER_HOSTS = new RecordShelf<TriggerHost, [subdomain: string]>({
  kind: 'trigger-host',
  depth: 1,
  pathOf: (subdomain) => [subdomain],
});

export const PROVISION_CONFIGS = new RecordShelf<ProvisionConfig, [key: FunctionKey, qualifier: string]>({
  kind: 'provision-config',
  depth: 3,
  pathOf: qualifiedPath,
});

/** One service of one account. */
export interface ServiceKey {
  readonly account: string;
  readonly serviceName: string;
}

export const SERVICES = new RecordShelf<ServiceRecord, [key: ServiceKey]>({
  kind: 'service',
  depth: 2,
  pathOf: servicePath,
});

export const SERVICE_VERSIONS = new RecordShelf<ServiceVersion, [key: ServiceKey, versionId: string]>({
  kind: 'service-version',
  depth: 3,
  pathOf: (key, versionId) => (isVersionId(versionId) ? pathUnderService(key, paddedVersionId(versionId)) : undefined),
});

export const SERVICE_ALIASES = new RecordShelf<Alias, [key: ServiceKey, aliasName: string]>({
  kind: 'service-alias',
  depth: 3,
  pathOf: (key, aliasName) => (isAliasName(aliasName) ? pathUnderService(key, aliasName) : undefined),
});

/** The service that a function of 2.0 lies in; undefined for a function of 3.0. */
export function serviceOf({ account, functionName }: FunctionKey): ServiceKey | undefined {
  const split = splitServiceFunction(functionName);
  return split && { account, serviceName: split.serviceName };
}

/** Where an alias of a function lies: with the function in 3.0, with its service in 2.0. */
export async function findAlias(
  records: Records,
  key: FunctionKey,
  aliasName: string,
): Promise<Stored<Alias> | undefined> {
  const service = serviceOf(key);
  return service === undefined
    ? await ALIASES.find(records, key, aliasName)
    : await SERVICE_ALIASES.find(records, service, aliasName);
}

/** Every function of a service, as it was read. */
export async function functionsOf(
  records: Records,
  { account, serviceName }: ServiceKey,
): Promise<readonly Stored<FunctionRecord>[]> {
  const found: Stored<FunctionRecord>[] = [];
  const prefix = nameInService({ serviceName, functionName: '' });
  for await (const { functionName } of FUNCTIONS.all(records, { account }, prefix)) {
    const stored = await FUNCTIONS.find(records, { account, functionName });
    if (stored !== undefined) found.push(stored);
  }
  return found;
}

/** Every trigger of a function. */
export async function triggersOf(records: Records, key: FunctionKey): Promise<readonly HttpTrigger[]> {
  const triggers: HttpTrigger[] = [];
  for await (const trigger of TRIGGERS.all(records, key)) triggers.push(trigger);
  return triggers;
}

/** The writes that delete what is configured for one qualifier of a function: it goes with the qualifier. */
export function deleteQualified(key: FunctionKey, qualifier: string): readonly RecordWrite[] {
  return [ASYNC_CONFIGS.delete('any', key, qualifier), PROVISION_CONFIGS.delete('any', key, qualifier)];
}

/** The writes that delete a function, as it was read, and all that belongs to it. */
export function deleteFunctionTree(key: FunctionKey, expect: number): readonly RecordWrite[] {
  return [
    FUNCTIONS.delete(expect, key),
    VERSIONS.deleteUnder(key),
    ALIASES.deleteUnder(key),
    ASYNC_CONFIGS.deleteUnder(key),
    PROVISION_CONFIGS.deleteUnder(key),
    CONCURRENCY_CONFIGS.delete('any', key),
  ];
}

/** The reads behind the function directory. */
export function functionSource(records: Records): FunctionSource {
  return {
    findFunction: async (key) => (await FUNCTIONS.find(records, key))?.document,
    findVersion: async (key, versionId) => (await VERSIONS.find(records, key, versionId))?.document,
    findAlias: async (key, aliasName) => (await findAlias(records, key, aliasName))?.document,
    findService: async (key, versionId) => await sharedSettings(records, key, versionId),
    findTriggers: async (key) => await triggersOf(records, key),
    findAsyncConfig: async (key, qualifier) => (await ASYNC_CONFIGS.find(records, key, qualifier))?.document,
    findConcurrency: async (key) =>
      (await CONCURRENCY_CONFIGS.find(records, key))?.document.reservedConcurrency ?? null,
  };
}

async function sharedSettings(
  records: Records,
  key: FunctionKey,
  versionId: string,
): Promise<SharedSettings | undefined> {
  const service = serviceOf(key);
  if (service === undefined) return undefined;
  if (versionId === '0') return (await SERVICES.find(records, service))?.document;
  const version = (await SERVICE_VERSIONS.find(records, service, versionId))?.document;
  return version && { passive: version.settings.passive, modifiedAtMs: version.modifiedAtMs };
}

function functionPath({ account, functionName }: FunctionKey): RecordPath | undefined {
  return isFunctionName(functionName) ? [account, functionName] : undefined;
}

function qualifiedPath(key: FunctionKey, qualifier: string): RecordPath | undefined {
  const isOne = qualifier === LATEST || isVersionId(qualifier) || isAliasName(qualifier);
  return isOne ? pathUnder(key, qualifier) : undefined;
}

function pathUnder(key: FunctionKey, name: string): RecordPath | undefined {
  const path = functionPath(key);
  return path && [...path, name];
}

function servicePath({ account, serviceName }: ServiceKey): RecordPath | undefined {
  return isName(serviceName) ? [account, serviceName] : undefined;
}

function pathUnderService(key: ServiceKey, name: string): RecordPath | undefined {
  const path = servicePath(key);
  return path && [...path, name];
}

/** How a version id stands in a path; `''` stays empty. */
export function paddedVersionId(versionId: string): string {
  return versionId === '' ? '' : versionId.padStart(VERSION_ID_DIGITS, '0');
}
