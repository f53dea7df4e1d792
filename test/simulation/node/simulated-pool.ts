/**
 * A pool whose instances take true time: their processes go on while the node stands still, and end with it. What an
 * execution comes to is drawn when it begins; an abort ends it a moment later, unless it is done before.
 */
import type { Execution, Outcome } from '../../../src/core/outcome.ts';
import type {
  AcquireOptions,
  Acquired,
  EndSignal,
  InstanceLease,
  InstanceSpec,
  Invocation,
  RuntimePool,
} from '../../../src/runtime/runtime.ts';
import type { ExecutionRules } from '../checks/execution-rules.ts';
import type { Executions, ExecutionSeen } from '../checks/executions.ts';
import type { Swarm, SwarmFunction } from '../world/swarm.ts';
import type { World } from '../world/world.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { StartQueue } from './start-queue.ts';

export interface SimulatedPoolOptions {
  readonly world: World;
  readonly process: SimulatedProcess;
  readonly swarm: Swarm;
  readonly isHealed: () => boolean;
  readonly executions: Executions;
  readonly rules: ExecutionRules;
}

interface Running {
  readonly end: (outcome: Outcome, delayMs: number) => void;
  /** Hears of no abort any more: Node holds a signal made of others for as long as somebody listens, and so its world. */
  readonly leave: () => void;
}

const COLD_START_MS_MAX = 200;
/** Until an instance comes to what it was sent ahead, or it is taken back. */
const AHEAD_MS_MAX = 60;
/** Until an aborted process tree is gone. */
const END_MS_MAX = 250;
/** Until a second answer: long enough for a lease to go, and for the task to run elsewhere. */
const SECOND_ANSWER_MS_MAX = 2_000;
/** Until the processes of a crashed node are gone. */
const ORPHAN_MS_MAX = 50;

const encode = (document: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(document));

export class SimulatedPool implements RuntimePool {
  readonly #options: SimulatedPoolOptions;
  readonly #queue: StartQueue;
  readonly #running = new Map<ExecutionSeen, Running>();
  readonly #secondAnswers = new WeakMap<Execution, Promise<Execution>>();

  constructor(options: SimulatedPoolOptions) {
    this.#options = options;
    this.#queue = new StartQueue(options.swarm.slots);
    options.process.onDeath(() => {
      this.#queue.close();
      for (const execution of [...this.#running.keys()]) this.#orphan(execution);
    });
  }

  async acquire(spec: InstanceSpec, { ahead, signal }: AcquireOptions): Promise<Acquired> {
    const { world, swarm, isHealed } = this.#options;
    if (!isHealed() && world.random.chance(swarm.refusalRate)) {
      world.coverage.hit('no capacity was had');
      return this.#none({ kind: 'no-instance', reason: 'the node is full' });
    }
    if (!(await this.#queue.take(signal))) return this.#none({ kind: 'interrupted' });
    const release = this.#queue.releaseOnce();
    await this.#wait(world.random.integer(0, COLD_START_MS_MAX), 'instance is ready');
    if (signal.aborted) {
      release();
      return this.#none({ kind: 'interrupted' });
    }
    return { kind: 'instance', lease: this.#lease(spec, { ahead, release }) };
  }

  keepUp(): void {
    // Simulated instances come when they are asked for.
  }

  retire(): void {
    // Instances of simulated code are all alike.
  }

  instances(): [] {
    return [];
  }

  async close(): Promise<void> {
    for (const { end } of this.#running.values()) end({ kind: 'interrupted' }, 0);
  }

  /** What comes after an answer from the same execution, and is another one; undefined when nothing does. */
  secondAnswer(first: Execution): Promise<Execution> | undefined {
    return this.#secondAnswers.get(first);
  }

  #lease(
    spec: InstanceSpec,
    { ahead, release }: { readonly ahead: boolean; readonly release: () => void },
  ): InstanceLease {
    return {
      instanceId: `c-${this.#options.process.nodeId}`,
      coldStart: true,
      isBusy: ahead,
      invoke: async (invocation, signal, onBegin = ignore) => {
        if (await this.#comesTo(ahead, signal)) return await this.#invoke(spec, invocation, { signal, onBegin });
        return executionOf({ kind: 'interrupted' }, {});
      },
      release,
    };
  }

  /** Whether the instance comes to what it was sent, maybe ahead: in true time, its process needs no server for that. */
  async #comesTo(ahead: boolean, signal: EndSignal): Promise<boolean> {
    const { world, swarm, isHealed, process } = this.#options;
    if (isHealed() || !ahead || !world.random.chance(swarm.aheadRate)) return true;
    await new Promise<void>((resolve) => {
      world.after(world.random.integer(0, AHEAD_MS_MAX), `${process.nodeId} comes to what was sent ahead`, resolve);
    });
    if (process.isAlive && !signal.aborted && world.random.chance(0.5)) return true;
    world.coverage.hit('a task that was sent ahead was taken back');
    await new Promise<void>((resolve) => {
      process.resume('is told that it was taken back', resolve);
    });
    return false;
  }

  #invoke(
    spec: InstanceSpec,
    invocation: Invocation,
    { signal, onBegin }: { readonly signal: EndSignal; readonly onBegin: () => void },
  ): Promise<Execution> {
    const { world, process, swarm } = this.#options;
    const plan = swarm.functions.find(({ name }) => name === spec.functionName) ?? swarm.functions[0];
    const execution = this.#begin(spec, invocation);
    const { outcome, workMs } = this.#draw(plan, execution.executionId);
    return new Promise((resolve) => {
      const startedAtMs = process.clock.now();
      let isTold = false;
      const tellBegin = (): void => {
        if (!isTold) onBegin();
        isTold = true;
      };
      process.resume(`${execution.executionId} begun`, tellBegin);
      const over = (how: Outcome): void => {
        if (!this.#over(execution, how)) return;
        const measured = {
          instanceId: `c-${process.nodeId}`,
          startedAtMs,
          durationMs: world.nowMs - execution.startedAtMs,
        };
        const answer = executionOf(how, measured);
        const tell = (): void => {
          tellBegin(); // what is told of one execution comes in order
          resolve(answer);
        };
        process.resume(`${execution.executionId} answered`, tell);
        if (this.#answersAgain()) {
          const another = { ...answer, outcome: otherThan(how, execution.executionId) };
          const second = this.#answerAgain(execution, another, tell);
          this.#secondAnswers.set(answer, second);
          void second.then(resolve);
        }
      };
      const end = (how: Outcome, delayMs: number): void => {
        world.after(delayMs, `${process.nodeId} ${execution.executionId} ends as ${how.kind}`, () => over(how));
      };
      const abort = (): void => this.#abort(execution, String(signal.reason));
      this.#running.set(execution, { end, leave: () => signal.removeEventListener('abort', abort) });
      end(outcome, workMs);
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort);
    });
  }

  #answersAgain(): boolean {
    const { world, swarm, isHealed } = this.#options;
    return swarm.secondAnswerRate > 0 && !isHealed() && world.random.chance(swarm.secondAnswerRate);
  }

  /** @param tellFirst tells the first answer, unless that is done: after a pause they come at once, and in order all the same */
  #answerAgain(execution: ExecutionSeen, answer: Execution, tellFirst: () => void): Promise<Execution> {
    const { world, process } = this.#options;
    const { executionId, abortedFor, outcome } = execution;
    return new Promise((resolve) => {
      world.after(world.random.integer(0, SECOND_ANSWER_MS_MAX), `${executionId} answers again`, () => {
        process.resume(`${executionId} answered again`, () => {
          tellFirst();
          world.coverage.hit('an execution answered a second time');
          if (abortedFor === 'stop') world.coverage.hit('an execution that was stopped answered a second time');
          else if (abortedFor !== null) world.coverage.hit('an execution that was given up answered a second time');
          if (outcome?.kind === 'timed-out') world.coverage.hit('an execution that timed out answered a second time');
          resolve(answer);
        });
      });
    });
  }

  #begin(spec: InstanceSpec, invocation: Invocation): ExecutionSeen {
    const { world, executions, rules, process } = this.#options;
    const execution: ExecutionSeen = {
      executionId: `x${executions.count + 1}`,
      requestId: invocation.requestId,
      functionName: spec.functionName,
      process,
      startedAtMs: world.nowMs,
      endedAtMs: null,
      outcome: null,
      abortedFor: null,
    };
    world.note(`${process.nodeId} ${execution.executionId} begins for ${invocation.requestId}`);
    rules.begins(execution, invocation);
    executions.begin(execution);
    return execution;
  }

  #abort(execution: ExecutionSeen, reason: string): void {
    const { world } = this.#options;
    execution.abortedFor = reason;
    const outcome: Outcome = reason === 'stop' ? { kind: 'stopped' } : { kind: 'interrupted' };
    this.#running.get(execution)?.end(outcome, world.random.integer(0, END_MS_MAX));
  }

