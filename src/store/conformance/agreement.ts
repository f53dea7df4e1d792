/**
 * Two stores, one life: random operations are done to both and every answer must be equal. Selections that an engine
 * makes in SQL are held to the core's decisions by this, as the reference makes them with `decide` alone.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide, type TaskEvent } from '../../core/decide.ts';
import { executionOf, newTask, OUTCOMES } from '../../core/task.fixture.ts';
import { PAYLOAD_FORMS, TASK_STATUSES } from '../../core/task.ts';
import type { RecordWrite, Store, TaskPage, TaskQuery } from '../store.ts';
import { bytesOf, configWith, type OpenSubject } from './workbench.ts';

const FUNCTIONS = ['f', 'g'] as const;
const QUALIFIERS = ['LATEST', 'prod', '1'] as const;
const NODES = ['node-1', 'node-2'] as const;
const ACCOUNT = '1000000000000000';

/** Does one thing to a store and gives what is comparable of the answer. `nowMs` is the time in both. */
type Operation = (store: Store, nowMs: number) => Promise<unknown>;

interface Step {
  readonly afterMs: number;
  readonly label: string;
  readonly operation: Operation;
  toString(): string;
}

const functionNames = fc.constantFrom(...FUNCTIONS);
const taskIds = fc.integer({ min: 0, max: 11 }).map((number) => `${number % 3 === 0 ? 'x' : 'y'}-${number}`);
const limits = fc.integer({ min: 1, max: 5 });

const events: fc.Arbitrary<TaskEvent> = fc.oneof(
  fc.constantFrom(...NODES).map((owner): TaskEvent => ({ kind: 'claim', owner })),
  fc.constantFrom(...OUTCOMES).map((outcome): TaskEvent => ({ kind: 'end', execution: executionOf(outcome) })),
  fc.constantFrom<TaskEvent>(
    { kind: 'start', instanceId: 'c-2', startedAtMs: 2_000 },
    { kind: 'give-back' },
    { kind: 'lose' },
    { kind: 'expire' },
    { kind: 'stop' },
    { kind: 'invalidate', error: 'FunctionNotFound', message: 'gone' },
  ),
);

const operations: Record<string, fc.Arbitrary<Operation>> = {
  accept: fc
    .record({
      ids: fc.array(taskIds, { minLength: 1, maxLength: 4 }),
      functionName: functionNames,
      qualifier: fc.constantFrom(...QUALIFIERS),
      tracked: fc.boolean(),
      payloadForm: fc.constantFrom(...PAYLOAD_FORMS),
      delayMs: fc.nat(2_000),
      ageSeconds: fc.integer({ min: 1, max: 20 }),
    })
    .map(({ ids, ageSeconds, ...acceptance }) => (store, nowMs) => {
      const config = { ...configWith({ onSuccess: 'a', onFailure: 'b' }), maxAsyncEventAgeInSeconds: ageSeconds };
      const tasks = ids.map((taskId) => newTask({ ...acceptance, taskId, requestId: taskId, config, nowMs }));
      return store.accept(tasks.map((task) => ({ task, payload: bytesOf(`${task.taskId}@${nowMs}`) })));
    }),
  claim: fc
    .record({
      owner: fc.constantFrom(...NODES),
      limit: limits,
      concurrencyMax: fc.option(fc.integer({ min: 0, max: 4 })),
    })
    .map(
      ({ owner, ...bounds }) =>
        (store, nowMs) =>
          store.claim(
            FUNCTIONS.map((functionName) => ({ account: ACCOUNT, functionName, ...bounds })),
            { owner, nowMs },
          ),
    ),
  apply: fc
    .record({ functionName: functionNames, taskId: taskIds, event: events, staleness: fc.constantFrom(0, 0, 0, 1) })
    .map(({ functionName, taskId, event, staleness }) => async (store, nowMs) => {
      const task = await store.findTask({ account: ACCOUNT, functionName, taskId });
      const decision = task && decide(task, event, { nowMs, random: 0.5 });
      if (decision?.kind !== 'go') return decision;
      const { guard } = decision.transition;
      return store.apply([{ ...decision.transition, guard: { ...guard, fence: guard.fence - staleness } }]);
    }),
  get: fc.record({ functionName: functionNames, taskId: taskIds }).map(
    ({ functionName, taskId }) =>
      (store) =>
        store.getTask({ account: ACCOUNT, functionName, taskId }),
  ),
  list: fc
    .record(
      {
        functionName: functionNames,
        qualifier: fc.constantFrom(...QUALIFIERS),
        status: fc.constantFrom(...TASK_STATUSES),
        idPrefix: fc.constantFrom('x', 'y-1', 'z'),
        acceptedFromMs: fc.integer({ min: 1_000, max: 20_000 }),
        acceptedToMs: fc.integer({ min: 1_000, max: 20_000 }),
        order: fc.constantFrom('oldest-first' as const, 'newest-first' as const),
        limit: limits,
        includePayload: fc.boolean(),
      },
      { requiredKeys: ['functionName', 'order', 'limit', 'includePayload'] },
    )
    .map((query) => (store) => pagesOf(store, { account: ACCOUNT, ...query })),
  duties: fc.record({ limit: limits }).map(({ limit }) => async (store, nowMs) => ({
    waiting: inOrder(await store.waitingFunctions()),
    expired: await store.findExpired(nowMs, limit),
    counts: inOrder(await store.countTasks()),
    lapsed: inOrder(await store.findLapsed(100)),
  })),
  retain: fc.record({ ageMs: fc.nat(8_000), limit: limits }).map(
    ({ ageMs, limit }) =>
      (store, nowMs) =>
        store.deleteEnded({ trackedBeforeMs: nowMs - ageMs, limit }),
  ),
  deliver: fc
    .record({ limit: limits, taskId: taskIds, how: fc.constantFrom('settle', 'start', 'postpone', 'forget') })
    .map(({ limit, taskId, how }) => async (store, nowMs) => {
      const claimed = await store.claimDeliveries({ nowMs, leaseMs: 3_000, limit });
      const task = newTask({ taskId, functionName: 'g', tracked: false, hops: 1, nowMs });
      const settlements = claimed.map(({ deliveryId, tryCount }) => {
        if (how === 'postpone') return { deliveryId, tryCount, retryAtMs: nowMs + 500 };
        const accept = how === 'start' ? { accept: { task, payload: bytesOf('next') } } : {};
        return { deliveryId, tryCount, status: 'Succeeded' as const, ...accept };
      });
      return [claimed, how === 'forget' ? [] : await store.settleDeliveries(settlements)];
    }),
  lease: fc.record({ node: fc.constantFrom(...NODES), leaseMs: fc.nat(5_000), ends: fc.boolean() }).map(
    ({ node, leaseMs, ends }) =>
      (store) =>
        ends ? store.endLease(node) : store.renewLease(node, leaseMs),
  ),
  records: fc
    .array(recordWrites(), { minLength: 1, maxLength: 4 })
    .map((writes) => async (store) => [
      await store.writeRecords(writes),
      await store.listRecords({ kind: 'alias', under: [ACCOUNT], limit: 50 }),
    ]),
};

