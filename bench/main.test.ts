import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from './process/run-command.ts';
import { temporaryFolder } from './process/temporary-folder.ts';
import type { Results } from './report/results.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

test('a quick run measures each case on each contender, and writes every figure', async () => {
  const { printed, results } = await quickRun('--only', 'meanwhile-sqlite,bare-http', '--work', 'accept,drain');

  expect(printed).toContain('### Durable accept');
  expect(results).toMatchObject({ format: 1, quick: true });
  expect(results.works.flatMap(({ failures }) => failures)).toEqual([]);
  const figures = results.works.flatMap((work) => work.figures.map((one) => ({ work: work.name, ...one })));
  const rates = figures.filter(({ metric }) => metric === 'rate');
  expect(rates.map(({ work, case: name, contender }) => `${work}, ${name}, ${contender}`)).toEqual([
    'accept, 1 connection, meanwhile-sqlite',
    'accept, 1 connection, bare-http',
    'accept, 64 connections, meanwhile-sqlite',
    'accept, 64 connections, bare-http',
    'drain, 500 waiting, meanwhile-sqlite',
  ]);
  for (const one of figures) {
    expect(one).toEqual({
      ...{ work: one.work, case: one.case, contender: one.contender, metric: one.metric, unit: one.unit, rounds: 1 },
      ...{ median: expect.any(Number), min: one.median, max: one.median },
    });
  }
});

test('nodes of one database are measured with what a task costs it, wherever there is a PostgreSQL', async () => {
  const { results } = await quickRun('--only', 'meanwhile-postgres,bare-http', '--work', 'nodes');
  const [work] = results.works;
  const postgres = results.contenders.find(({ name }) => name === 'meanwhile-postgres');
  const measured = postgres?.missing === undefined ? ['1 node', '2 nodes', '3 nodes'] : [];

  expect(work?.failures).toEqual([]);
  for (const metric of [
    'rate',
    'CPU per task, database',
    'write-ahead log per task',
    'writing transactions per task',
  ]) {
    const figures = work?.figures.filter((figure) => figure.metric === metric) ?? [];
    expect(figures.map((figure) => figure.case)).toEqual(measured);
    for (const { contender, median } of figures) {
      expect(contender).toBe('meanwhile-postgres');
      // Processor time is told in steps of 10 ms, and so few tasks may take less.
      if (metric.startsWith('CPU')) expect(median).toBeGreaterThanOrEqual(0);
      else expect(median).toBeGreaterThan(0);
    }
  }
});

async function quickRun(...args: readonly string[]): Promise<{ printed: string; results: Results }> {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'results.json');
  const printed = await runCommand(process.execPath, [MAIN, '--quick', ...args, '--json', file]);
  const results = JSON.parse(await readFile(file, 'utf8')) as Results;
  await folder.remove();
  return { printed, results };
}

test('a wrong option is refused before anything is started', async () => {
  await expect(runCommand(process.execPath, [MAIN, '--only', 'sqs'])).rejects.toThrow(/there is no "sqs".*\n.*--help/);
});
