/**
 * The part of a node that claims and runs. In: tasks that the operations stored, and stops that they recorded. Out:
 * transitions to the store. The duties do the work; this file only connects them.
 *
 *   claimer ─▶ executor ─▶ pool ─▶ executor ─▶ writer ─▶ store
 *   expirer, rescuer ──────────────────────────▲   └─▶ deliverer ─▶ destination
 *   other nodes ─▶ neighbour watch ─▶ claimer, executor
 */
import { decide, type Transition } from '../core/decide.ts';
import type { Execution } from '../core/outcome.ts';
import type { FunctionPolicy, Runnable } from '../core/resources.ts';
import { type FunctionKey, isFinal, isWaiting, type Task, type TaskKey } from '../core/task.ts';
import type { InstanceInfo } from '../runtime/runtime.ts';
import type { ClaimedTask } from '../store/store.ts';
import { BacklogGauge } from './backlog-gauge.ts';
import { Claimer } from './claimer.ts';
import { Deliverer } from './deliverer.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import { Executor } from './executor.ts';
import { Expirer } from './expirer.ts';
import { FunctionWindows } from './function-windows.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { createNeighbours, type Neighbours } from './neighbours.ts';
import { Provisioner } from './provisioner.ts';
import { Rescuer } from './rescuer.ts';
import { Reservations } from './reservations.ts';
import { Retention } from './retention.ts';
import { type SyncCall, SyncInvoker } from './sync-invoker.ts';
import { TaskWriter } from './task-writer.ts';

export class Dispatcher {
  readonly #context: DispatcherContext;
  readonly #windows = new FunctionWindows();
  readonly #writer: TaskWriter;
  readonly #executor: Executor;
  readonly #claimer: Claimer;
  readonly #syncInvoker: SyncInvoker;
  readonly #leaseKeeper: LeaseKeeper;
  readonly #rescuer: Rescuer;
  readonly #expirer: Expirer;
  readonly #deliverer: Deliverer;
  readonly #retention: Retention;
  readonly #provisioner: Provisioner;
  readonly #backlog: BacklogGauge;
  readonly #reservations = new Reservations();
  /** Undefined where this node alone uses the store. */
  readonly #neighbours: Neighbours | undefined;
  #taking = false;

