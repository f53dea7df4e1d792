/**
 * Calls to a process that runs a bootstrap of ours, over its control pipe. What the process says is the word of user
 * code: whatever does not fit ends the trust in it.
 */
import type { Clock } from '../../core/clock.ts';
import type { InstanceLog } from '../log/instance-log.ts';
import type { SupervisedProcess } from '../process/supervised-process.ts';
import type { Frame } from '../framing/frame.ts';
import { FrameChannel } from '../framing/frame-channel.ts';
import {
  type CallHead,
  DONE,
  type DoneHead,
  HELLO,
  INVOKE,
  LEAVE,
  type LoadHead,
  LOG,
  readDoneHead,
  TAKE_BACK,
  type TakeBackHead,
} from '../framing/protocol.ts';
import { type CallEnd, CallLine, type LineCall } from './call-line.ts';

/** A call that goes past the line of invocations. */
export interface FramedCall {
  readonly type: number;
  readonly head: CallHead | LoadHead;
  readonly payload: Uint8Array;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface FramedInvocation extends Omit<LineCall, 'requestId'> {
  readonly head: CallHead;
  readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array();
/** How long what an exited process wrote before is waited for. */
const LAST_WORDS_MS = 200;

/** How long the rest of what the streams said is waited for when a call is over: without progress, and in all. */
const STREAM_SILENCE_MS = 200;
const STREAM_WAIT_MS_MAX = 5_000;

export class FramedProcess {
  readonly #process: SupervisedProcess;
  readonly #log: InstanceLog;
  readonly #clock: Clock;
  readonly #channel: FrameChannel;
  readonly #calls = new Map<string, (end: CallEnd) => void>();
  readonly #line: CallLine;
  #lost: CallEnd | undefined;
  #saidHello = false;
  #maxMemoryKb = 0;
  /** Resolves when it exited or broke the protocol; no call can be made after it. */
  readonly lost: Promise<CallEnd>;
  #resolveLost: (end: CallEnd) => void;

  constructor(process: SupervisedProcess, log: InstanceLog, clock: Clock) {
    this.#process = process;
    this.#log = log;
    this.#clock = clock;
    const { promise, resolve } = Promise.withResolvers<CallEnd>();
    this.lost = promise;
    this.#resolveLost = resolve;
    this.#channel = new FrameChannel(process.control, {
      onFrame: (frame) => this.#take(frame),
      onBroken: (reason) => this.#lose({ kind: 'broken', reason }),
    });
    this.#line = new CallLine({
      clock,
      takeBack: (requestId) => this.#channel.sendLater(TAKE_BACK, { requestId } satisfies TakeBackHead, NOTHING),
    });
    // An answer that is still in the pipe must not be taken for none.
    void process.exited.then(async (exit) => {
      await this.#channel.ended(LAST_WORDS_MS, clock);
      this.#lose({ kind: 'exited', exit });
    });
  }

  /** Whether the bootstrap came up; before that an exit says nothing about the user's code, only about the settings. */
  get saidHello(): boolean {
    return this.#saidHello;
  }

  /** Whether what starts the bootstrap came as far as that. */
  get reachedProgram(): boolean {
    return this.#process.reachedProgram;
  }

  /** The most that the process ever held, as far as it is known. */
  get maxMemoryMb(): number {
    return Math.max(Math.ceil(this.#maxMemoryKb / 1024), this.#lost ? 0 : this.#process.peakMemoryMb());
  }

  /** Whether it takes no more calls. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** As last reported; cheap. */
  get reportedMemoryMb(): number {
    return Math.ceil(this.#maxMemoryKb / 1024);
  }

  async call(call: FramedCall): Promise<CallEnd> {
    const end = await this.#exchange(call);
    await this.readStreams(end);
    return end;
  }

  /** Sends an invocation; it begins when those before it are over. */
  invoke({ head, payload, ...call }: FramedInvocation): void {
    if (this.#lost !== undefined) {
      call.onEnd({ kind: 'not-begun' });
      return;
    }
    if (this.#line.isEmpty) this.#channel.send(INVOKE, head, payload);
    else this.#channel.sendLater(INVOKE, head, payload);
    this.#line.add({ ...call, requestId: head.requestId });
  }

  /** Resolves when what the bootstrap counted up to this end is read; undefined when it is. */
  readStreams(end: CallEnd): Promise<void> | undefined {
    return end.kind === 'done' && !this.#log.hasRead(end.head) ? this.#readRest(end.head) : undefined;
  }

  #exchange({ type, head, payload, timeoutMs, signal }: FramedCall): Promise<CallEnd> {
    if (this.#lost !== undefined) return Promise.resolve(this.#lost);
    return new Promise((resolve) => {
      const settle = (end: CallEnd): void => {
        cancelTimer();
        signal?.removeEventListener('abort', abort);
        // A call that was given up may still be answered while the instance ends.
        if (end.kind === 'aborted' || end.kind === 'timed-out') this.#calls.set(head.requestId, ignoreEnd);
        else this.#calls.delete(head.requestId);
        resolve(end);
      };
      const abort = (): void => settle({ kind: 'aborted', reason: signal?.reason });
      const cancelTimer = this.#clock.setTimer(timeoutMs, () => settle({ kind: 'timed-out', timeoutMs }));
      signal?.addEventListener('abort', abort);
      this.#calls.set(head.requestId, settle);
      this.#channel.send(type, head, payload);
    });
  }

  #take(frame: Frame): void {
    if (frame.type === LOG) this.#log.line(frame.payload.toString());
    else if (frame.type === DONE) this.#done(frame);
    else if (frame.type === HELLO && !this.#saidHello) this.#saidHello = true;
    else if (frame.type === LEAVE) this.#lose({ kind: 'left' });
    else this.#lose({ kind: 'broken', reason: `a frame of type ${frame.type}` });
  }

  #done(frame: Frame): void {
    const head = readDoneHead(frame.head);
    if (head === undefined || !this.#answer(head, frame.payload)) {
      this.#lose({ kind: 'broken', reason: 'a result that nobody waits for' });
    }
  }

  #answer(head: DoneHead, payload: Buffer): boolean {
    this.#maxMemoryKb = Math.max(this.#maxMemoryKb, head.maxMemoryKb);
    const settle = this.#calls.get(head.requestId);
    if (settle === undefined) return this.#line.answer(head, payload);
    settle({ kind: 'done', head, payload });
    return true;
  }

  #lose(end: CallEnd): void {
    if (this.#lost !== undefined) return;
    this.#lost = end;
    for (const settle of [...this.#calls.values()]) settle(end);
    this.#line.lose(end);
    this.#resolveLost(end);
  }

  /** What the bootstrap counted may still be in the pipes. Bounded: the counts are the word of user code too. */
  #readRest(head: DoneHead): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        cancelSilence();
        cancelWait();
        this.#log.onRead = undefined;
        resolve();
      };
      const cancelWait = this.#clock.setTimer(STREAM_WAIT_MS_MAX, finish);
      let cancelSilence = this.#clock.setTimer(STREAM_SILENCE_MS, finish);
      this.#log.onRead = () => {
        cancelSilence();
        if (this.#log.hasRead(head)) finish();
        else cancelSilence = this.#clock.setTimer(STREAM_SILENCE_MS, finish);
      };
    });
  }
}

function ignoreEnd(): void {
  // Nobody waits for it any more.
}
