import { decide, type Transition } from '../../core/decide.ts';
import { guardMatches, isFinal, isWaiting } from '../../core/task.ts';
import type { ClaimedTask, ClaimRequest, TaskWriter } from '../store.ts';
import type { MemoryOutbox } from './memory-outbox.ts';
import type { MemoryPlaces } from './memory-places.ts';
import { isOf, type MemoryTasks } from './memory-tasks.ts';

interface Claimer {
  readonly owner: string;
  readonly nowMs: number;
}

export class MemoryTaskWriter implements TaskWriter {
  readonly #tasks: MemoryTasks;
  readonly #outbox: MemoryOutbox;
  readonly #places: MemoryPlaces;

  constructor(tasks: MemoryTasks, outbox: MemoryOutbox, places: MemoryPlaces) {
    this.#tasks = tasks;
    this.#outbox = outbox;
    this.#places = places;
  }

  accept: TaskWriter['accept'] = async (tasks) => tasks.map((task) => this.#tasks.insert(task));

  claim: TaskWriter['claim'] = async (requests, claimer) =>
    requests.flatMap((request) => this.#claimOf(request, claimer));

  apply: TaskWriter['apply'] = async (transitions) => transitions.map((transition) => this.#applyOne(transition));

  deleteEnded: TaskWriter['deleteEnded'] = async ({ trackedBeforeMs, limit }) => {
    const ended = this.#tasks
      .filter(({ task }) => task.endedAtMs !== null && (!task.tracked || task.endedAtMs < trackedBeforeMs))
      .filter(({ task }) => !this.#outbox.hasDeliveryOf(task))
      .sort((a, b) => (a.task.endedAtMs ?? 0) - (b.task.endedAtMs ?? 0) || a.sequence - b.sequence)
      .slice(0, limit);
    for (const { task } of ended) this.#tasks.delete(task);
    return ended.length;
  };

  #claimOf(request: ClaimRequest, { owner, nowMs }: Claimer): ClaimedTask[] {
    const waiting = this.#tasks
      .filter(({ task }) => isOf(request, task) && isWaiting(task.status))
      .sort((a, b) => a.task.dueAtMs - b.task.dueAtMs || a.sequence - b.sequence);
    const claimed: ClaimedTask[] = [];
    const free = (request.concurrencyMax ?? Infinity) - this.#places.countOf(request);
    for (const row of waiting) {
      if (claimed.length >= Math.min(request.limit, free)) break;
      const decision = decide(row.task, { kind: 'claim', owner }, { nowMs, random: 0 });
      if (decision.kind !== 'go') continue;
      row.task = decision.transition.task;
      claimed.push({ task: row.task, payload: row.payload.slice() });
    }
    return claimed;
  }

  #applyOne({ guard, task, result, delivery }: Transition): 'applied' | 'lost' {
    const row = this.#tasks.find(task);
    if (row === undefined || !guardMatches(row.task, guard) || isFinal(row.task.status)) return 'lost';
    this.#tasks.change(row, task);
    if (result !== null) row.result = { ...result, bytes: result.bytes.slice() };
    if (delivery !== null) this.#outbox.add(task, delivery);
    return 'applied';
  }
}
