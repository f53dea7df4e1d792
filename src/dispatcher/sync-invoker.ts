/** Synchronous invocations: never stored, they share the function's concurrency and its instances with queued work. */
import { FcError } from '../core/errors.ts';
import type { Execution } from '../core/outcome.ts';
import type { Runnable } from '../core/resources.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import type { FunctionWindow, FunctionWindows } from './function-windows.ts';
import { instanceSpec } from './instance-spec.ts';

/** How long a caller waits for an instance before it is told that there is no capacity. */
const ACQUIRE_MS_MAX = 10_000;

export interface SyncCall {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

export class SyncInvoker {
  readonly #context: DispatcherContext;
  readonly #windows: FunctionWindows;
  readonly #ended: (window: FunctionWindow) => void;
  readonly #running = new Map<AbortController, Runnable>();

  constructor(context: DispatcherContext, windows: FunctionWindows, ended: (window: FunctionWindow) => void) {
    this.#context = context;
    this.#windows = windows;
    this.#ended = ended;
  }

  /** Rejects with `ResourceExhausted` at the function's limit. A caller that goes away gives up its place; what already runs goes on, as in FC. */
  async invoke(runnable: Runnable, call: SyncCall): Promise<Execution> {
    const window = this.#windows.of(runnable);
    if (window.syncWouldExceed(runnable.policy)) {
      this.#context.metrics.throttled(runnable, 'concurrency');
      const limit = String(runnable.policy.concurrencyMax);
      throw new FcError(
        'ResourceExhausted',
        `function '${runnable.functionName}' already runs as often as its reservedConcurrency of ${limit} allows`,
      );
    }
    const ending = new AbortController();
    this.#running.set(ending, runnable);
    window.syncActive += 1;
    try {
      return await this.#run(runnable, call, ending.signal);
    } finally {
      this.#running.delete(ending);
      window.syncActive -= 1;
      this.#ended(window);
    }
  }

  abortAll(select: (runnable: Runnable) => boolean = () => true): void {
    for (const [ending, runnable] of this.#running) if (select(runnable)) ending.abort('shutdown');
  }

  get active(): number {
    return this.#running.size;
  }

  async #run(runnable: Runnable, call: SyncCall, ending: AbortSignal): Promise<Execution> {
    const { pool, clock, metrics, settings } = this.#context;
    const patience = new AbortController();
    const cancel = clock.setTimer(ACQUIRE_MS_MAX, () => {
      patience.abort('shutdown');
    });
    const signal = AbortSignal.any([call.signal, ending, patience.signal]);
    const acquired = await pool.acquire(instanceSpec(runnable, settings.region), { urgency: 'sync', signal });
    cancel();
    if (acquired.kind === 'none') {
      if (patience.signal.aborted) metrics.throttled(runnable, 'resource');
      return acquired.execution;
    }
    const { lease } = acquired;
    const { requestId, payload } = call;
    const invocation = { requestId, payload, qualifier: runnable.qualifier, retryCount: 0, taskId: null };
    const execution = await lease.invoke(invocation, ending);
    lease.release();
    const { outcome, durationMs, coldStart } = execution;
    metrics.invocation(runnable, 'sync');
    metrics.attemptEnded(runnable, { kind: outcome.kind, durationMs, coldStart });
    return execution;
  }
}