  #orphan(execution: ExecutionSeen): void {
    const { world } = this.#options;
    world.coverage.hit('a node crashed with an attempt under way');
    world.after(world.random.integer(0, ORPHAN_MS_MAX), `${execution.executionId} ends with its node`, () => {
      this.#over(execution, { kind: 'interrupted' });
    });
  }

  /** False when it was over already. */
  #over(execution: ExecutionSeen, outcome: Outcome): boolean {
    const running = this.#running.get(execution);
    if (running === undefined) return false;
    this.#running.delete(execution);
    running.leave();
    this.#options.executions.end(execution, this.#options.world.nowMs, outcome);
    return true;
  }

  #draw(plan: SwarmFunction, executionId: string): { outcome: Outcome; workMs: number } {
    const { random } = this.#options.world;
    const workMs = random.integer(1, plan.workMs);
    const timedOut: Outcome = { kind: 'timed-out', timeoutMs: plan.timeoutMs };
    if (random.chance(plan.hangRate) || workMs >= plan.timeoutMs) return { outcome: timedOut, workMs: plan.timeoutMs };
    if (random.chance(plan.dieRate)) return { outcome: { kind: 'exited', exitCode: 1, signal: null }, workMs };
    if (random.chance(plan.throwRate)) {
      const document = encode({ errorMessage: executionId });
      return { outcome: { kind: 'function-error', handled: random.chance(0.5), document }, workMs };
    }
    return { outcome: { kind: 'returned', result: encode(executionId) }, workMs };
  }

  #none(outcome: Outcome): Acquired {
    return { kind: 'none', execution: executionOf(outcome, { startedAtMs: this.#options.process.clock.now() }) };
  }

  #wait(forMs: number, label: string): Promise<void> {
    const { world, process } = this.#options;
    return new Promise((resolve) => {
      world.after(forMs, `${process.nodeId} ${label}`, () => process.resume(label, resolve));
    });
  }
}

function ignore(): void {
  // Nobody wants to know.
}

/** A success after a failure, and the other way round. */
function otherThan({ kind }: Outcome, executionId: string): Outcome {
  if (kind !== 'returned') return { kind: 'returned', result: encode(executionId) };
  return { kind: 'function-error', handled: true, document: encode({ errorMessage: executionId }) };
}

function executionOf(outcome: Outcome, measured: Partial<Execution>): Execution {
  return {
    outcome,
    instanceId: '',
    startedAtMs: 0,
    durationMs: 0,
    maxMemoryMb: 64,
    logTail: '',
    coldStart: true,
    ...measured,
  };
}
