/** A runtime without processes, and a clock that stands still: for tests of the pool. */
import type { Clock } from '../../core/clock.ts';
import type { Execution, Outcome } from '../../core/outcome.ts';
import type { FunctionRuntime, Instance, Started } from '../instance.ts';
import type { EndSignal, InstanceSpec } from '../runtime.ts';

export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Runs what is due on the way, letting promises settle after each step. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settled();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      const due = next;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.callback();
      await settled();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number) {
    const due = this.#timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
    return due[0];
  }
}

/** Resolves when all promises that can settle have. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Starts take `startMs`, ends take `endMs`, executions what their payload says, in milliseconds. */
export class FakeRuntime implements FunctionRuntime {
  readonly names = ['fake'];
  readonly live = new Map<string, FakeInstance>();
  readonly startedKeys: string[] = [];
  startMs = 100;
  endMs = 0;
  /** What starts come to instead. */
  failure: Outcome | undefined;
  concurrency = 1;
  aheadMax = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  start(spec: InstanceSpec, instanceId: string, signal: AbortSignal): Promise<Started> {
    this.startedKeys.push(spec.key);
    return new Promise((resolve) => {
      const none = (outcome: Outcome): void => resolve({ kind: 'none', outcome, logTail: '', maxMemoryMb: 0 });
      const cancel = this.#clock.setTimer(this.startMs, () => {
        if (this.failure !== undefined) none(this.failure);
        else resolve({ kind: 'instance', instance: this.#create(spec, instanceId) });
      });
      signal.addEventListener('abort', () => {
        cancel();
        none({ kind: 'interrupted' });
      });
    });
  }

  liveOf(key: string): number {
    return [...this.live.values()].filter((instance) => instance.key === key).length;
  }

  #create(spec: InstanceSpec, instanceId: string): FakeInstance {
    const instance = new FakeInstance(this.#clock, {
      key: spec.key,
      instanceId,
      concurrency: this.concurrency,
      aheadMax: this.aheadMax,
    });
    this.live.set(instanceId, instance);
    void instance.unusable.then(() => {
      this.#clock.setTimer(this.endMs, () => {
        this.live.delete(instanceId);
        instance.becomeGone();
      });
    });
    return instance;
  }
}

export class FakeInstance implements Instance {
  readonly key: string;
  readonly instanceId: string;
  readonly concurrency: number;
  readonly aheadMax: number;
  readonly unusable: Promise<void>;
  readonly gone: Promise<void>;
  die: () => void = () => {};
  becomeGone: () => void = () => {};
  readonly #clock: FakeClock;

  constructor(clock: FakeClock, is: Pick<FakeInstance, 'key' | 'instanceId' | 'concurrency' | 'aheadMax'>) {
    this.#clock = clock;
    this.key = is.key;
    this.instanceId = is.instanceId;
    this.concurrency = is.concurrency;
    this.aheadMax = is.aheadMax;
    this.unusable = new Promise((resolve) => (this.die = resolve));
    this.gone = new Promise((resolve) => (this.becomeGone = resolve));
  }

  invoke({ payload }: { readonly payload: Uint8Array }, _signal: EndSignal, onBegin: () => void): Promise<Execution> {
    onBegin();
    const durationMs = Number(Buffer.from(payload).toString());
    const measured = { startedAtMs: this.#clock.now(), durationMs, maxMemoryMb: 1, logTail: '', coldStart: false };
    const outcome: Outcome = { kind: 'returned', result: payload };
    return new Promise((resolve) => {
      this.#clock.setTimer(durationMs, () => resolve({ outcome, instanceId: this.instanceId, ...measured }));
    });
  }

  async retire(): Promise<void> {
    this.die();
    await this.gone;
  }

  async destroy(): Promise<void> {
    this.die();
    await this.gone;
  }
}
