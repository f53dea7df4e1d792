/** Synchronous invocations: never stored, they share the function's concurrency and its instances with queued work. */
import { FcError } from '../core/errors.ts';
import type { Execution } from '../core/outcome.ts';
import type { Runnable } from '../core/resources.ts';
import type { PayloadForm } from '../core/task.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import type { FunctionWindow, FunctionWindows } from './function-windows.ts';
import { instanceSpec } from './instance-spec.ts';
import type { SyncPlaces, TakenPlace } from './sync-places.ts';

/** How long a caller waits for an instance before it is told that there is no capacity. */
const ACQUIRE_MS_MAX = 10_000;

export interface SyncCall {
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly payloadForm: PayloadForm;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface SyncInvokerOptions {
  /** Undefined where this node alone uses the store: its own count is enough then. */
  readonly places: SyncPlaces | undefined;
  /** An execution is over. */
  readonly ended: (window: FunctionWindow) => void;
}

interface Bounds {
  readonly ending: AbortSignal;
  readonly place?: TakenPlace;
}

export class SyncInvoker {
  readonly #context: DispatcherContext;
  readonly #windows: FunctionWindows;
  readonly #options: SyncInvokerOptions;
  readonly #running = new Map<AbortController, Runnable>();
  #drained: (() => void)[] = [];
  #ended = false;

  constructor(context: DispatcherContext, windows: FunctionWindows, options: SyncInvokerOptions) {
    this.#context = context;
    this.#windows = windows;
    this.#options = options;
  }

  /** Rejects with `ResourceExhausted` at the function's limit. A caller that goes away gives up its place; what already runs goes on, as in FC. */
  async invoke(runnable: Runnable, call: SyncCall): Promise<Execution> {
    if (this.#ended) throw new FcError('ResourceThrottled', 'this node is ending; try again');
    const window = this.#windows.of(runnable);
    const isCountedHere = this.#options.places === undefined;
    if (isCountedHere && window.syncWouldExceed(runnable.policy)) throw this.#exhausted(runnable);
    const ending = new AbortController();
    this.#running.set(ending, runnable);
    window.syncActive += 1;
    try {
      return await this.#runInPlace(runnable, call, ending.signal);
    } finally {
      this.#running.delete(ending);
      if (this.#running.size === 0) for (const resolve of this.#drained.splice(0)) resolve();
      window.syncActive -= 1;
      this.#options.ended(window);
    }
  }

  abortAll(select: (runnable: Runnable) => boolean = () => true): void {
    for (const [ending, runnable] of this.#running) if (select(runnable)) ending.abort('shutdown');
  }

  /** Ends what has places: they go with the lease. */
  abortPlaced(): void {
    if (this.#options.places !== undefined) this.abortAll(({ policy }) => policy.concurrencyMax !== null);
  }

  /** Resolves when nothing runs. From then on nothing begins: the places go with the lease, which ends next. */
  async end(): Promise<void> {
    while (this.#running.size > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
    this.#ended = true;
  }

  async #runInPlace(runnable: Runnable, call: SyncCall, ending: AbortSignal): Promise<Execution> {
    const { concurrencyMax } = runnable.policy;
    const { places } = this.#options;
    if (places === undefined || concurrencyMax === null) return await this.#run(runnable, call, { ending });
    const place = await places.take(runnable, call.requestId, concurrencyMax);
    if (place === undefined) throw this.#exhausted(runnable);
    try {
      return await this.#run(runnable, call, { ending, place });
    } finally {
      await place.free(); // before the answer: who has it may call again at once
    }
  }

  #exhausted(runnable: Runnable): FcError {
    this.#context.metrics.throttled(runnable, 'concurrency');
    const limit = String(runnable.policy.concurrencyMax);
    return new FcError(
      'ResourceExhausted',
      `function '${runnable.functionName}' already runs as often as its reservedConcurrency of ${limit} allows`,
    );
  }

  async #run(runnable: Runnable, call: SyncCall, { ending, place }: Bounds): Promise<Execution> {
    const { pool, clock, metrics, settings } = this.#context;
    const patience = new AbortController();
    const cancel = clock.setTimer(ACQUIRE_MS_MAX, () => {
      patience.abort('shutdown');
    });
    const signal = AbortSignal.any([call.signal, ending, patience.signal]);
    const acquired = await pool.acquire(instanceSpec(runnable, settings.region), {
      urgency: 'sync',
      ahead: false,
      signal,
    });
    cancel();
    if (acquired.kind === 'none') {
      if (patience.signal.aborted) metrics.throttled(runnable, 'resource');
      return acquired.execution;
    }
    const { lease } = acquired;
    if (place?.isHeld() === false) {
      lease.release();
      throw new StoreUnavailable('this node lost touch with the others before an instance was had; try again');
    }
    const { requestId, payload, payloadForm } = call;
    const invocation = { requestId, payload, payloadForm, qualifier: runnable.qualifier, retryCount: 0, taskId: null };
    const execution = await lease.invoke(invocation, ending);
    lease.release();
    const { outcome, durationMs, coldStart } = execution;
    metrics.invocation(runnable, 'sync');
    metrics.attemptEnded(runnable, { kind: outcome.kind, durationMs, coldStart });
    return execution;
  }
}
