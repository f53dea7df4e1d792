/**
 * The invocations that a process was sent and has not answered. It runs them one at a time, in order; those behind the
 * first were sent ahead, so that the process need not sleep and be woken between two short executions (a write that
 * wakes a process costs 20 us and more on either side, as much as the rest of a no-op call). What was sent ahead can be
 * taken back until the process comes to it, and is, when the first turns out to be slow or the process is to end.
 */
import type { Clock } from '../../core/clock.ts';
import type { DoneHead } from '../framing/protocol.ts';
import type { ExitStatus } from '../process/exit-status.ts';
import type { EndSignal } from '../runtime.ts';

/** How a call ended. Only after `done` and `not-begun` can there be another. */
export type CallEnd =
  | { readonly kind: 'done'; readonly head: DoneHead; readonly payload: Buffer }
  | { readonly kind: 'exited'; readonly exit: ExitStatus }
  /** The process ended by itself before it took the call up. */
  | { readonly kind: 'left' }
  /** The process broke the protocol. */
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number }
  | { readonly kind: 'aborted'; readonly reason: unknown }
  /** It was sent ahead, and the process never came to it. */
  | { readonly kind: 'not-begun' };

export interface LineCall {
  readonly requestId: string;
  readonly timeoutMs: number;
  readonly signal: EndSignal;
  /** The process has come to it. Called before `onEnd`, unless that tells `not-begun`. */
  readonly onBegin: () => void;
  /** Called once. */
  readonly onEnd: (end: CallEnd) => void;
}

export interface CallLineParts {
  readonly clock: Clock;
  /** Asks the process to leave out a call that it has not come to; it answers in either case. */
  readonly takeBack: (requestId: string) => void;
}

/** After so long the first is no short execution, and those behind it are better off with another instance. */
const PATIENCE_MS = 25;

interface Entry {
  readonly call: LineCall;
  readonly abort: () => void;
  state: 'ahead' | 'begun' | 'over';
  /** Only the process can tell now whether it began. */
  takenBack: boolean;
}

export class CallLine {
  readonly #parts: CallLineParts;
  readonly #entries: Entry[] = [];
  /** Monotonic; when the first one became the first. */
  #firstSinceMs = 0;
  /** One timer for all, because nearly every execution ends long before it is due. */
  #watchAtMs = Number.POSITIVE_INFINITY;
  #cancelWatch: (() => void) | undefined;

  constructor(parts: CallLineParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** To be called when the call is on its way to the process. */
  add(call: LineCall): void {
    const entry: Entry = { call, abort: () => this.#abort(entry), state: 'ahead', takenBack: false };
    this.#entries.push(entry);
    call.signal.addEventListener('abort', entry.abort);
    if (this.#entries.length === 1) this.#firstChanged();
    else this.#watch();
  }

  /** What the process says of a call came in; false when it cannot be. */
  answer(head: DoneHead, payload: Buffer): boolean {
    const [first] = this.#entries;
    if (head.end === 'not-begun') return this.#leftOut(head.requestId);
    if (first === undefined || first.call.requestId !== head.requestId) return false;
    this.#begin(first);
    this.#settle(first, { kind: 'done', head, payload });
    this.#entries.shift();
    this.#firstChanged();
    return true;
  }

  /** The process takes no more calls. */
  lose(end: CallEnd): void {
    for (const [index, entry] of this.#entries.splice(0).entries()) {
      // Taken back without an answer, it may have begun; to count it as begun is the safe side.
      if (index === 0) this.#begin(entry);
      this.#settle(entry, index === 0 ? end : { kind: 'not-begun' });
    }
    this.#cancelWatch?.();
  }

  #abort(entry: Entry): void {
    if (entry.state === 'ahead') this.#takeBack(entry);
    else this.#giveUp(entry, { kind: 'aborted', reason: entry.call.signal.reason });
  }

  /** The first is not waited for any more: the process ends, so nothing else may begin in it. */
  #giveUp(entry: Entry, end: CallEnd): void {
    this.#begin(entry);
    this.#settle(entry, end);
    this.#takeBackAhead();
  }

  #takeBackAhead(): void {
    for (const entry of this.#entries) if (entry.state === 'ahead') this.#takeBack(entry);
  }

  #takeBack(entry: Entry): void {
    if (entry.takenBack) return;
    entry.takenBack = true;
    this.#parts.takeBack(entry.call.requestId);
  }

  #leftOut(requestId: string): boolean {
    const index = this.#entries.findIndex(({ call }) => call.requestId === requestId);
    const entry = this.#entries[index];
    if (entry?.takenBack !== true || entry.state === 'begun') return false;
    this.#settle(entry, { kind: 'not-begun' });
    this.#entries.splice(index, 1);
    if (index === 0) this.#firstChanged();
    return true;
  }

  #firstChanged(): void {
    const [first] = this.#entries;
    if (first === undefined) return;
    this.#firstSinceMs = this.#parts.clock.monotonic();
    if (!first.takenBack) this.#begin(first);
    this.#watch();
  }

  #begin(entry: Entry): void {
    if (entry.state !== 'ahead') return;
    entry.state = 'begun';
    entry.call.onBegin();
  }

  #settle(entry: Entry, end: CallEnd): void {
    if (entry.state === 'over') return;
    entry.state = 'over';
    entry.call.signal.removeEventListener('abort', entry.abort);
    entry.call.onEnd(end);
  }

  #watch(): void {
    const dueAtMs = this.#dueAtMs();
    if (dueAtMs >= this.#watchAtMs) return;
    this.#cancelWatch?.();
    this.#watchAtMs = dueAtMs;
    this.#cancelWatch = this.#parts.clock.setTimer(dueAtMs - this.#parts.clock.monotonic(), () => {
      this.#watchAtMs = Number.POSITIVE_INFINITY;
      this.#look();
      this.#watch();
    });
  }

  /** When the first has to be looked at; Infinity when there is nothing to see. */
  #dueAtMs(): number {
    const [first] = this.#entries;
    if (first === undefined) return Number.POSITIVE_INFINITY;
    const isOver = first.state === 'over';
    const timeoutAtMs = isOver ? Number.POSITIVE_INFINITY : this.#firstSinceMs + first.call.timeoutMs;
    const isImpatient = this.#entries.some((entry) => entry !== first && !entry.takenBack);
    return isImpatient ? Math.min(timeoutAtMs, this.#firstSinceMs + PATIENCE_MS) : timeoutAtMs;
  }

  #look(): void {
    const [first] = this.#entries;
    if (first === undefined || this.#parts.clock.monotonic() < this.#dueAtMs()) return;
    const { timeoutMs } = first.call;
    const isLate = this.#parts.clock.monotonic() >= this.#firstSinceMs + timeoutMs;
    if (isLate && first.state !== 'over') this.#giveUp(first, { kind: 'timed-out', timeoutMs });
    else this.#takeBackAhead();
  }
}
