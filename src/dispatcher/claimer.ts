/**
 * Takes due tasks from the store into the node's windows. A function asks for no more than its window has room for,
 * so one with a million waiting tasks takes no more of a round than one with three: that is the fair share of claims;
 * the fair share of instances is the pool's.
 */
import type { FunctionKey } from '../core/task.ts';
import { type ClaimedTask, type ClaimRequest, StoreUnavailable } from '../store/store.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import { createDuty, type Duty } from './duty.ts';
import type { FunctionWindow, FunctionWindows } from './function-windows.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { Reconciler } from './reconciler.ts';

/**
 * The net below the wake-ups: how often the store is asked which functions have waiting tasks. A round costs one
 * index probe a function.
 */
const POLL_MS = 1_000;

export interface ClaimerOptions {
  /** What is claimed without a good lease is anybody's. */
  readonly lease: Pick<LeaseKeeper, 'isSafe' | 'term'>;
  /** @param term of the lease, when the claim was asked for */
  readonly begin: (claimed: ClaimedTask, term: number) => void;
  /** Undefined where this node alone uses the store. */
  readonly reconciler: Reconciler | undefined;
}

export class Claimer {
  readonly #context: DispatcherContext;
  readonly #windows: FunctionWindows;
  readonly #options: ClaimerOptions;
  readonly #rounds: Duty;
  readonly #survey: Duty;
  /** Whether a function was given less than it had room for, because payloads take too much. */
  #wasCut = false;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(context: DispatcherContext, windows: FunctionWindows, options: ClaimerOptions) {
    this.#context = context;
    this.#windows = windows;
    this.#options = options;
    this.#rounds = createDuty(context, 'claimer', POLL_MS, () => this.runOnce());
    this.#survey = createDuty(context, 'waiting survey', POLL_MS, () => this.surveyWaiting());
  }

  start(): void {
    this.#rounds.start();
    this.#survey.start();
  }

  async stop(): Promise<void> {
    this.#cancelTimer?.();
    await Promise.all([this.#rounds.stop(), this.#survey.stop()]);
  }

  /** So many tasks of this function wait in the store, due at this time; Infinity when that is not known. */
  wake(key: FunctionKey, { dueAtMs, count }: { readonly dueAtMs: number; readonly count: number }): void {
    const window = this.#windows.of(key);
    if (dueAtMs > this.#context.clock.now()) {
      window.nextDueAtMs = Math.min(window.nextDueAtMs, dueAtMs);
      this.#armTimer(dueAtMs);
      return;
    }
    window.waiting += count;
    window.isSurveyed = false;
    this.#rounds.wake();
  }

  /** Room was made in a window. */
  roomMade(window: FunctionWindow): void {
    if (window.waiting > 0 || this.#wasCut) this.#rounds.wake();
  }

  async runOnce(): Promise<void> {
    await this.#options.reconciler?.runOnce();
    const windows = this.#ask(await this.#windowsWithRoom());
    if (windows.length === 0) return;
    const requests = windows.map(requestOf);
    try {
      const claimer = { owner: this.#context.nodeId, nowMs: this.#context.clock.now() };
      const { term } = this.#options.lease;
      const claimed = await this.#context.store.claim(requests, claimer);
      for (const task of claimed) this.#options.begin(task, term);
      this.#noteShortage(claimed, windows);
    } catch (error) {
      if (error instanceof StoreUnavailable && error.outcomeUnknown) this.#options.reconciler?.doubt();
      throw error;
    } finally {
      for (const window of windows) window.claiming = 0;
    }
  }

  /** Asks the store which functions have waiting tasks, and when their next is due. */
  async surveyWaiting(): Promise<void> {
    this.#windows.forgetIdle();
    for (const { nextDueAtMs, ...key } of await this.#context.store.waitingFunctions()) {
      const window = this.#windows.of(key);
      // Due ones may be those that are known of: asking for any number would hold new tasks back until it is answered.
      const isKnown = window.waiting + window.claiming > 0 && nextDueAtMs <= this.#context.clock.now();
      this.wake(key, { dueAtMs: nextDueAtMs, count: isKnown ? 0 : Number.POSITIVE_INFINITY });
      window.isSurveyed = !isKnown;
    }
  }

  async #windowsWithRoom(): Promise<FunctionWindow[]> {
    const ready: FunctionWindow[] = [];
    if (!this.#options.lease.isSafe()) return ready;
    for (const window of this.#windows.all()) {
      if (window.waiting === 0) continue;
      // Each time anew, from memory: what was read before a change would claim in vain until the next one. A function
      // that is gone still gives its tasks up: the executor finds them invalid.
      window.policy = (await this.#context.functions.policy(window)) ?? { concurrencyMax: null, disabled: false };
      if (window.room() > 0) ready.push(window);
    }
    return ready;
  }

  /** Those of the windows that ask for something. The room for payloads is shared between them. */
  #ask(ready: readonly FunctionWindow[]): FunctionWindow[] {
    const shareBytes = this.#windows.payloadRoomBytes / ready.length;
    let leftBytes = this.#windows.firstTaskRoomBytes;
    const asking = ready.filter((window) => {
      const asked = window.ask(shareBytes, leftBytes > 0);
      leftBytes -= asked * window.payloadBytesExpected;
      return asked > 0;
    });
    this.#wasCut = asking.length < ready.length;
    return asking;
  }

  #noteShortage(claimed: readonly ClaimedTask[], windows: readonly FunctionWindow[]): void {
    const counts = new Map<FunctionWindow, number>();
    for (const task of claimed) {
      const window = this.#windows.of(task.task);
      counts.set(window, (counts.get(window) ?? 0) + 1);
    }
    let short = false;
    for (const window of windows) {
      const hadAll = (counts.get(window) ?? 0) >= window.claiming;
      if (hadAll && window.leavesSome) window.waiting = Number.POSITIVE_INFINITY;
      // What the survey told and no claim gives, as a task that is too old, is told again by the next one: not at once.
      const isVain = window.isSurveyed && !counts.has(window);
      if (!hadAll && !isVain && !this.#isLimitedElsewhere(window)) short = true;
      window.isSurveyed = false;
    }
    // The store has no more that are due: learn when the next one is.
    if (short) this.#survey.wake();
  }

  /** Its due tasks may wait for what other nodes hold: asking again at once would go on until those have ended. */
  #isLimitedElsewhere({ policy }: FunctionWindow): boolean {
    return this.#context.store.sharing !== null && policy?.concurrencyMax !== null;
  }

  #armTimer(dueAtMs: number): void {
    if (dueAtMs >= this.#timerAtMs) return;
    this.#cancelTimer?.();
    this.#timerAtMs = dueAtMs;
    this.#cancelTimer = this.#context.clock.setTimer(dueAtMs - this.#context.clock.now(), () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.#wakeDue();
    });
  }

  #wakeDue(): void {
    const nowMs = this.#context.clock.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const window of this.#windows.all()) {
      if (window.nextDueAtMs <= nowMs) {
        window.nextDueAtMs = Number.POSITIVE_INFINITY;
        window.waiting = Number.POSITIVE_INFINITY;
      }
      nextMs = Math.min(nextMs, window.nextDueAtMs);
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#armTimer(nextMs);
    this.#rounds.wake();
  }
}

function requestOf({ account, functionName, claiming, policy }: FunctionWindow): ClaimRequest {
  return { account, functionName, limit: claiming, concurrencyMax: policy?.concurrencyMax ?? null };
}
