/**
 * Runs claimed tasks: finds the code, acquires an instance, invokes it, and hands what came of it to the writer. One
 * entry per claimed task, from the claim until its outcome is written.
 */
import { isNotFound } from '../core/errors.ts';
import type { Runnable } from '../core/resources.ts';
import type { Execution } from '../core/outcome.ts';
import type { FunctionKey, Task, TaskKey } from '../core/task.ts';
import type { EndReason, InstanceLease } from '../runtime/runtime.ts';
import { type ClaimedTask, StoreUnavailable } from '../store/store.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import { Ending } from './ending.ts';
import type { FunctionWindow } from './function-windows.ts';
import { instanceSpec } from './instance-spec.ts';
import type { TaskWriter } from './task-writer.ts';

/**
 * An attempt that is still going after this long is written down as Running; a shorter one is recorded with its end,
 * so that a task on an idle node costs two commits, not three.
 */
const RUNNING_MARK_AFTER_MS = 50;

/** A task that is nearly too old waits where it can be taken back at once: it must not begin when it is. */
const AHEAD_MARGIN_MS = 1_000;

type Claim = TaskKey & { readonly fence: number };

interface Entry extends ClaimedTask {
  readonly name: string;
  task: Task;
  readonly ending: Ending;
  /** Of the lease, when the task was claimed. */
  readonly term: number;
  started: boolean;
}

/** That an attempt goes on for long is written down later, unless it is over by then. */
interface RunningMark {
  readonly cancel: () => void;
  /** Undefined until it began. */
  writing: Promise<void> | undefined;
}

export interface ExecutorEvents {
  /** Whether the lease under which a task was claimed is still good. */
  readonly holds: (term: number) => boolean;
  /** Called once for each begun task, when nothing of it is left in the process. */
  readonly ended: (claimed: ClaimedTask) => void;
  /** What this node knows of a task's function. */
  readonly windowOf: (task: FunctionKey) => Pick<FunctionWindow, 'changes' | 'exceeds'>;
}

export class Executor {
  readonly #context: DispatcherContext;
  readonly #writer: TaskWriter;
  readonly #events: ExecutorEvents;
  readonly #entries = new Map<string, Entry>();
  readonly #runs = new Map<Entry, Promise<void>>();

  constructor(context: DispatcherContext, writer: TaskWriter, events: ExecutorEvents) {
    this.#context = context;
    this.#writer = writer;
    this.#events = events;
  }

  /** @param term of the lease, when the claim was asked for */
  begin(claimed: ClaimedTask, term: number): void {
    const name = entryName(claimed.task);
    const entry: Entry = { ...claimed, name, ending: new Ending(), term, started: false };
    // Claimed again after the lease was lost: what is left of the earlier claim ends first, so that never two run here.
    const earlier = this.#entries.get(name);
    this.#abort(earlier, 'shutdown');
    this.#entries.set(name, entry);
    this.#runs.set(entry, this.#runAfter(earlier && this.#runs.get(earlier), entry));
  }

  /** Whether the task is here under this very claim. */
  has(task: Claim): boolean {
    return this.#entries.get(entryName(task))?.task.fence === task.fence;
  }

  /** Ends the attempt of a task whose stop is recorded. False when the claim that was stopped is not here (yet). */
  stop(task: Claim): boolean {
    // What is left here of an earlier claim says nothing of the one that was stopped.
    if (!this.has(task)) return false;
    this.#abort(this.#entries.get(entryName(task)), 'stop');
    return true;
  }

  /** Gives up waiting for an instance for a task that is past its age limit. A started attempt goes on. */
  expireUnstarted(key: TaskKey): void {
    const entry = this.#entries.get(entryName(key));
    if (entry?.started === false) this.#abort(entry, 'shutdown');
  }

  /** Gives back what waits for an instance. */
  abortUnstarted(): void {
    for (const entry of this.#entries.values()) if (!entry.started) this.#abort(entry, 'shutdown');
  }

  abortAll(reason: EndReason, select: (task: Task) => boolean = () => true): void {
    for (const entry of this.#entries.values()) if (select(entry.task)) this.#abort(entry, reason);
  }

  /** Resolves when nothing runs. */
  async drained(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs.values());
  }

  #abort(entry: Entry | undefined, reason: EndReason): void {
    entry?.ending.abort(reason);
  }

  /** Never rejects. */
  async #runAfter(earlier: Promise<void> | undefined, entry: Entry): Promise<void> {
    try {
      if (earlier !== undefined) await earlier;
      // Again when the function changed while an instance was waited for, or when one that the task was sent to ahead did
      // not come to it.
      for (let isOver = false; !isOver; ) isOver = await this.#attempt(entry);
    } catch (error) {
      // Not written: the record still names this node, and its lapse or the next start rescues it.
      if (!(error instanceof StoreUnavailable)) this.#context.onBug(error);
    } finally {
      if (this.#entries.get(entry.name) === entry) this.#entries.delete(entry.name);
      this.#runs.delete(entry);
      this.#events.ended(entry);
    }
  }