function recordWrites(): fc.Arbitrary<RecordWrite> {
  const path = fc.constantFrom([ACCOUNT, 'f'], [ACCOUNT, 'f', 'a'], [ACCOUNT, 'g', 'a']);
  const expected = fc.constantFrom('any' as const, 'absent' as const, 1, 2, 3);
  return fc.oneof(
    fc.record({
      write: fc.constant('put' as const),
      kind: fc.constant('alias' as const),
      path,
      document: fc.nat(9),
      expect: expected,
    }),
    fc.record({
      write: fc.constant('delete' as const),
      kind: fc.constant('alias' as const),
      path,
      expect: fc.constantFrom('any' as const, 1, 2),
    }),
    fc.record({ write: fc.constant('delete-under' as const), kind: fc.constant('alias' as const), path }),
  );
}

/** All pages of a query: the numbers inside cursors are each store's own. */
async function pagesOf(store: Store, query: TaskQuery): Promise<unknown[]> {
  const pages: TaskPage['tasks'][] = [];
  let page = await store.listTasks(query);
  pages.push(page.tasks);
  while (page.next !== null) {
    page = await store.listTasks({ ...query, after: page.next });
    pages.push(page.tasks);
  }
  return pages;
}

/** Where the port promises no order. */
function inOrder(items: readonly unknown[]): string[] {
  return items.map((item) => JSON.stringify(item, sortedMembers)).toSorted();
}

function sortedMembers(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const steps: fc.Arbitrary<Step> = fc
  .tuple(
    fc.oneof(...Object.entries(operations).map(([label, arbitrary]) => fc.tuple(fc.constant(label), arbitrary))),
    fc.nat(900),
  )
  .map(([[label, operation], afterMs]) => ({ label, operation, afterMs, toString: () => label }));

export function storesAgree(name: string, open: OpenSubject, openReference: OpenSubject): void {
  it(`the ${name} store answers any sequence of operations as the reference does`, { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 30, maxLength: 120, size: 'max' }), async (sequence) => {
        let nowMs = 1_000;
        const subjects = await Promise.all([open({ now: () => nowMs }), openReference({ now: () => nowMs })]);
        try {
          for (const { label, operation, afterMs } of sequence) {
            nowMs += afterMs;
            const [answer, expected] = await Promise.all(subjects.map(({ store }) => operation(store, nowMs)));
            expect(answer, label).toEqual(expected);
          }
        } finally {
          await Promise.all(subjects.map((subject) => subject.dispose()));
        }
      }),
      { numRuns: 25 },
    );
  });
}
