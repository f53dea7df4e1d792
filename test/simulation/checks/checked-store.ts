/**
 * The one store of a simulated cluster, with its invariants: each operation happens at one instant, and before the next
 * event everything that it touched is read again and compared with the checks' own copy.
 */
import type { Transition } from '../../../src/core/decide.ts';
import { guardMatches, isFinal, isHeld, isWaiting, type Task, type TaskKey } from '../../../src/core/task.ts';
import type { NewTask, Sharing, Store } from '../../../src/store/store.ts';
import type { Swarm } from '../world/swarm.ts';
import type { World } from '../world/world.ts';
import { coverStep, coverStop } from './coverage-of-steps.ts';
import type { Executions } from './executions.ts';
import type { LeaseBook } from './lease-book.ts';
import { limitOf } from './limit-of.ts';
import type { PlaceBook } from './place-book.ts';
import { faultsBetween, faultsOf } from './record-rules.ts';
import { type TaskRow, TaskRows } from './task-rows.ts';

export interface CheckedStoreOptions {
  readonly world: World;
  /** What the rows are read from again. */
  readonly truth: Store;
  readonly rows: TaskRows;
  readonly leases: LeaseBook;
  readonly executions: Executions;
  readonly places: PlaceBook;
  readonly swarm: Swarm;
}

/** Who asks: each node has its own view, all views one store. */
export interface Asker {
  readonly nodeId: string;
}

export class CheckedStore {
  readonly #options: CheckedStoreOptions;
  /** Rows of the outbox, by their id. */
  readonly #deliveries = new Map<number, TaskRow>();

  constructor(options: CheckedStoreOptions) {
    this.#options = options;
  }

  /** @param store the operations as this node's calls reach them: the true store, or one that a mutant has broken */
  as(asker: Asker, store: Store): Store {
    return {
      ...store,
      accept: (tasks) => this.#accept(asker, store, tasks),
      claim: (requests, claimer) => this.#claim(asker, store.claim(requests, claimer)),
      apply: (transitions) => oneByOne(transitions, (transition) => this.#apply(asker, store, transition)),
      deleteEnded: (retention) => this.#deleteEnded(store.deleteEnded(retention)),
      claimDeliveries: (request) => this.#claimDeliveries(store.claimDeliveries(request)),
      settleDeliveries: (settlements) => oneByOne(settlements, (settlement) => this.#settle(store, settlement)),
      renewLease: async (nodeId, leaseMs) => {
        this.#options.leases.renewed(nodeId, leaseMs);
        await store.renewLease(nodeId, leaseMs);
      },
      endLease: async (nodeId) => {
        this.#options.leases.ended(nodeId);
        await store.endLease(nodeId);
      },
      sharing: store.sharing && this.#sharing(store.sharing),
    };
  }

  #sharing(sharing: Sharing): Sharing {
    const { places } = this.#options;
    return {
      ...sharing,
      takePlace: async (place, concurrencyMax) => {
        const answer = await sharing.takePlace(place, concurrencyMax);
        if (answer === 'taken') places.take(place);
        this.#checkLimit(place.functionName);
        return answer;
      },
      freePlace: async (place) => {
        await sharing.freePlace(place);
        places.free(place);
      },
    };
  }

  /** What is held and the places together, over all nodes; a node alone counts by itself. */
  #checkLimit(functionName: string): void {
    const { truth, swarm, rows, places, world } = this.#options;
    const limit = limitOf(swarm, functionName);
    if (truth.sharing === null || limit === null) return;
    const held = [...rows.all()].filter(
      ({ task, isDeleted }) => task.functionName === functionName && isHeld(task.status) && !isDeleted,
    ).length;
    const taken = places.count(functionName);
    if (held + taken > limit) {
      world.violated(`${functionName} has ${held} held tasks and ${taken} places, at most ${limit}`);
    }
  }

