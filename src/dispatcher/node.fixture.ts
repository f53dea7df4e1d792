/** A node for tests: the real dispatcher on a memory store, a scripted pool and a clock that stands still. */
import { type Acceptance } from '../core/accept.ts';
import { FcError } from '../core/errors.ts';
import { MIB } from '../core/limits.ts';
import type { AsyncConfig, FunctionPolicy, FunctionSettings, Runnable } from '../core/resources.ts';
import { newTask } from '../core/task.fixture.ts';
import type { FunctionKey, Task } from '../core/task.ts';
import { FunctionDestination } from '../destination/function/function-destination.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { type ChangedRecord, type Store, StoreUnavailable } from '../store/store.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { Dispatcher } from './dispatcher.ts';
import { ManualClock, settled } from './manual-clock.fixture.ts';
import { ScriptedPool } from './scripted-pool.fixture.ts';

const SETTINGS: FunctionSettings = {
  runtime: 'nodejs20',
  handler: 'index.handler',
  code: { sha256: '0'.repeat(64), sizeBytes: 1, checksum: '0' },
  timeoutSeconds: 3,
  memoryMb: 128,
  environment: {},
  initializer: null,
  preStop: null,
  description: '',
  instanceConcurrency: 1,
  passive: {},
};

export class TestNode {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly pool = new ScriptedPool();
  readonly dispatcher: Dispatcher;
  /** Of every function. */
  readonly settings = SETTINGS;
  /** Of the code of every function. */
  revision = 0;
  /** Functions that do not exist. */
  readonly gone = new Set<string>();
  /** Functions that were disabled with all that runs. */
  readonly ending = new Set<string>();
  /** Reads of functions that fail, as the store is away. */
  failingReads = 0;
  /** What other nodes' changes it was told of. */
  readonly forgotten: (readonly ChangedRecord[] | null)[] = [];
  readonly policies = new Map<string, FunctionPolicy>();
  /** Asynchronous configurations of destination functions. */
  readonly configs = new Map<string, AsyncConfig>();
  readonly bugs: unknown[] = [];
  #nextId = 1;

  constructor(options: { clock?: ManualClock; store?: Store; nodeId?: string } = {}) {
    this.clock = options.clock ?? new ManualClock();
    this.store = options.store ?? createMemoryStore({ now: () => this.clock.now() });
    this.dispatcher = new Dispatcher({
      store: this.store,
      pool: this.pool,
      destinations: new Map([['fc', this.#functionDestination()]]),
      functions: {
        resolve: async (key, qualifier) => this.#resolve(key, qualifier),
        policy: async (key) => (this.gone.has(key.functionName) ? undefined : this.policyOf(key)),
        mustEnd: async ({ functionName }) => this.#mustEnd(functionName),
        forget: (changed) => this.forgotten.push(changed),
        provisioned: async () => [],
        removeUnusedPackages: async () => undefined,
      },
      clock: this.clock,
      random: () => 0.5,
      logger: silentLogger,
      metrics: createMetrics(),
      nodeId: options.nodeId ?? 'node-1',
      settings: { region: 'local', leaseMs: 30_000, retentionMs: 7 * 86_400_000 },
      onBug: (error) => this.bugs.push(error),
    });
  }

  async start(): Promise<void> {
    await this.dispatcher.start();
    await settled();
  }

  policyOf(key: FunctionKey): FunctionPolicy {
    return this.policies.get(key.functionName) ?? { concurrencyMax: null, disabled: false };
  }

  /**
   * Accepts a task as the operation does: claimed in the accepting commit where there is room.
   *
   * @param sent its payload, by default its id; and the policy that the operation read, by default as it is now
   */
  async accept(
    overrides: Partial<Acceptance> = {},
    sent: { readonly payload?: Uint8Array; readonly policy?: FunctionPolicy } = {},
  ): Promise<Task> {
    const id = `task-${this.#nextId}`;
    this.#nextId += 1;
    const task = newTask({ taskId: id, requestId: id, nowMs: this.clock.now(), ...overrides });
    const { payload = new TextEncoder().encode(id), policy = this.policyOf(task) } = sent;
    const offered = this.dispatcher.reserve(task, policy);
    await this.store.accept([{ task: offered, payload }]);
    if (offered === task) this.dispatcher.stored(task);
    else this.dispatcher.begin({ task: offered, payload });
    await settled();
    return task;
  }

  /** Stores a task that no node knows of, as another node or an earlier life would have. */
  async leaveBehind(task: Task, payload = new Uint8Array()): Promise<void> {
    await this.store.accept([{ task, payload }]);
  }

  async read(task: Pick<Task, 'account' | 'functionName' | 'taskId'>): Promise<Task> {
    const found = await this.store.findTask(task);
    if (found === undefined) throw new Error(`no task ${task.taskId}`);
    return found;
  }

  async advance(byMs: number): Promise<void> {
    await this.clock.advance(byMs);
  }

  #mustEnd(functionName: string): boolean {
    if (this.failingReads > 0) {
      this.failingReads -= 1;
      throw new StoreUnavailable('the store is gone');
    }
    return this.ending.has(functionName);
  }

  #resolve(key: FunctionKey, qualifier: string): Runnable {
    if (this.gone.has(key.functionName))
      throw new FcError('FunctionNotFound', `function '${key.functionName}' does not exist`);
    const { account, functionName } = key;
    const instanceKey = `${functionName}/${this.revision}`;
    return {
      account,
      functionName,
      qualifier,
      versionId: '0',
      instanceKey,
      settings: SETTINGS,
      policy: this.policyOf(key),
    };
  }

  #functionDestination(): FunctionDestination {
    return new FunctionDestination({
      region: 'local',
      documentBytesMax: 4 * MIB,
      newRequestId: () => {
        this.#nextId += 1;
        return `delivery-${this.#nextId}`;
      },
      findTarget: async ({ functionName }) =>
        this.gone.has(functionName) ? undefined : { config: this.configs.get(functionName) },
    });
  }
}

/** A configuration with the given members. */
export function configOf(members: Partial<AsyncConfig>): AsyncConfig {
  return {
    functionName: 'resize',
    qualifier: 'LATEST',
    asyncTask: true,
    maxAsyncRetryAttempts: null,
    maxAsyncEventAgeInSeconds: null,
    onSuccess: null,
    onFailure: null,
    createdAtMs: 0,
    modifiedAtMs: 0,
    ...members,
  };
}

export const RETURNED = { kind: 'returned', result: new TextEncoder().encode('ok') } as const;
export const THREW = {
  kind: 'function-error',
  handled: false,
  document: new TextEncoder().encode('{"errorMessage":"boom"}'),
} as const;
