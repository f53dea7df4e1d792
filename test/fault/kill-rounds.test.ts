/** kill -9 of the server at random instants under load: what was acknowledged is there, and ends, once. */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { brokenPromises } from './check.ts';
import { allEnded, deployLedger, listTasks } from './ledger-function.ts';
import { readExecutions } from './ledgers.ts';
import { type Load, resubmitUnknown, runLoad, unexpectedAnswers } from './load.ts';

const ROUNDS = Number(process.env['MEANWHILE_KILL_ROUNDS'] ?? 30);
const RETRY_COUNT_MAX = 2;

it(`keeps every promise through ${ROUNDS} kills under load`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'meanwhile-fault-'));
  const ledger = join(folder, 'executions.jsonl');
  await writeFile(ledger, '');
  const load: Load = { functionName: 'ledger', submissions: [] };
  const options = { dataDir: join(folder, 'data'), env: { MEANWHILE_LOG_LEVEL: 'warn' } };

  let server = await startServer(options);
  await deployLedger(server.host, { ledger, retryCountMax: RETRY_COUNT_MAX });
  for (let round = 0; round < ROUNDS; round += 1) {
    let killed = false;
    const running = runLoad(server.host, load, () => killed);
    await delay(50 + randomInt(950));
    await server.kill();
    killed = true;
    await running;
    server = await startServer(options);
  }
  await resubmitUnknown(server.host, load);
  await until('every task has ended', () => allEnded(server.host), 120_000);

  const tasks = await listTasks(server.host);
  const { submissions } = load;
  const executions = readExecutions(ledger);
  const evidence = { submissions, executions, tasks, retryCountMax: RETRY_COUNT_MAX };
  await writeFile(join(folder, 'evidence.json'), JSON.stringify({ ...evidence, tasks: [...tasks.values()] }));

  expect(brokenPromises(evidence), `see ${folder}`).toEqual([]);
  expect(unexpectedAnswers).toEqual([]);
  // The rounds bite only if something was under way when the server was killed.
  const claims = [...tasks.values()].map(({ events }) => events.filter(({ status }) => status === 'Dequeued').length);
  const rescued = claims.filter((count) => count > 1).length;
  expect(submissions.length).toBeGreaterThan(ROUNDS * 10);
  expect(rescued).toBeGreaterThan(0);
  process.stdout.write(
    `${ROUNDS} kills, ${submissions.length} submissions, ${executions.length} execution lines, ${rescued} claimed again\n`,
  );

  await server.stop();
  await rm(folder, { recursive: true });
}, 600_000);
