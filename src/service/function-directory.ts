/**
 * What an invocation needs to know of a function, from memory: the hot path of accept and execute must not read the
 * store. An entry is forgotten with each change made on this node, with each one that another node is known to have
 * made, and after a while anyway. What is not there is always looked for in the store.
 */
import { FcError } from '../core/errors.ts';
import { invariant } from '../core/invariant.ts';
import { LATEST, nameInService, parseQualifier, splitServiceFunction } from '../core/names.ts';
import {
  type Alias,
  type AsyncConfig,
  type FunctionPolicy,
  type FunctionRecord,
  type FunctionSettings,
  type FunctionVersion,
  type HttpTrigger,
  pickVersion,
  type Runnable,
  type ServiceSettings,
} from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import type { ChangedRecord, RecordKind } from '../store/store.ts';
import { qualifierOf } from './qualifier.ts';

/** The reads behind the directory. */
export interface FunctionSource {
  findFunction(key: FunctionKey): Promise<FunctionRecord | undefined>;
  findVersion(key: FunctionKey, versionId: string): Promise<FunctionVersion | undefined>;
  findAlias(key: FunctionKey, aliasName: string): Promise<Alias | undefined>;
  findAsyncConfig(key: FunctionKey, qualifier: string): Promise<AsyncConfig | undefined>;
  /** What the service of a function of 2.0 says for this version, `0` for the head; undefined for a function of 3.0. */
  findService(key: FunctionKey, versionId: string): Promise<SharedSettings | undefined>;
  findTriggers(key: FunctionKey): Promise<readonly HttpTrigger[]>;
  /** Null when the function has no limit of its own. */
  findConcurrency(key: FunctionKey): Promise<number | null>;
}

/** Settings of a service, and when they were set or published. */
export interface SharedSettings extends Pick<ServiceSettings, 'passive'> {
  readonly modifiedAtMs: number;
}

export interface DirectoryOptions {
  readonly source: FunctionSource;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1); picks among the versions of an alias. */
  readonly random: () => number;
  /** How long a change made by another node may go unseen. Infinity where this is the only node. */
  readonly maxAgeMs: number;
}

/** Functions kept at once; beyond it the oldest go. */
const ENTRIES_MAX = 10_000;

/** Reads whose usual answer is that there is none: kept like any other, so that the hot path does not ask again. */
const MAY_BE_ABSENT = /^config\//;

const SERVICE_KINDS: ReadonlySet<RecordKind> = new Set(['service', 'service-version', 'service-alias']);

interface Entry {
  readonly loadedAtMs: number;
  readonly reads: Map<string, Promise<unknown>>;
  /** By qualifier; none of an alias, which may stand for another version each time. */
  readonly runnables: Map<string, Promise<Runnable>>;
}

export class FunctionDirectory {
  readonly #options: DirectoryOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  /**
   * The version that a qualifier stands for, this time: an alias with weights may give another one the next time.
   * Rejects with `FunctionNotFound`, `VersionNotFound`, `AliasNotFound`, or `InvalidArgument` for what can be no qualifier.
   */
  resolve(key: FunctionKey, qualifier: string): Promise<Runnable> {
    const { runnables } = this.#entry(key);
    const known = runnables.get(qualifier);
    if (known !== undefined) return known;
    const resolving = this.#resolve(key, qualifier);
    if (parseQualifier(qualifier)?.kind === 'alias') return resolving;
    runnables.set(qualifier, resolving);
    // Asked again: the store may be there by then, or the function.
    resolving.catch(() => runnables.delete(qualifier));
    return resolving;
  }