  async #accept(asker: Asker, store: Store, tasks: readonly NewTask[]): ReturnType<Store['accept']> {
    const answers = await store.accept(tasks);
    for (const [index, newTask] of tasks.entries()) {
      if (answers[index] === 'accepted') await this.#accepted(asker, newTask);
      else this.#options.world.coverage.hit('a duplicate id was refused');
    }
    return answers;
  }

  async #accepted({ nodeId }: Asker, { task, payload }: NewTask): Promise<void> {
    const { rows, world } = this.#options;
    if (rows.find(task)?.isDeleted === false) this.#violated(task, 'was accepted twice');
    const stored = await this.#read(task);
    if (stored === undefined) {
      this.#violated(task, 'was accepted and is not there');
      return;
    }
    const row = rows.add(stored, payload);
    if (stored.status === 'Dequeued') {
      world.coverage.hit('a task was claimed as it was accepted');
      row.claims.set(stored.fence, { nodeId, atMs: world.nowMs });
    }
    if (stored.hops > 0) this.#started(payload);
    this.#checkLimit(stored.functionName);
    this.#note(nodeId, undefined, stored);
    this.#report(stored, faultsOf(stored));
  }

  /** An end starts one task at most, however often its delivery was tried. */
  #started(document: Uint8Array): void {
    const { world, rows } = this.#options;
    world.coverage.hit('a function destination started a task');
    const { requestContext } = JSON.parse(new TextDecoder().decode(document)) as {
      requestContext: { requestId: string };
    };
    const origin = rows.ofRequest(requestContext.requestId);
    if (origin === undefined) return;
    origin.started += 1;
    if (origin.started > 1) this.#violated(origin.task, 'started two tasks by one delivery');
  }

  async #claim({ nodeId }: Asker, claiming: ReturnType<Store['claim']>): ReturnType<Store['claim']> {
    const claimed = await claiming;
    for (const { task, payload } of claimed) {
      const row = this.#options.rows.find(task);
      if (row === undefined) this.#violated(task, 'was claimed and never accepted');
      else {
        if (Buffer.compare(payload, row.payload) !== 0) this.#violated(task, 'was claimed with another payload');
        if (!isWaiting(row.task.status)) this.#violated(task, `was claimed while ${row.task.status}`);
        row.claims.set(task.fence, { nodeId, atMs: this.#options.world.nowMs });
        await this.#compare(nodeId, row);
        this.#checkLimit(task.functionName);
      }
    }
    return claimed;
  }

  async #apply({ nodeId }: Asker, store: Store, transition: Transition): Promise<'applied' | 'lost'> {
    const { rows, world } = this.#options;
    const [answer = 'lost'] = await store.apply([transition]);
    const row = rows.find(transition.task);
    if (answer === 'lost' || row === undefined) {
      world.coverage.hit('a stale write was rejected');
      if (transition.task.status === 'Expired') world.coverage.hit('an expiry lost to another write');
      if (row === undefined) return answer;
      if (transition.guard.fence < row.task.fence) world.coverage.hit('a node wrote under a claim that it had lost');
      await this.#unchanged(row);
      return answer;
    }
    const before = row.task;
    if (!guardMatches(before, transition.guard)) {
      this.#violated(
        before,
        `was written as ${transition.guard.status} under fence ${transition.guard.fence} while ${before.status} under ${before.fence}`,
      );
    }
    this.#checkTakeover(nodeId, row, transition.task);
    await this.#compare(nodeId, row);
    if (isFinal(row.task.status)) this.#checkEnd(row, transition);
    return answer;
  }

  /** Nobody writes what another node holds, but for a stop, while that node's lease is good. */
  #checkTakeover(nodeId: string, row: TaskRow, after: Task): void {
    const { world, leases } = this.#options;
    const { owner, fence, status } = row.task;
    if (after.history.slice(row.task.history.length).some((entry) => entry.status === 'Stopping')) {
      row.stopFence = fence;
      coverStop(world.coverage, row.task, nodeId);
    }
    if (!isHeld(status) || owner === nodeId || after.status === 'Stopping' || owner === null) return;
    if (!leases.lapsedSince(owner, row.claims.get(fence)?.atMs ?? 0)) {
      this.#violated(row.task, `was taken from ${owner} by ${nodeId} while its lease was good`);
    }
    world.coverage.hit('a task was rescued from a node that was gone');
    if (status === 'Stopping') world.coverage.hit('a stopping task was rescued');
    if (!row.startsByNode.has(owner)) world.coverage.hit('a task was rescued between claim and start');
  }

  /** An end has the result of an execution under its own claim, and orders one delivery where one is configured. */
  #checkEnd(row: TaskRow, { result, delivery }: Transition): void {
    const { task } = row;
    if (delivery !== null) {
      row.ordered += 1;
      this.#options.rows.undeliveredCount += 1;
    }
    const destination = task.status === 'Succeeded' ? task.onSuccess : task.onFailure;
    const wanted = destination !== null && task.destinationStatus === '' ? 1 : 0;
    if (row.ordered !== wanted) this.#violated(task, `has ${row.ordered} deliveries instead of ${wanted}`);
    if (result === null) return;
    const executionId = /"(x\d+)"/.exec(new TextDecoder().decode(result.bytes))?.[1];
    if (executionId === undefined) return;
    const execution = this.#options.executions.find(executionId);
    const claim = row.claims.get(task.fence);
    if (execution === undefined || execution.endedAtMs === null)
      this.#violated(task, `has the result of ${executionId}, which has not ended`);
    else if (execution.requestId !== task.requestId) this.#violated(task, 'has the result of another task');
    else if (claim?.nodeId !== execution.process.nodeId || claim.atMs > execution.startedAtMs) {
      this.#violated(task, `has the result of ${executionId}, which did not run under fence ${task.fence}`);
    } else if ((task.status === 'Succeeded') !== (execution.outcome?.kind === 'returned')) {
      this.#violated(task, `is ${task.status} and ${executionId} came to ${execution.outcome?.kind ?? 'nothing'}`);
    }
  }

  async #deleteEnded(deleting: Promise<number>): Promise<number> {
    const count = await deleting;
    if (count === 0) return count;
    for (const row of this.#options.rows.all()) {
      if (row.isDeleted || (await this.#read(row.task)) !== undefined) continue;
      row.isDeleted = true;
      if (!isFinal(row.task.status)) this.#violated(row.task, 'was deleted before it ended');
      if (row.settled < row.ordered) this.#violated(row.task, 'was deleted before its delivery');
    }
    return count;
  }

  async #claimDeliveries(claiming: ReturnType<Store['claimDeliveries']>): ReturnType<Store['claimDeliveries']> {
    const due = await claiming;
    for (const { deliveryId, task, tryCount } of due) {
      const row = this.#options.rows.find(task);
      if (row === undefined || !isFinal(task.status)) this.#violated(task, 'is delivered before its end');
      else this.#deliveries.set(deliveryId, row);
      if (tryCount > 1) this.#options.world.coverage.hit('a delivery was tried again');
    }
    return due;
  }

  async #settle(
    store: Store,
    settlement: Parameters<Store['settleDeliveries']>[0][number],
  ): Promise<'settled' | 'lost'> {
    const { world, rows } = this.#options;
    const [answer = 'lost'] = await store.settleDeliveries([settlement]);
    const row = this.#deliveries.get(settlement.deliveryId);
    if (answer === 'lost') world.coverage.hit('a settlement of an older try was refused');
    if (answer === 'lost' || row === undefined || 'retryAtMs' in settlement) return answer;
    row.settled += 1;
    rows.undeliveredCount -= 1;
    if (row.settled > row.ordered) this.#violated(row.task, 'had its delivery settled twice');
    await this.#compare('outbox', row);
    if (settlement.accept === undefined) return answer;
    await this.#accepted({ nodeId: 'outbox' }, settlement.accept);
    return answer;
  }

  async #compare(nodeId: string, row: TaskRow): Promise<void> {
    const { rows, world } = this.#options;
    const before = row.task;
    const after = await this.#read(before);
    if (after === undefined) {
      this.#violated(before, 'is gone after a write');
      return;
    }
    rows.change(row, after);
    if (before.status !== after.status) this.#note(nodeId, before, after);
    coverStep(world.coverage, before, after);
    this.#report(after, faultsOf(after));
    this.#report(after, faultsBetween(before, after));
  }

  async #unchanged(row: TaskRow): Promise<void> {
    if ((await this.#read(row.task)) !== row.task && !row.isDeleted)
      this.#violated(row.task, 'changed by a lost write');
  }

  async #read(key: TaskKey): Promise<Task | undefined> {
    return await this.#options.truth.findTask(key);
  }

  #note(nodeId: string, before: Task | undefined, after: Task): void {
    const change = `${before?.status ?? 'new'} -> ${after.status}`;
    this.#options.world.note(`${nodeId} ${after.functionName}/${after.taskId} ${change} fence ${after.fence}`);
  }

  #report(task: Task, faults: Iterable<string>): void {
    for (const fault of faults) this.#violated(task, fault);
  }

  #violated(task: Task, fault: string): void {
    this.#options.world.violated(`${task.functionName}/${task.taskId} ${fault}`);
  }
}

/** Batches change nothing about a commit's rules, so each part is checked by itself; no event comes between. */
async function oneByOne<In, Out>(items: readonly In[], operation: (item: In) => Promise<Out>): Promise<Out[]> {
  const answers: Out[] = [];
  for (const item of items) answers.push(await operation(item));
  return answers;
}
