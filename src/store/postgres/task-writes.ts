/** What a batch of writes does on a connection, in one commit. */
import type { Transition } from '../../core/decide.ts';
import type { TaskKey } from '../../core/task.ts';
import type { DeliverySettlement, NewTask } from '../store.ts';
import { destinationStatusCode } from '../task-row.ts';
import type { Session } from './session.ts';
import { settleDeliveries, type SettlementRow } from './sql/deliveries.ts';
import { internTargets } from './sql/names.ts';
import { lockBounds } from './sql/places.ts';
import { type ClaimRows, claimTasks, insertTasks, TASKS_A_BATCH_MAX, updateTasks } from './sql/tasks.ts';
import type { Row } from './statement.ts';
import { packNewTasks, packTransitions } from './task-packing.ts';
import { inWaves } from './waves.ts';

/** `write`: the statement commits by itself. `query`: a transaction is around it. */
type Run = 'write' | 'query';
type AcceptAnswer = 'accepted' | 'duplicate';

/** A bound is exact only while nobody else counts against it. */
export async function claim(session: Session, rows: ClaimRows): Promise<Row[]> {
  const bounded = rows.requests.filter(({ concurrencyMax }) => concurrencyMax !== null);
  if (bounded.length === 0) return await claimTasks(session, rows, 'write');
  return await session.transaction(async () => {
    await lockBounds(session, bounded);
    return await claimTasks(session, rows, 'query');
  });
}

export async function accept(session: Session, tasks: readonly NewTask[]): Promise<readonly AcceptAnswer[]> {
  if (tasks.length <= TASKS_A_BATCH_MAX) return await acceptBatch(session, tasks, 'write');
  return await session.transaction(() => acceptInside(session, tasks));
}

/** In a transaction that is there. */
async function acceptInside(session: Session, tasks: readonly NewTask[]): Promise<readonly AcceptAnswer[]> {
  const answers: AcceptAnswer[] = [];
  for (let at = 0; at < tasks.length; at += TASKS_A_BATCH_MAX) {
    answers.push(...(await acceptBatch(session, tasks.slice(at, at + TASKS_A_BATCH_MAX), 'query')));
  }
  return answers;
}

async function acceptBatch(session: Session, tasks: readonly NewTask[], run: Run): Promise<readonly AcceptAnswer[]> {
  const packed = packNewTasks(tasks);
  let inserted = await insertTasks(session, packed, run);
  if (inserted === undefined) {
    await internTargets(session, packed.targets);
    inserted = await insertTasks(session, packed, run);
  }
  const found = inserted;
  if (found === undefined) throw new Error('the names of new tasks cannot be stored');
  return tasks.map((_, place) => (found.has(place) ? 'accepted' : 'duplicate'));
}

export async function apply(
  session: Session,
  transitions: readonly Transition[],
): Promise<readonly ('applied' | 'lost')[]> {
  const answers = new Array<'applied' | 'lost'>(transitions.length).fill('lost');
  const waves = inWaves(transitions, ({ task }) => keyOfTask(task));
  await inOneCommit(session, waves, async (wave, run) => {
    // Always in one order, so that nodes that change the same tasks wait for each other instead of a deadlock.
    const sorted = wave.toSorted(([, a], [, b]) => (keyOfTask(a.task) < keyOfTask(b.task) ? -1 : 1));
    const applied = await updateTasks(session, packTransitions(sorted.map(([, transition]) => transition)), run);
    for (const [index, [place]] of sorted.entries()) if (applied.has(index)) answers[place] = 'applied';
  });
  return answers;
}

export async function settle(
  session: Session,
  settlements: readonly DeliverySettlement[],
): Promise<readonly ('settled' | 'lost')[]> {
  const answers = new Array<'settled' | 'lost'>(settlements.length).fill('lost');
  const waves = inWaves(settlements, ({ deliveryId }) => String(deliveryId));
  const starts = settlements.some((settlement) => 'accept' in settlement);
  const work = async (wave: readonly (readonly [number, DeliverySettlement])[], run: Run): Promise<void> => {
    const settled = await settleDeliveries(
      session,
      wave.map(([, settlement]) => settlementRow(settlement)),
      run,
    );
    for (const [index, [place]] of wave.entries()) if (settled.has(index)) answers[place] = 'settled';
    const started = wave.filter((_, index) => settled.has(index)).flatMap(([, settlement]) => startedBy(settlement));
    if (started.length > 0) await acceptInside(session, started);
  };
  if (starts) await session.transaction(() => inTurn(waves, (wave) => work(wave, 'query')));
  else await inOneCommit(session, waves, work);
  return answers;
}

/** One statement commits by itself. */
async function inOneCommit<Wave>(
  session: Session,
  waves: readonly Wave[],
  work: (wave: Wave, run: Run) => Promise<void>,
): Promise<void> {
  const [only] = waves;
  if (only !== undefined && waves.length === 1) await work(only, 'write');
  else await session.transaction(() => inTurn(waves, (wave) => work(wave, 'query')));
}

async function inTurn<Wave>(waves: readonly Wave[], work: (wave: Wave) => Promise<void>): Promise<void> {
  for (const wave of waves) await work(wave);
}

function settlementRow(settlement: DeliverySettlement): SettlementRow {
  const { deliveryId, tryCount } = settlement;
  if ('retryAtMs' in settlement) {
    return { deliveryId, tryCount, retryAtMs: settlement.retryAtMs, destinationStatus: 0 };
  }
  return { deliveryId, tryCount, retryAtMs: null, destinationStatus: destinationStatusCode(settlement.status) };
}

/** The task that a settlement starts, if it does. */
export function startedBy(settlement: DeliverySettlement): NewTask[] {
  return 'accept' in settlement ? [settlement.accept] : [];
}

export function keyOfTask({ account, functionName, taskId }: TaskKey): string {
  return `${account}\n${functionName}\n${taskId}`;
}