  /** True when the task was dealt with; false when it needs another instance. */
  async #attempt(entry: Entry): Promise<boolean> {
    const window = this.#events.windowOf(entry.task);
    const { changes } = window;
    const runnable = await this.#resolve(entry);
    if (runnable === undefined) return true;
    const ahead = !this.#isNearlyTooOld(entry);
    const options = { urgency: 'async', ahead, signal: entry.ending } as const;
    const spec = instanceSpec(runnable, this.#context.settings.region);
    const acquired = await this.#context.pool.acquire(spec, options);
    const isOutdated = window.changes !== changes && !entry.ending.aborted;
    if (acquired.kind === 'instance') return await this.#use(entry, acquired.lease, isOutdated);
    if (!isOutdated) await this.#notStarted(entry, acquired.execution);
    return !isOutdated;
  }

  /** As `#attempt`, with an instance that was had. */
  async #use(entry: Entry, lease: InstanceLease, isOutdated: boolean): Promise<boolean> {
    const expired = this.#context.clock.now() >= entry.task.expiresAtMs;
    if (entry.ending.aborted || expired || !this.#events.holds(entry.term)) {
      lease.release();
      await this.#giveUp(entry);
      return true;
    }
    // It was long in coming: behind what the instance does now, the task could begin when it is too old.
    if (isOutdated || (lease.isBusy && this.#isNearlyTooOld(entry))) lease.release();
    else await this.#runOn(entry, lease);
    return entry.started;
  }

  #isNearlyTooOld({ task }: Entry): boolean {
    return this.#context.clock.now() >= task.expiresAtMs - AHEAD_MARGIN_MS;
  }

  async #runOn(entry: Entry, lease: InstanceLease): Promise<void> {
    const execution = await this.#invoke(entry, lease);
    lease.release();
    if (!entry.started) return;
    await this.#writer.write(entry.task, { kind: 'end', execution });
    this.#measure(entry.task, execution);
  }

  /** Undefined when the task was dealt with: what it names is gone, or takes no invocations. */
  async #resolve(entry: Entry): Promise<Runnable | undefined> {
    try {
      const runnable = await this.#context.functions.resolve(entry.task, entry.task.qualifier);
      const { policy } = runnable;
      if (!policy.disabled && !this.#events.windowOf(entry.task).exceeds(policy)) return runnable;
      await this.#writer.write(entry.task, { kind: 'give-back' });
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        // Kept, it would wait for this node to end: the lease is good, so nobody rescues it.
        await this.#writer.write(entry.task, { kind: 'give-back' });
        return undefined;
      }
      if (!isNotFound(error)) throw error;
      await this.#writer.write(entry.task, { kind: 'invalidate', error: error.code, message: error.message });
    }
    return undefined;
  }

  async #invoke(entry: Entry, lease: InstanceLease): Promise<Execution> {
    const { task, payload } = entry;
    let mark: RunningMark | undefined;
    const begin = (): void => {
      entry.started = true;
      if (task.attempt === 0) this.#context.metrics.asyncLatency(task, this.#context.clock.now() - task.acceptedAtMs);
      mark = this.#markRunningLater(entry, lease.instanceId);
    };
    const execution = await lease.invoke(
      {
        requestId: task.requestId,
        payload,
        payloadForm: task.payloadForm,
        qualifier: task.qualifier,
        retryCount: task.attempt,
        taskId: task.tracked ? task.taskId : null,
      },
      entry.ending,
      begin,
    );
    mark?.cancel();
    if (mark?.writing !== undefined) await mark.writing;
    return execution;
  }

  #markRunningLater(entry: Entry, instanceId: string): RunningMark {
    const startedAtMs = this.#context.clock.now();
    const cancel = this.#context.clock.setTimer(RUNNING_MARK_AFTER_MS, () => {
      mark.writing = this.#writer.write(entry.task, { kind: 'start', instanceId, startedAtMs }).then((task) => {
        if (task !== undefined) entry.task = task;
      });
      // The end of the attempt awaits it too; this only keeps a failure from going unhandled until then.
      mark.writing.catch(() => undefined);
    });
    const mark: RunningMark = { cancel, writing: undefined };
    return mark;
  }

  async #notStarted(entry: Entry, execution: Execution): Promise<void> {
    if (execution.outcome.kind === 'interrupted') await this.#giveUp(entry);
    else await this.#writer.write(entry.task, { kind: 'end', execution });
  }

  async #giveUp(entry: Entry): Promise<void> {
    const expired = this.#context.clock.now() >= entry.task.expiresAtMs;
    const written = await this.#writer.write(entry.task, { kind: expired ? 'expire' : 'give-back' });
    // An expiry loses to a stop that was recorded first: then the stop is what ends it.
    if (written === undefined && expired) await this.#writer.write(entry.task, { kind: 'give-back' });
  }

  #measure(task: Task, execution: Execution): void {
    const { outcome, durationMs, coldStart } = execution;
    this.#context.metrics.invocation(task, 'async');
    this.#context.metrics.attemptEnded(task, { kind: outcome.kind, durationMs, coldStart });
  }
}

/** The names of the parts contain no `/`. */
function entryName(key: TaskKey): string {
  return `${key.account}/${key.functionName}/${key.taskId}`;
}
