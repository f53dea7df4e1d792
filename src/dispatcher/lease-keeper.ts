/**
 * Keeps this node's lease on what it holds. A node that cannot renew ends its executions before the lease does, by a
 * clock that does not jump: after that another node may run them.
 */
import { StoreUnavailable } from '../store/store.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import { createDuty, type Duty } from './duty.ts';

/** Renewals per lease. */
const RENEWALS = 3;
/** Tries to renew per lease, while they fail: a store that comes back must find the node before its lease is over. */
const TRIES = 30;
/** Part of the lease after which, without a renewal, everything is ended; the rest is for the ending. */
const SAFE_PART = 0.7;

export class LeaseKeeper {
  readonly #context: DispatcherContext;
  readonly #lost: () => void;
  readonly duty: Duty;
  /** On the monotonic clock. */
  #safeUntilMs = Number.NEGATIVE_INFINITY;
  #term = 0;
  #cancelAlarm: (() => void) | undefined;

  /** @param lost called when the lease can no longer be counted on */
  constructor(context: DispatcherContext, lost: () => void) {
    this.#context = context;
    this.#lost = lost;
    const { leaseMs } = context.settings;
    const pauses = { intervalMs: leaseMs / RENEWALS, retryMs: leaseMs / TRIES };
    this.duty = createDuty(context, 'lease keeper', pauses, () => this.runOnce());
  }

  /** Whether the lease is good now: asked before anything is claimed. */
  isSafe(): boolean {
    return this.safeMs > 0;
  }

  /** Another one after each loss of the lease: what was claimed in an earlier term may have gone to another node. */
  get term(): number {
    return this.#term;
  }

  /**
   * Whether what was claimed in this term is still this node's own. Asked before an attempt begins: after a pause the
   * answer to a claim may be looked at before the alarm, or after the lease was renewed.
   */
  holds(term: number): boolean {
    return term === this.#term && this.isSafe();
  }

  /** How long the lease can still be counted on; negative when it cannot. */
  get safeMs(): number {
    return this.#safeUntilMs - this.#context.clock.monotonic();
  }

  async runOnce(): Promise<void> {
    const { store, clock, nodeId, settings } = this.#context;
    // The lease counts from before the store was asked: its answer may be late.
    const askedAtMs = clock.monotonic();
    await store.renewLease(nodeId, settings.leaseMs);
    this.#cancelAlarm?.();
    if (!this.isSafe()) this.#term += 1;
    this.#safeUntilMs = askedAtMs + settings.leaseMs * SAFE_PART;
    this.#cancelAlarm = clock.setTimer(this.safeMs, () => {
      this.#context.logger.error({ nodeId }, 'the lease could not be renewed: ending what runs on this node');
      this.#lost();
    });
  }

  async stop(): Promise<void> {
    await this.duty.stop();
    this.#cancelAlarm?.();
    // Not from the answer on: a late synchronous call that counts on the lease meanwhile would run without a place.
    this.#safeUntilMs = Number.NEGATIVE_INFINITY;
    await this.#end();
  }

  /** With a store that is away the lease ends by itself: that is no reason not to end. */
  async #end(): Promise<void> {
    const { logger, nodeId, store } = this.#context;
    try {
      await store.endLease(nodeId);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      logger.warn(
        { reason: error.message },
        'the lease could not be ended: what this node held waits until it is over',
      );
    }
  }
}