  async #resolve(key: FunctionKey, qualifier: string): Promise<Runnable> {
    const record = await this.#function(key);
    if (record === undefined) {
      this.forget(key); // names that somebody makes up must not push out functions that are used
      throw functionNotFound(key.functionName);
    }
    const { versionId, settings } = await this.#version(key, record, qualifier);
    const { account, functionName } = key;
    const service = await this.#service(key, versionId);
    const revision = versionId === '0' ? `${record.revision}` : `v${versionId}`;
    const shared = service === undefined ? '' : `/${service.modifiedAtMs}`;
    return {
      account,
      functionName,
      qualifier: qualifier === '' ? LATEST : qualifier,
      versionId,
      instanceKey: `${record.functionId}/${revision}${shared}`,
      settings: service === undefined ? settings : inService(settings, service),
      policy: await this.#policyOf(key, record),
    };
  }

  async policy(key: FunctionKey): Promise<FunctionPolicy | undefined> {
    const record = await this.#function(key);
    return record && (await this.#policyOf(key, record));
  }

  /** The configuration stored under exactly this qualifier: there is no fallback from an alias to a version or to LATEST. */
  asyncConfig(key: FunctionKey, qualifier: string): Promise<AsyncConfig | undefined> {
    return this.#read(key, `config/${qualifier}`, () => this.#options.source.findAsyncConfig(key, qualifier));
  }

  /** The triggers of a function; none where there is no such function. */
  async triggers(key: FunctionKey): Promise<readonly HttpTrigger[]> {
    if ((await this.#function(key)) !== undefined) {
      return await this.#read(key, 'triggers', () => this.#options.source.findTriggers(key));
    }
    this.forget(key); // as in resolve
    return [];
  }

  /** Invocation is disabled, and what ran then is to end. */
  async mustEnd(key: FunctionKey): Promise<boolean> {
    const restriction = (await this.#function(key))?.restriction;
    return restriction?.disabled === true && restriction.endsRunning;
  }

  /** Forgets what these records say, which another node changed; null when any may have been. */
  forgetChanged(changed: readonly ChangedRecord[] | null): void {
    if (changed === null) {
      this.#entries.clear();
      return;
    }
    for (const { kind, path } of changed) {
      const [account, name] = path;
      if (account === undefined || name === undefined) continue; // no function's, such as a key pair
      if (SERVICE_KINDS.has(kind)) this.forgetService({ account, serviceName: name });
      else this.forget({ account, functionName: name });
    }
  }

  forget(key: FunctionKey): void {
    this.#entries.delete(entryName(key));
  }

  /** Forgets every function of a service of 2.0: its versions or aliases were changed. */
  forgetService({ account, serviceName }: { readonly account: string; readonly serviceName: string }): void {
    const prefix = entryName({ account, functionName: nameInService({ serviceName, functionName: '' }) });
    for (const name of [...this.#entries.keys()]) if (name.startsWith(prefix)) this.#entries.delete(name);
  }

  async #policyOf(key: FunctionKey, record: FunctionRecord): Promise<FunctionPolicy> {
    const concurrencyMax = await this.#read(key, 'concurrency', () => this.#options.source.findConcurrency(key));
    return { concurrencyMax, disabled: record.restriction?.disabled ?? false };
  }

  async #version(
    key: FunctionKey,
    record: FunctionRecord,
    qualifier: string,
  ): Promise<Pick<Runnable, 'versionId' | 'settings'>> {
    const parsed = qualifierOf(qualifier);
    if (parsed.kind === 'latest') return { versionId: '0', settings: record };
    const versionId = parsed.kind === 'version' ? parsed.versionId : await this.#aliased(key, parsed.aliasName);
    const version = await this.#read(key, `version/${versionId}`, () =>
      this.#options.source.findVersion(key, versionId),
    );
    if (version === undefined) throw versionNotFound(key.functionName, versionId);
    return { versionId, settings: version.settings };
  }

  async #service(key: FunctionKey, versionId: string): Promise<SharedSettings | undefined> {
    if (splitServiceFunction(key.functionName) === undefined) return undefined;
    return await this.#read(key, `service/${versionId}`, () => this.#options.source.findService(key, versionId));
  }

  async #aliased(key: FunctionKey, aliasName: string): Promise<string> {
    const alias = await this.#read(key, `alias/${aliasName}`, () => this.#options.source.findAlias(key, aliasName));
    if (alias === undefined) throw aliasNotFound(key.functionName, aliasName);
    return pickVersion(alias, this.#options.random());
  }

  #function(key: FunctionKey): Promise<FunctionRecord | undefined> {
    return this.#read(key, 'function', () => this.#options.source.findFunction(key));
  }

  /** What is known comes as the promise that it came with: a hit makes nothing new. */
  #read<T>(key: FunctionKey, name: string, load: () => Promise<T>): Promise<T> {
    const { reads } = this.#entry(key);
    const known = reads.get(name) as Promise<T> | undefined;
    return known ?? this.#load(reads, name, load());
  }

  async #load<T>(reads: Map<string, Promise<unknown>>, name: string, loading: Promise<T>): Promise<T> {
    reads.set(name, loading);
    try {
      const found = await loading;
      // Another node may make it at any moment, and whoever does expects every node to find it.
      if (found === undefined && !MAY_BE_ABSENT.test(name)) reads.delete(name);
      return found;
    } catch (error) {
      reads.delete(name); // an unavailable store is asked again
      throw error;
    }
  }

  #entry(key: FunctionKey): Entry {
    const name = entryName(key);
    const nowMs = this.#options.now();
    const found = this.#entries.get(name);
    if (found !== undefined && nowMs - found.loadedAtMs < this.#options.maxAgeMs) return found;
    this.#entries.delete(name);
    if (this.#entries.size >= ENTRIES_MAX) this.#forgetOldest();
    const entry: Entry = { loadedAtMs: nowMs, reads: new Map(), runnables: new Map() };
    this.#entries.set(name, entry);
    return entry;
  }

  #forgetOldest(): void {
    const oldest = this.#entries.keys().next();
    invariant(oldest.done !== true, 'a full directory has an oldest entry');
    this.#entries.delete(oldest.value);
  }
}

/** A function of 2.0 has no log of its own: its code is told its service's. */
function inService(settings: FunctionSettings, { passive: { logConfig } }: SharedSettings): FunctionSettings {
  return logConfig === undefined ? settings : { ...settings, passive: { logConfig, ...settings.passive } };
}

function entryName(key: FunctionKey): string {
  return `${key.account}/${key.functionName}`;
}

export function functionNotFound(name: string): FcError {
  const split = splitServiceFunction(name);
  return split === undefined
    ? new FcError('FunctionNotFound', `function '${name}' does not exist`)
    : new FcError(
        'FunctionNotFound',
        `function '${split.functionName}' does not exist in service '${split.serviceName}'`,
      );
}

export function versionNotFound(name: string, versionId: string): FcError {
  const split = splitServiceFunction(name);
  if (split === undefined)
    return new FcError('VersionNotFound', `version '${versionId}' of function '${name}' does not exist`);
  const { serviceName, functionName } = split;
  return new FcError(
    'VersionNotFound',
    `version '${versionId}' of service '${serviceName}' does not exist, or was published without function '${functionName}'`,
  );
}

export function aliasNotFound(name: string, aliasName: string): FcError {
  const split = splitServiceFunction(name);
  const owner = split === undefined ? `function '${name}'` : `service '${split.serviceName}'`;
  return new FcError('AliasNotFound', `alias '${aliasName}' of ${owner} does not exist`);
}
