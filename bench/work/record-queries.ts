/** Questions to a full store, each asked many times over one connection, and some times before the clock counts. */
import type { MeanwhileServer } from '../contenders/meanwhile-server.ts';
import { openLane } from '../load/raw-client.ts';
import { median, quantile } from '../report/statistics.ts';
import type { Measurement } from '../work.ts';

/** How a caller names its tasks. */
export interface Ids {
  readonly taskId: (index: number) => string;
  /** With so many tasks in the store. */
  readonly prefixOfAbout100: (count: number) => string;
}

export interface FullStore {
  readonly count: number;
  readonly ids: Ids;
  /** Since the epoch: when half of the tasks had been accepted. */
  readonly halfWayMs: number;
}

interface Question {
  readonly name: string;
  readonly method: 'GET' | 'PUT';
  /** Of the answer. */
  readonly status: number;
  /** Below the function. */
  readonly path: (round: number) => string;
  readonly warmUpRounds: number;
  readonly rounds: number;
}

const ROUNDS = 1_000;
const WARM_UP_ROUNDS = 200;
/** Each stops another task, so they are few: what they leave is the rare state that the lists look for. */
const STOPS = 100;
const FUNCTION = '/functions/noop';
const PAGE = 'limit=100';
/** How far the deep page lies behind the first, unless the store has not that many. */
const DEEP_PAGES = 500;

export async function measureQueries(server: MeanwhileServer, store: FullStore): Promise<readonly Measurement[]> {
  const deepToken = await tokenOfDeepPage(server, store);
  const results: Measurement[] = [];
  for (const question of [stop(store), get(store), ...lists(store, deepToken)]) {
    const times = await ask(server, question);
    results.push(
      { metric: `${question.name}, p50`, unit: 'ms', value: median(times) },
      { metric: `${question.name}, p99`, unit: 'ms', value: quantile(times, 0.99) },
    );
  }
  return results;
}

/** Asked first. */
function stop({ count, ids }: FullStore): Question {
  const first = Math.floor(count / 3);
  return {
    name: 'stop one',
    method: 'PUT',
    status: 204,
    path: (round) => `/async-tasks/${ids.taskId(first + round)}/stop`,
    warmUpRounds: 0,
    rounds: STOPS,
  };
}

const READ = { method: 'GET', status: 200, warmUpRounds: WARM_UP_ROUNDS, rounds: ROUNDS } as const;

function get({ count, ids }: FullStore): Question {
  const anyTask = (): string => ids.taskId(Math.floor(Math.random() * count));
  return { name: 'get one, any', ...READ, path: () => `/async-tasks/${anyTask()}` };
}

function lists({ count, ids, halfWayMs }: FullStore, deepToken: string): readonly Question[] {
  const all = `prefix=${ids.taskId(0).slice(0, 1)}`;
  const minute = `startedTimeBegin=${halfWayMs - 30_000}&startedTimeEnd=${halfWayMs + 30_000}`;
  const filters: readonly (readonly [name: string, query: string])[] = [
    ['first page', ''],
    ['deep page', `nextToken=${encodeURIComponent(deepToken)}`],
    ['oldest first', 'sortOrderByTime=asc'],
    ['status that all have', 'status=Enqueued'],
    ['status that 100 have', 'status=Stopped'],
    ['status that none has', 'status=Succeeded'],
    ['prefix of about 100', `prefix=${ids.prefixOfAbout100(count)}`],
    ['prefix of all', all],
    ['prefix of all and a status that 100 have', `${all}&status=Stopped`],
    ['prefix of none', 'prefix=none-'],
    ['a minute in the middle', minute],
    ['a window of nothing', 'startedTimeBegin=1&startedTimeEnd=2'],
  ];
  return filters.map(([name, query]) => ({
    name: `list, ${name}`,
    ...READ,
    path: () => `/async-tasks?${[PAGE, query].filter((part) => part !== '').join('&')}`,
  }));
}

/** Milliseconds from the request to the end of the answer. */
async function ask({ client }: MeanwhileServer, question: Question): Promise<readonly number[]> {
  const { method, status, path, warmUpRounds, rounds } = question;
  const lane = await openLane({ url: client.url, status });
  const times: number[] = [];
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    const request = client.prepare({ method, path: `${FUNCTION}${path(round)}`, body: Buffer.alloc(0) });
    const sentAtMs = await lane.send(request);
    if (round >= warmUpRounds) times.push(performance.timeOrigin + performance.now() - sentAtMs);
  }
  lane.close();
  return times;
}

async function tokenOfDeepPage({ client }: MeanwhileServer, { count }: FullStore): Promise<string> {
  const pages = Math.min(DEEP_PAGES, Math.floor(count / 100 / 2));
  let token = '';
  for (let page = 0; page < pages; page += 1) {
    const next = token === '' ? '' : `&nextToken=${encodeURIComponent(token)}`;
    const answer = await client.call('GET', `${FUNCTION}/async-tasks?${PAGE}${next}`);
    token = String(answer['nextToken']);
  }
  return token;
}
