/** What is looked at in a table of many tasks: the plans of the statements that run, with how many rows those read. */
import { type Client, escapeLiteral } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Store, TaskQuery } from '../store.ts';
import { openPostgresStore } from './postgres-store.ts';
import { Session } from './session.ts';
import type { SqlValue, Statement } from './statement.ts';
import { administratorClient, SMALL, takeSchema } from './temporary-store.fixture.ts';

const TASKS = 30_000;
/** It takes two seconds, and many times that where other suites run. */
const FILL_MS_MAX = 120_000;
const LIMIT = 20;
const STATES = 10;
const QUALIFIERS = 2;
/** The first of each state and qualifier, and one to see whether there are more. */
const PAGE_ROWS = STATES * QUALIFIERS * (LIMIT + 1);
/** Names that are counted before a prefix is taken for a frequent one, and ten pages of each state and qualifier. */
const FREQUENT_PREFIX_ROWS = 2_001 + 10 * PAGE_ROWS;

/** All states in turn but Stopped, which one task in ten thousand has; two qualifiers; ids in no order. */
const FILL = `
  INSERT INTO interned_function (account, function_name) VALUES ('a', 'f');
  INSERT INTO interned_target (function_id, qualifier) VALUES (1, 'LATEST'), (1, 'prod');
  INSERT INTO task (id, accepted_at_ms, expires_at_ms, due_at_ms, ended_at_ms, duration_ms, function_id, target_id, hops,
    retry_count_max, attempt, fence, retry_count, lost_count, refused_count, status, tracked, destination_status, task_id,
    request_id, owner, error, history)
  SELECT n, n, n, n, CASE WHEN status >= 5 THEN n END, 0, 1, 1 + n % 2, 0, 0, 0, 0, 0, 0, 0, status, 1, 0,
    CASE WHEN n <= 30 THEN 'rare-' ELSE 'frequent-' END || md5(n::text), 'r', CASE WHEN status BETWEEN 2 AND 4 THEN 'o' END, '', '[]'
  FROM (
    SELECT n, CASE WHEN n % 10 = 7 AND n % 10000 <> 7 THEN 6 ELSE n % 10 END AS status
    FROM generate_series(1, ${TASKS}) AS n) AS made`;

let store: Store;
let client: Client;

beforeAll(async () => {
  const { schema, url } = await takeSchema();
  store = await openPostgresStore({ ...SMALL, url });
  client = await administratorClient();
  // As every session of the store has it.
  await client.query(
    `SET search_path TO ${schema}; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;
      SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; ${FILL}`,
  );
}, FILL_MS_MAX);

afterAll(async () => {
  await store.close();
});

it.each<readonly [filter: string, query: Partial<TaskQuery>, rowsMax: number]>([
  ['no filter', {}, PAGE_ROWS],
  ['a deep cursor', { after: { acceptedAtMs: TASKS / 2, sequence: TASKS / 2 } }, PAGE_ROWS],
  ['the qualifier', { qualifier: 'prod' }, PAGE_ROWS],
  ['a frequent status', { status: 'Succeeded' }, PAGE_ROWS],
  ['a rare status', { status: 'Stopped' }, PAGE_ROWS],
  ['a window', { acceptedFromMs: 20_000, acceptedToMs: 20_100 }, PAGE_ROWS],
  ['status, qualifier and window', { status: 'Failed', qualifier: 'prod', acceptedFromMs: 20_000 }, PAGE_ROWS],
  ['a rare prefix', { idPrefix: 'rare-' }, PAGE_ROWS],
  ['a prefix that none has', { idPrefix: 'never-' }, PAGE_ROWS],
  ['a frequent prefix', { idPrefix: 'frequent-' }, FREQUENT_PREFIX_ROWS],
  ['payloads', { includePayload: true }, PAGE_ROWS],
])('a list by %s walks an index, however many tasks there are', async (_, query, rowsMax) => {
  for (const order of ['oldest-first', 'newest-first'] as const) {
    const statements = await statementsOf({ ...query, order });
    expect(statements.length).toBeGreaterThan(0);
    let rows = 0;
    for (const statement of statements) {
      for (const scan of await scansOfTasks(statement)) {
        expect(scan['Node Type']).toMatch(/^Index (Only )?Scan$/);
        rows += rowsOf(scan);
      }
    }
    expect(rows).toBeLessThanOrEqual(rowsMax);
  }
});

it('retention reads the tasks that it deletes, however many have ended', async () => {
  // With statistics: it was by those that the planner thought better of the index.
  await client.query('ANALYZE task');
  const sent = vi.spyOn(Session.prototype, 'write');
  expect(await store.deleteEnded({ trackedBeforeMs: TASKS, limit: 100 })).toBe(100);
  const runs = sent.mock.calls.map(([statement, values = []]) => ({ statement, values }));
  sent.mockRestore();

  await client.query('BEGIN');
  const scans = (await Promise.all(runs.map(scansOfTasks))).flat();
  await client.query('ROLLBACK');
  expect(scans.length).toBeGreaterThan(0);
  for (const scan of scans) expect(rowsOf(scan)).toBeLessThanOrEqual(100);
});

interface Run {
  readonly statement: Statement;
  readonly values: readonly SqlValue[];
}

/** What a list sends to the server. */
async function statementsOf(query: Partial<TaskQuery>): Promise<readonly Run[]> {
  const sent = vi.spyOn(Session.prototype, 'query');
  await store.listTasks({
    ...{ account: 'a', functionName: 'f', order: 'newest-first', limit: LIMIT, includePayload: false },
    ...query,
  });
  const runs = sent.mock.calls.map(([statement, values = []]) => ({ statement, values }));
  sent.mockRestore();
  return runs.filter(({ statement }) => /^(list|count_by)_/.test(statement.name));
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

async function scansOfTasks({ statement, values }: Run): Promise<readonly PlanNode[]> {
  const literals = values.map((value) => (value === null ? 'NULL' : escapeLiteral(String(value))));
  await client.query(`PREPARE explained AS ${statement.text}`);
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained (${literals.join(', ')})`,
    );
    return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => nodesOf(Plan)));
  } finally {
    await client.query('DEALLOCATE explained');
  }
}

function nodesOf(node: PlanNode): PlanNode[] {
  const below = (node.Plans ?? []).flatMap(nodesOf);
  return node['Relation Name'] === 'task' && node['Node Type'] !== 'ModifyTable' ? [node, ...below] : below;
}

function rowsOf(scan: PlanNode): number {
  return (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)) * scan['Actual Loops'];
}
