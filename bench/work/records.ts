/** What Meanwhile does with millions of waiting tasks: answer, stop, accept, start again. */
import { createHash } from 'node:crypto';
import { submitTasks } from '../load/submit-tasks.ts';
import { median } from '../report/statistics.ts';
import { type Contender, isOurs, withRunning } from '../contender.ts';
import type { MeanwhileServer } from '../contenders/meanwhile-server.ts';
import type { Case, Measurement, Work } from '../work.ts';
import { type Ids, measureQueries } from './record-queries.ts';

const CONNECTIONS = 64;
const MIB = 1024 * 1024;
/** More would be signed, and would lie in memory, before the first is sent. */
const BATCH_TASKS = 100_000;
/**
 * The rates of a full store and of an empty one are those of two servers that take turns: within the quarter of an hour
 * that it takes to fill one, the rate of either moves by more than the two differ.
 */
const TURNS = 3;
const TURN_TASKS_MAX = 50_000;
const TURN_SHARE = 0.05;

/** As of a caller who counts: neighbours in time are neighbours in every index. */
const IN_ORDER: Ids = {
  taskId: (index) => `job-${String(index).padStart(9, '0')}`,
  prefixOfAbout100: (count) => IN_ORDER.taskId(Math.floor(count / 2)).slice(0, -2),
};

/** As of a caller who draws them: each lands anywhere in an index. */
const RANDOM: Ids = {
  taskId: (index) => `j${createHash('sha1').update(String(index)).digest('hex').slice(0, 24)}`,
  prefixOfAbout100: (count) => RANDOM.taskId(0).slice(0, 1 + Math.max(0, Math.round(Math.log2(count / 100) / 4))),
};

export const records: Work = {
  name: 'records',
  title: 'A full store',
  description: `One function that is held back by a concurrency of 0 has so many waiting tasks of 100 bytes, with ids that the caller chose. Lists are pages of 100 over HTTP, signed. The last tasks are accepted in turns with a second server, which has none: medians of ${TURNS}.`,
  layout: 'a row a metric',
  isFor: isOurs,
  cases: ({ recordTasks }) => [
    ...recordTasks.map((count) => recordsCase(count, 'ids in order', IN_ORDER)),
    ...recordTasks.slice(-1).map((count) => recordsCase(count, 'random ids', RANDOM)),
  ],
};

function recordsCase(count: number, how: string, ids: Ids): Case {
  return {
    name: `${count.toLocaleString('en-US')} tasks, ${how}`,
    rounds: 1,
    measure: (contender) => measureRecords(contender, count, ids),
  };
}

async function measureRecords(
  contender: Contender,
  count: number,
  ids: Ids,
): Promise<readonly Measurement[] | undefined> {
  return await withRunning(contender, async ({ meanwhile: server, usage }) => {
    if (server === undefined) return undefined;
    const turn = Math.min(TURN_TASKS_MAX, Math.ceil(count * TURN_SHARE));
    const seeded = count - TURNS * turn;
    const { halfWayMs } = await seed(server, seeded, ids);
    const full = usage();
    const queries = await measureQueries(server, { count: seeded, ids, halfWayMs });
    const rates = await measureRates(contender, server, (index) => ({ ids, from: seeded + index * turn, size: turn }));
    const restartedMs = performance.now();
    await server.restart();
    const restartSeconds = (performance.now() - restartedMs) / 1000;
    const restarted = usage();
    return [
      ...rates,
      ...queries,
      { metric: 'stop the server and start it again', unit: 's', value: restartSeconds },
      ...(full && restarted
        ? [
            { metric: 'resident', unit: 'MiB' as const, value: full.memoryBytes / MIB },
            { metric: 'resident after the start', unit: 'MiB' as const, value: restarted.memoryBytes / MIB },
          ]
        : []),
    ];
  });
}

interface Range {
  readonly ids: Ids;
  readonly from: number;
  readonly size: number;
}

async function submit(server: MeanwhileServer, { ids, from, size }: Range): Promise<{ readonly seconds: number }> {
  return await submitTasks(server.client, {
    ...{ functionName: 'noop', count: size, connections: CONNECTIONS, payloadBytes: 100 },
    taskId: (index) => ids.taskId(from + index),
  });
}

/** `halfWayMs`: since the epoch, when half of the tasks had been accepted. */
async function seed(server: MeanwhileServer, count: number, ids: Ids): Promise<{ readonly halfWayMs: number }> {
  let halfWayMs = Number.NaN;
  for (let from = 0; from < count; from += BATCH_TASKS) {
    await submit(server, { ids, from, size: Math.min(BATCH_TASKS, count - from) });
    if (from <= count / 2) halfWayMs = Date.now();
  }
  return { halfWayMs };
}

/** @param turn the tasks of one turn, for either server; -1 is for the empty one to warm up */
async function measureRates(
  contender: Contender,
  full: MeanwhileServer,
  turn: (index: number) => Range,
): Promise<readonly Measurement[]> {
  return await withRunning(contender, async ({ meanwhile: empty }) => {
    if (empty === undefined) return [];
    await submit(empty, turn(-1));
    const rates = { empty: [] as number[], full: [] as number[] };
    for (let index = 0; index < TURNS; index += 1) {
      const range = turn(index);
      rates.empty.push(range.size / (await submit(empty, range)).seconds);
      rates.full.push(range.size / (await submit(full, range)).seconds);
    }
    return [
      { metric: 'accept while empty', unit: '/s', value: median(rates.empty) },
      { metric: 'accept while full', unit: '/s', value: median(rates.full) },
    ];
  });
}
