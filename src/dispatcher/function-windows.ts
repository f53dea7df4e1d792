/**
 * The bounded view that a node has of each function's work: how much of it is in this process, and whether more waits
 * in the store. Nothing here grows with the backlog.
 */
import type { FunctionPolicy } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import type { ClaimedTask } from '../store/store.ts';

/**
 * Claimed tasks of one function that a node holds at once, running ones included. Wide enough that a commit's worth of
 * no-op tasks (some milliseconds at 10,000 a second) is always at hand; narrow enough that a payload of 128 KiB each
 * is bearable.
 */
const WINDOW_TASKS_MAX = 256;
/** Payload bytes of claimed tasks in the process, all functions together, as far as sizes can be foreseen. */
const WINDOW_BYTES_MAX = 64 * 1024 * 1024;
/** As many again for functions that hold nothing: others' payloads are no reason to stand still. */
const FIRST_TASK_BYTES_MAX = 64 * 1024 * 1024;
/** What a task is expected to bring before one of its function was seen: as much as it may by default. */
const PAYLOAD_BYTES_INITIAL = 128 * 1024;
/** By how much that falls with each task that brings less; a larger one raises it at once. */
const EXPECTED_FALL = 1 / 64;

export class FunctionWindow implements FunctionKey {
  readonly account: string;
  readonly functionName: string;
  /** As the claimer last read it; undefined until then. */
  policy: FunctionPolicy | undefined;
  /** How often this node was told that the function, or what bounds it, changed. */
  changes = 0;
  /** Tasks claimed by this node and not yet written back. */
  claimed = 0;
  /** Due tasks in the store that no claim under way asks for, as far as is known; Infinity when there may be any number. */
  waiting = 0;
  /** Tasks asked for by the claim under way. */
  claiming = 0;
  /** Whether the claim under way asks for fewer than wait, or may. */
  leavesSome = false;
  /** That any wait is known from the survey alone. */
  isSurveyed = false;
  /** Synchronous executions on this node. */
  syncActive = 0;
  /** Recorded stops of tasks that this node claimed and has not heard of yet: task id and the claim's fence. */
  readonly stopsAhead = new Map<string, number>();
  /** When the next waiting task is due; Infinity when none is known. */
  nextDueAtMs = Number.POSITIVE_INFINITY;
  /** What the payload of its next task is expected to have. */
  payloadBytesExpected = PAYLOAD_BYTES_INITIAL;

  constructor(key: FunctionKey) {
    this.account = key.account;
    this.functionName = key.functionName;
  }

  /** How many more tasks this node may take. */
  room(policy = this.policy): number {
    if (policy === undefined || policy.disabled) return 0;
    const limit = Math.min(WINDOW_TASKS_MAX, (policy.concurrencyMax ?? Number.POSITIVE_INFINITY) - this.syncActive);
    return Math.max(0, limit - this.claimed - this.claiming);
  }

  /**
   * Asks for what waits, as far as there is room for it and for its payloads; gives how many. What is stored from now on
   * waits anew.
   *
   * @param mayTakeOne whether there is room for the payload of one task if it holds none
   */
  ask(payloadBytesMax: number, mayTakeOne: boolean): number {
    const fitting = Math.floor(payloadBytesMax / this.payloadBytesExpected);
    const asked = Math.min(this.room(), this.waiting, Math.max(fitting, mayTakeOne && this.holdsNothing ? 1 : 0));
    if (asked === 0) return 0;
    this.claiming = asked;
    this.leavesSome = this.waiting > asked;
    this.waiting = 0;
    return asked;
  }

  get holdsNothing(): boolean {
    return this.claimed + this.claiming === 0;
  }

  /** A task with so much is in the process. */
  sawPayload(bytes: number): void {
    const expected = this.payloadBytesExpected;
    this.payloadBytesExpected = Math.max(bytes, expected - expected * EXPECTED_FALL, 1);
  }

  /**
   * Whether there is room for a new task beside all that waits. A few that wait are no reason to hold it back, as they are
   * claimed next: it would need a claim itself, behind which others were held back, and so on for as long as tasks
   * come quickly.
   */
  hasRoomForNew(nowMs: number, policy: FunctionPolicy): boolean {
    const isBehindOthers = this.claiming > 0 && this.leavesSome;
    return !isBehindOthers && this.nextDueAtMs > nowMs && this.room(policy) > this.waiting;
  }

  /** Whether more is here than may run: a limit fell after they were claimed. */
  exceeds({ concurrencyMax }: FunctionPolicy): boolean {
    return concurrencyMax !== null && this.claimed > concurrencyMax;
  }

  /** A claimed task was written back, or was never stored. */
  left(): void {
    this.claimed -= 1;
    if (this.holdsNothing) this.stopsAhead.clear();
  }

  /** Whether a synchronous execution would be over the function's own limit. What is asked for may come at any moment. */
  syncWouldExceed(policy: FunctionPolicy): boolean {
    return policy.concurrencyMax !== null && this.syncActive + this.claimed + this.claiming >= policy.concurrencyMax;
  }

  isIdle(): boolean {
    return (
      this.claimed + this.claiming + this.syncActive === 0 &&
      this.waiting === 0 &&
      this.nextDueAtMs === Number.POSITIVE_INFINITY
    );
  }
}

export class FunctionWindows {
  readonly #windows = new Map<string, FunctionWindow>();
  /** Of claimed tasks. */
  #payloadBytes = 0;

  of(key: FunctionKey): FunctionWindow {
    const name = `${key.account}/${key.functionName}`;
    let window = this.#windows.get(name);
    if (window === undefined) {
      window = new FunctionWindow(key);
      this.#windows.set(name, window);
    }
    return window;
  }

  all(): Iterable<FunctionWindow> {
    return this.#windows.values();
  }

  /** Forgets functions that nothing is known of, so that memory does not grow with functions ever seen. */
  forgetIdle(): void {
    for (const [name, window] of this.#windows) {
      if (window.isIdle()) this.#windows.delete(name);
    }
  }

  /** The payload of a claimed task is in the process. */
  payloadCame(claimed: ClaimedTask): void {
    const bytes = claimed.payload.byteLength;
    this.#payloadBytes += bytes;
    this.of(claimed.task).sawPayload(bytes);
  }

  payloadWent({ payload }: ClaimedTask): void {
    this.#payloadBytes -= payload.byteLength;
  }

  /** Whether a task of this function has room for its payload. */
  hasPayloadRoomFor(window: FunctionWindow): boolean {
    return this.payloadRoomBytes > 0 || (window.holdsNothing && this.firstTaskRoomBytes > 0);
  }

  /** How many bytes of payloads there is still room for. */
  get payloadRoomBytes(): number {
    return Math.max(0, WINDOW_BYTES_MAX - this.#payloadBytes);
  }

  /** The same for functions that hold nothing. */
  get firstTaskRoomBytes(): number {
    return Math.max(0, WINDOW_BYTES_MAX + FIRST_TASK_BYTES_MAX - this.#payloadBytes);
  }
}
