/** The main thread's end of one of the two threads: calls that are made close together travel in one packet. */
import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../store.ts';
import { type BytesRef, bytesAt, type Packet, PacketBytes } from './packet.ts';
import type { Failure, FromThread, PackedAnswer, PackedCall, ToThread } from './thread-protocol.ts';

/** Reads the bytes that an answer refers to. */
export type ReadBytes = (ref: BytesRef) => Uint8Array;

interface Pending {
  /** On the monotonic clock. */
  readonly calledAtMs: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly decode: (answer: never, read: ReadBytes) => unknown;
}

export interface ThreadLinkOptions {
  readonly thread: URL;
  readonly settings: unknown;
  /** A call that the thread did not answer before it died may have been done. */
  readonly writes: boolean;
  /** Messages other than answers, and the commits that answers tell of. */
  readonly onMessage: (message: FromThread) => void;
}

/**
 * A packet leaves when the turn of the event loop ends, or with so many calls. Under load a turn takes milliseconds, and
 * until the turn was over the thread had nothing to do; then the main thread had nothing, and so by turns: of two
 * processors 1.4 were busy at 64 and at 256 connections, with this 1.6. Packets of 8 cost more than they gained.
 */
const CALLS_A_PACKET = 32;

/**
 * One is worked on, and one lies ready. What comes meanwhile gathers, however many turns it takes: small packets by the
 * dozen cost a waking each (3 us of 80 a task).
 */
const PACKETS_UNDER_WAY = 2;

export class ThreadLink<O extends Record<keyof O, [unknown, unknown]>> {
  readonly #options: ThreadLinkOptions;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  /** The last call of each packet that is not answered yet. */
  readonly #underWay: number[] = [];
  readonly #exited: Promise<void>;
  #calls: PackedCall[] = [];
  #bytes = new PacketBytes();
  #lastCallId = 0;
  #broken: StoreUnavailable | undefined;
  #closing = false;
  #onIdle: (() => void) | undefined;

  constructor(options: ThreadLinkOptions) {
    this.#options = options;
    this.#worker = new Worker(options.thread, { workerData: options.settings });
    this.#worker.on('message', (message: FromThread) => this.#receive(message));
    const exited = Promise.withResolvers<undefined>();
    this.#exited = exited.promise;
    const died = (reason: string): void => options.onMessage({ kind: 'fatal', reason });
    this.#worker.on('error', (error: unknown) => died(String(error)));
    this.#worker.on('exit', () => {
      if (!this.#closing) died('a thread of the store ended');
      exited.resolve(undefined);
    });
  }

  /**
   * @param encode gives the input; bytes that it adds must stay as they are until the call is answered
   * @param decode reads the answer; bytes that it keeps share the packet's buffer
   */
  call<K extends keyof O & string, T>(
    operation: K,
    encode: (bytes: PacketBytes) => O[K][0],
    decode: (answer: O[K][1], read: ReadBytes) => T,
  ): Promise<T> {
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise<T>((resolve, reject) => {
      this.#lastCallId += 1;
      if (this.#calls.length === 0) this.#postSoon();
      this.#calls.push([this.#lastCallId, operation, encode(this.#bytes)]);
      this.#pending.set(this.#lastCallId, {
        calledAtMs: performance.now(),
        resolve: resolve as Pending['resolve'],
        reject,
        decode,
      });
      if (this.#calls.length === CALLS_A_PACKET) this.#post();
    });
  }

  /** How long the oldest call has waited; 0 when none waits. */
  waitMs(): number {
    for (const { calledAtMs } of this.#pending.values()) return performance.now() - calledAtMs;
    return 0;
  }

  /** Rejects what is pending and all that comes. */
  break(reason: string): void {
    this.#broken = new StoreUnavailable(reason);
    const unanswered = new StoreUnavailable(reason, { outcomeUnknown: this.#options.writes });
    for (const { reject } of this.#pending.values()) reject(unanswered);
    this.#pending.clear();
    this.#calls = [];
    this.#onIdle?.();
  }

  /** Resolves once every call is answered and the thread has ended. */
  async close(): Promise<void> {
    while (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#closing = true;
    if (this.#broken) await this.#worker.terminate();
    else this.#worker.postMessage({ kind: 'close' } satisfies ToThread);
    this.#broken ??= new StoreUnavailable('the store is closed');
    await this.#exited;
  }

  #postSoon(): void {
    setImmediate(() => {
      if (this.#calls.length > 0 && this.#underWay.length < PACKETS_UNDER_WAY) this.#post();
    });
  }

  #post(): void {
    this.#underWay.push(this.#lastCallId);
    const packet = this.#bytes.pack(this.#calls);
    this.#calls = [];
    this.#bytes = new PacketBytes();
    this.#worker.postMessage({ kind: 'calls', packet } satisfies ToThread, [packet.bytes.buffer]);
  }

  #receive(message: FromThread): void {
    if (message.kind === 'answers') this.#settle(message.packet);
    if (message.kind === 'not-opened') this.#closing = true;
    this.#options.onMessage(message);
  }

  #settle(packet: Packet): void {
    const read: ReadBytes = (ref) => bytesAt(packet, ref);
    for (const [callId, answer, failure] of JSON.parse(packet.text) as PackedAnswer[]) {
      const pending = this.#pending.get(callId);
      if (pending === undefined) continue;
      this.#pending.delete(callId);
      if (failure === undefined) settleWith(pending, () => pending.decode(answer as never, read));
      else pending.reject(errorOf(failure));
    }
    this.#noteAnswered();
    if (this.#pending.size === 0) this.#onIdle?.();
  }

  /** Calls are answered in the order of their packets, those of one packet at times in several parts. */
  #noteAnswered(): void {
    for (let [last] = this.#underWay; last !== undefined && !this.#pending.has(last); [last] = this.#underWay)
      this.#underWay.shift();
    if (this.#calls.length > 0) this.#postSoon();
  }
}

/** A row that cannot be read fails its own call and no other. */
function settleWith({ resolve, reject }: Pending, decode: () => unknown): void {
  try {
    resolve(decode());
  } catch (error) {
    reject(error instanceof Error ? error : new Error(String(error)));
  }
}

function errorOf({ kind, message }: Failure): Error {
  return kind === 'unavailable' ? new StoreUnavailable(message) : new Error(`the store failed: ${message}`);
}
