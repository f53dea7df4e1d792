/** A pool whose executions the test ends by hand. */
import type { Execution, Outcome } from '../core/outcome.ts';
import { executionOf } from '../core/task.fixture.ts';
import type {
  Acquired,
  EndReason,
  EndSignal,
  InstanceInfo,
  InstanceLease,
  InstanceSpec,
  Invocation,
  RuntimePool,
} from '../runtime/runtime.ts';

export interface RunningExecution {
  readonly functionName: string;
  /** Of the instance. */
  readonly key: string;
  readonly invocation: Invocation;
  /** Why it was aborted, if it was. */
  readonly endReason: () => EndReason | undefined;
  end(outcome: Outcome): void;
}

export class ScriptedPool implements RuntimePool {
  readonly running: RunningExecution[] = [];
  /** Most executions that ran at once. */
  peak = 0;
  /** What it says that there is. */
  shown: readonly InstanceInfo[] = [];
  /** Executions that may run at once. */
  slots = Number.POSITIVE_INFINITY;
  /** Ends an execution as soon as it begins. */
  answer: ((functionName: string, invocation: Invocation) => Outcome) | undefined;
  readonly #waiting: (() => void)[] = [];

  async acquire(spec: InstanceSpec, { signal }: { readonly signal: EndSignal }): Promise<Acquired> {
    if (this.slots <= 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    }
    if (signal.aborted) return { kind: 'none', execution: executionOf({ kind: 'interrupted' }, { instanceId: '' }) };
    this.slots -= 1;
    return { kind: 'instance', lease: this.#lease(spec) };
  }

  /** More executions may run at once. */
  offer(slots: number): void {
    this.slots += slots;
    for (const tell of this.#waiting.splice(0)) tell();
  }

  retire(): void {
    // Scripted instances have no processes.
  }

  keepUp(): void {
    // Scripted instances come when they are asked for.
  }

  instances(): readonly InstanceInfo[] {
    return this.shown;
  }

  async close(): Promise<void> {
    // Nothing to end.
  }

  #lease(spec: InstanceSpec): InstanceLease {
    let released = false;
    return {
      instanceId: 'c-scripted',
      coldStart: false,
      isBusy: false,
      invoke: (invocation, signal, onBegin) => {
        onBegin?.();
        return this.#invoke(spec, invocation, signal);
      },
      release: () => {
        if (released) return;
        released = true;
        this.slots += 1;
        this.#waiting.shift()?.();
      },
    };
  }

  async #invoke(spec: InstanceSpec, invocation: Invocation, signal: EndSignal): Promise<Execution> {
    const outcome = this.answer?.(spec.functionName, invocation) ?? (await this.#byHand(spec, invocation, signal));
    return executionOf(outcome, { instanceId: 'c-scripted' });
  }

  async #byHand({ functionName, key }: InstanceSpec, invocation: Invocation, signal: EndSignal): Promise<Outcome> {
    return await new Promise((resolve) => {
      const execution: RunningExecution = {
        functionName,
        key,
        invocation,
        endReason: () => (signal.aborted ? (signal.reason as EndReason) : undefined),
        end: (outcome) => {
          this.running.splice(this.running.indexOf(execution), 1);
          resolve(outcome);
        },
      };
      this.running.push(execution);
      this.peak = Math.max(this.peak, this.running.length);
    });
  }
}
