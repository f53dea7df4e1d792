/**
 * Runs calls in batches: all that gathered while the last batch was under way share the next statement, and so its
 * round trip and its commit. A call that the server refuses is separated from its neighbours by running each alone.
 */
import { StoreUnavailable } from '../store.ts';
import { retryWhenLost } from './retry-when-lost.ts';
import { StatementRefused } from './session.ts';

export interface GatheredCallsOptions<Input, Answer> {
  /** What the calls are, as it is told when they are too many. */
  readonly purpose: string;
  /** One answer for each call, in their order. All of the calls are done, or none is. */
  readonly run: (calls: readonly Input[]) => Promise<readonly Answer[]>;
  /** How large a call is, in whatever unit `sizeMax` is. */
  readonly sizeOf: (call: Input) => number;
  /** A batch takes no further call beyond it. */
  readonly sizeMax: number;
  /** Batches that are under way at once. */
  readonly batchesMax?: number;
  /** What a call means; two that have one in common are not done by one statement. */
  readonly keysOf?: (call: Input) => readonly string[];
  readonly onBatch?: (batch: { readonly batchSize: number; readonly durationMs: number }) => void;
}

/** Calls that wait; more are refused at once. */
const WAITING_MAX = 20_000;
/** After which sizes of what waits is too large to keep. */
const WAITING_BATCHES_MAX = 8;

interface GatheredCall<Input, Answer> extends PromiseWithResolvers<Answer> {
  readonly input: Input;
  readonly size: number;
}

export class GatheredCalls<Input, Answer> {
  readonly #options: GatheredCallsOptions<Input, Answer>;
  #waiting: GatheredCall<Input, Answer>[] = [];
  #waitingSize = 0;
  #underWay = 0;
  #isScheduled = false;
  #idle: PromiseWithResolvers<void> | undefined;
  #closed = false;

  constructor(options: GatheredCallsOptions<Input, Answer>) {
    this.#options = options;
  }

  async call(input: Input): Promise<Answer> {
    const { sizeOf, sizeMax, purpose } = this.#options;
    if (this.#closed) throw new StoreUnavailable('the store is closed');
    const size = sizeOf(input);
    const isFull =
      this.#waiting.length >= WAITING_MAX ||
      (this.#waitingSize > 0 && this.#waitingSize + size > WAITING_BATCHES_MAX * sizeMax);
    if (isFull) {
      throw new StoreUnavailable(`the database is too slow: ${this.#waiting.length} ${purpose} wait for it already`);
    }
    const call = { input, size, ...Promise.withResolvers<Answer>() };
    this.#waiting.push(call);
    this.#waitingSize += size;
    this.#schedule();
    return await call.promise;
  }

  /** Resolves once all that was called is settled; calls after it are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#underWay === 0 && this.#waiting.length === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }

  /** Once this turn of the event loop has brought its calls. */
  #schedule(): void {
    if (this.#isScheduled || this.#underWay >= (this.#options.batchesMax ?? 1)) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#runNext();
    });
  }

  async #runNext(): Promise<void> {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    this.#underWay += 1;
    if (this.#waiting.length > 0) this.#schedule();
    await this.#settle(batch);
    this.#underWay -= 1;
    if (this.#waiting.length > 0) this.#schedule();
    else if (this.#underWay === 0) this.#idle?.resolve();
  }

  /** In their order; one that means what an earlier one means waits for the next batch, and others may overtake it. */
  #takeBatch(): GatheredCall<Input, Answer>[] {
    const { sizeMax, keysOf } = this.#options;
    const batch: GatheredCall<Input, Answer>[] = [];
    const left: GatheredCall<Input, Answer>[] = [];
    const keys = new Set<string>();
    let size = 0;
    let place = 0;
    for (const call of this.#waiting) {
      if (batch.length > 0 && size + call.size > sizeMax) break;
      place += 1;
      const ownKeys = keysOf?.(call.input) ?? [];
      const isApart = ownKeys.every((key) => !keys.has(key));
      for (const key of ownKeys) keys.add(key);
      if (!isApart) {
        left.push(call);
        continue;
      }
      size += call.size;
      batch.push(call);
    }
    this.#waiting = [...left, ...this.#waiting.slice(place)];
    this.#waitingSize -= size;
    return batch;
  }

  async #settle(batch: readonly GatheredCall<Input, Answer>[]): Promise<void> {
    try {
      const answers = await this.#run(batch.map((call) => call.input));
      for (const [index, call] of batch.entries()) call.resolve(answers[index] as Answer);
    } catch (error) {
      if (error instanceof StatementRefused && batch.length > 1) {
        for (const call of batch) await this.#settle([call]);
        return;
      }
      for (const call of batch) call.reject(error);
    }
  }

  async #run(inputs: readonly Input[]): Promise<readonly Answer[]> {
    const { run, onBatch } = this.#options;
    const startedAtMs = performance.now();
    const answers = await retryWhenLost(() => run(inputs));
    onBatch?.({ batchSize: inputs.length, durationMs: performance.now() - startedAtMs });
    return answers;
  }
}