  constructor(context: DispatcherContext) {
    this.#context = context;
    this.#writer = new TaskWriter(context, (transition) => {
      this.#written(transition);
    });
    this.#leaseKeeper = new LeaseKeeper(context, () => {
      context.metrics.leaseLost();
      this.#executor.abortAll('shutdown');
      this.#syncInvoker.abortPlaced();
    });
    this.#executor = new Executor(context, this.#writer, {
      holds: (term) => this.#leaseKeeper.holds(term),
      ended: (claimed) => {
        this.#leave(claimed);
      },
      windowOf: (task) => this.#windows.of(task),
    });
    this.#neighbours = this.#createNeighbours();
    this.#claimer = new Claimer(context, this.#windows, {
      lease: this.#leaseKeeper,
      begin: (claimed, term) => {
        this.#enter(claimed, term);
      },
      reconciler: this.#neighbours?.reconciler,
    });
    this.#syncInvoker = new SyncInvoker(context, this.#windows, {
      places: this.#neighbours?.places,
      ended: (window) => {
        this.#claimer.roomMade(window);
      },
    });
    this.#rescuer = new Rescuer(context, this.#writer);
    this.#expirer = new Expirer(context, this.#writer, this.#executor);
    this.#deliverer = new Deliverer(context, (key, dueAtMs) => {
      this.#wake(key, dueAtMs);
    });
    this.#retention = new Retention(context);
    this.#provisioner = new Provisioner(context);
    this.#backlog = new BacklogGauge(context);
  }

  /** Takes the lease, rescues what an earlier node left, then begins to claim. Rejects when the store is unavailable. */
  async start(): Promise<void> {
    await this.#leaseKeeper.runOnce();
    await this.#rescuer.runOnce();
    await this.#backlog.runOnce();
    this.#taking = true;
    this.#neighbours?.watch.listen();
    this.#claimer.start();
    for (const duty of this.#duties()) duty.start();
  }

  /** Takes nothing new, gives back what waits for an instance, lets attempts finish within the grace, and gives the rest back. */
  async close(graceMs: number): Promise<void> {
    this.#taking = false;
    await Promise.all([this.#claimer.stop(), this.#reservations.settled()]);
    this.#executor.abortUnstarted();
    const cancel = this.#context.clock.setTimer(graceMs, () => {
      this.#executor.abortAll('shutdown');
      this.#syncInvoker.abortAll();
      // A store that is away now is not waited for: the next start rescues what could not be written.
      this.#writer.close();
    });
    await Promise.all([this.#executor.drained(), this.#syncInvoker.end()]);
    cancel();
    this.#writer.close();
    this.#neighbours?.watch.endListening();
    await Promise.all([...this.#duties()].map((duty) => duty.stop()));
    await this.#leaseKeeper.stop();
  }

  // ---- the engine, as the operations see it

  /** Claims a new task in its accepting commit when there is room beside what is older; else gives it back as it was. */
  reserve(task: Task, policy: FunctionPolicy): Task {
    const window = this.#windows.of(task);
    const nowMs = this.#context.clock.now();
    // The limit of a function is kept over all nodes by the claim, which counts what they hold; an accept does not.
    const isCountedElsewhere = this.#neighbours !== undefined && policy.concurrencyMax !== null;
    if (!this.#taking || !this.#leaseKeeper.isSafe() || isCountedElsewhere) return task;
    if (!this.#windows.hasPayloadRoomFor(window) || !window.hasRoomForNew(nowMs, policy)) return task;
    const claim = decide(task, { kind: 'claim', owner: this.#context.nodeId }, { nowMs, random: 0 });
    if (claim.kind !== 'go') return task; // delayed
    window.claimed += 1;
    this.#reservations.add(claim.transition.task, this.#leaseKeeper.term);
    return claim.transition.task;
  }

  begin(claimed: ClaimedTask): void {
    this.#windows.payloadCame(claimed);
    this.#context.metrics.enqueued(claimed.task);
    this.#beginIn(this.#reservations.settle(claimed.task), claimed);
  }

  cancel(reserved: Task, { isStoredPerhaps }: { readonly isStoredPerhaps: boolean }): void {
    this.#reservations.settle(reserved);
    if (isStoredPerhaps) this.#neighbours?.reconciler.doubt();
    const window = this.#windows.of(reserved);
    window.left();
    this.#claimer.roomMade(window);
  }

  /** A task was stored that this node did not reserve. */
  stored(task: Task): void {
    this.#context.metrics.enqueued(task);
    this.#backlog.add(1);
    this.#claimer.wake(task, { dueAtMs: task.dueAtMs, count: 1 });
  }

  async invoke(runnable: Runnable, call: SyncCall): Promise<Execution> {
    return await this.#syncInvoker.invoke(runnable, call);
  }

  stop(task: Task): void {
    if (task.owner === this.#context.nodeId || task.owner === null) this.#stopHere(task);
  }

  /** A delivery was ordered by a write that did not go through this node's writer. */
  ended(transition: Transition): void {
    this.#written(transition);
  }

  /** What bounds the executions of a function changed. */
  limitsChanged(key: FunctionKey): void {
    const window = this.#windows.of(key);
    window.changes += 1;
    this.#claimer.roomMade(window);
  }

  /** Code, settings or existence of a function changed: its instances retire; with `abort` what runs is ended. */
  changed(key: FunctionKey, options: { readonly abort?: boolean } = {}): void {
    this.limitsChanged(key);
    this.#context.pool.retire(key.account, key.functionName);
    this.provisionChanged();
    if (options.abort === true) this.#abort(key);
  }

  provisionChanged(): void {
    this.#provisioner.duty.wake();
  }

  /** Here and on the other nodes; what those run is known as they told last. */
  async instances(key: FunctionKey): Promise<readonly InstanceInfo[]> {
    const { pool } = this.#context;
    const here = pool.instances().filter((info) => isSameFunction(info, key));
    return [...here, ...((await this.#neighbours?.report.instancesElsewhere(key)) ?? [])];
  }

  /** How long what this node holds is its own without a further renewal; negative when it is not. */
  get leaseMs(): number {
    return this.#leaseKeeper.safeMs;
  }

  backlog(): number {
    return this.#backlog.waiting;
  }

  // ---- between the duties

  /** Others stored work: nobody knows how much. */
  #wake(key: FunctionKey, dueAtMs: number): void {
    this.#claimer.wake(key, { dueAtMs, count: Number.POSITIVE_INFINITY });
  }

  #enter(claimed: ClaimedTask, term: number): void {
    this.#windows.of(claimed.task).claimed += 1;
    this.#windows.payloadCame(claimed);
    this.#beginIn(term, claimed);
  }

  #beginIn(term: number, claimed: ClaimedTask): void {
    const { task } = claimed;
    this.#executor.begin(claimed, term);
    const { stopsAhead } = this.#windows.of(task);
    if (stopsAhead.get(task.taskId) !== task.fence) return;
    stopsAhead.delete(task.taskId);
    this.#executor.stop(task);
  }

  #leave(claimed: ClaimedTask): void {
    const window = this.#windows.of(claimed.task);
    window.left();
    this.#windows.payloadWent(claimed);
    this.#claimer.roomMade(window);
  }

  #written({ task, delivery }: Transition): void {
    if (isWaiting(task.status)) this.#claimer.wake(task, { dueAtMs: task.dueAtMs, count: 1 });
    if (!isFinal(task.status)) return;
    this.#context.metrics.dequeued(task);
    if (task.status === 'Expired') this.#context.metrics.expired(task);
    if (task.status === 'Stopped') this.#context.metrics.stopped(task);
    if (delivery !== null) this.#deliverer.duty.wake();
  }

  #abort(key: FunctionKey): void {
    this.#executor.abortAll('shutdown', (other) => isSameFunction(other, key));
    this.#syncInvoker.abortAll((other) => isSameFunction(other, key));
  }

  /** False when no attempt of it is known here: then its claim is this node's and the answer still on the way, or lost. */
  #stopHere(task: TaskKey & { readonly fence: number }): boolean {
    if (this.#executor.stop(task)) return true;
    const { claiming, stopsAhead } = this.#windows.of(task);
    // Where nothing is on the way its attempt is over: kept, such stops would heap up in a function that is never idle.
    if (claiming > 0 || this.#reservations.hasId(task)) stopsAhead.set(task.taskId, task.fence);
    return false;
  }

  #createNeighbours(): Neighbours | undefined {
    return createNeighbours(this.#context, {
      writer: this.#writer,
      lease: this.#leaseKeeper,
      knows: (task) => this.#executor.has(task) || this.#reservations.has(task),
      stop: (task) => this.#stopHere(task),
      wake: (key, dueAtMs) => {
        this.#wake(key, dueAtMs);
      },
      functionChanged: (key) => this.#functionChanged(key),
      activeFunctions: () => [...this.#windows.all()],
    });
  }

  /** By another node, perhaps. What ended it there ends it here. */
  async #functionChanged(key: FunctionKey): Promise<void> {
    this.limitsChanged(key);
    if (await this.#context.functions.mustEnd(key)) this.#abort(key);
  }

  *#duties() {
    yield this.#leaseKeeper.duty;
    yield this.#rescuer.duty;
    yield this.#expirer.duty;
    yield this.#deliverer.duty;
    yield this.#retention.duty;
    yield this.#retention.packages;
    yield this.#backlog.duty;
    yield this.#provisioner.duty;
    if (this.#neighbours !== undefined) yield* this.#neighbours.duties;
  }
}

function isSameFunction(one: FunctionKey, other: FunctionKey): boolean {
  return one.account === other.account && one.functionName === other.functionName;
}
