import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contendersAsMarkdown, resultsAsMarkdown } from './markdown.ts';
import { plot } from './plot.ts';
import { merged, withFigures } from './publish.ts';
import { figure, results, workResults } from './report.fixture.ts';
import type { Results } from './results.ts';

const ORDER = { works: ['accept', 'drain'], contenders: ['meanwhile-sqlite', 'bare-http'] };
const PUBLISHED = join(import.meta.dirname, '../../docs/benchmarks');

test('a cell has the median, the spread, and the ratio to Meanwhile on SQLite', () => {
  const text = resultsAsMarkdown(results());
  expect(text).toContain('| <meanwhile-sqlite> | 10,000/s (9,999 to 10,001) |');
  expect(text).toContain('| <bare-http> | 25,000/s (24,999 to 25,001), ×2.50 |');
});

test('where SQLite was not measured, ratios are to Meanwhile on PostgreSQL', () => {
  const contenders = ['meanwhile-postgres', 'pg-boss'].map((name) => ({
    name,
    title: name,
    durability: '',
    settings: '',
  }));
  const figures = [figure('meanwhile-postgres', 8_000), figure('pg-boss', 2_000)];
  const text = resultsAsMarkdown(results({ contenders, works: [workResults({ figures })] }));
  expect(text).toContain('| meanwhile-postgres | 8,000/s (7,999 to 8,001) |');
  expect(text).toContain('| pg-boss | 2,000/s (1,999 to 2,001), ×0.25 |');
});

test('what a contender has no way to do is a dash, and what nobody did has no column', () => {
  const cases = ['64 connections', 'in bulk', 'never'].map((name) => ({ name }));
  const figures = [...workResults().figures, figure('bare-http', 7, { case: 'in bulk' })];
  const text = resultsAsMarkdown(results({ works: [workResults({ cases, figures })] }));
  expect(text).toContain('| <meanwhile-sqlite> | 10,000/s (9,999 to 10,001) | – |');
  expect(text).not.toContain('never');
});

test('a failure and a missing contender show with their reasons, on one line each', () => {
  const failures = [{ case: '64 connections', contender: 'bare-http', reason: 'Error: closed\n  at once' }];
  const text = resultsAsMarkdown(results({ works: [workResults({ figures: [], failures })] }));
  expect(text).toContain('- bare-http, 64 connections: failed: Error: closed / at once');
  const missing = { name: 'x', title: 'X', durability: 'd', settings: 's', missing: 'not\ninstalled' };
  expect(contendersAsMarkdown([missing])).toContain('| X | not measured: not / installed | d | s |');
});

test('a quick run says that its figures mean nothing', () => {
  expect(resultsAsMarkdown(results({ quick: true }))).toContain('Its figures mean nothing');
});

test('the plot has a bar for each contender, the longest for the largest figure', () => {
  const svg = plot(results());
  expect([...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => width)).toEqual(['200.0', '500.0']);
  expect(svg).toContain('>&lt;bare-http></text>');
});

test('publishing replaces what lies between the marks, and nothing else', () => {
  const page = withFigures(
    'before\n<!-- figures: written by `npm run bench -- --publish`, from benchmarks.json -->\nold\n<!-- end of figures -->\nafter\n',
    results(),
  );
  expect(page).toMatch(/^before\n<!-- figures[^]*10,000\/s[^]*<!-- end of figures -->\nafter\n$/);
  expect(page).not.toContain('old');
  expect(withFigures(page, results())).toBe(page);
  expect(() => withFigures('no marks', results())).toThrow('has lost its marks');
});

test('work that was not measured again stays, but never beside figures of another machine', () => {
  const drain = workResults({ name: 'drain' });
  const old = results({ works: [workResults({ seconds: 9 }), drain] });
  expect(merged(old, results(), ORDER).works).toEqual([workResults(), drain]);
  const oursAlone = { ...results(), contenders: results().contenders.slice(0, 1) };
  expect(merged(old, oursAlone, ORDER).contenders).toEqual(results().contenders);
  const elsewhere = results({ machine: { ...results().machine, cores: 64 } });
  expect(merged(old, elsewhere, ORDER)).toBe(elsewhere);
  expect(merged(undefined, old, ORDER)).toBe(old);
});

test.runIf(existsSync(`${PUBLISHED}.json`))(
  'the published tables and the plot are those of the published figures',
  () => {
    const published = JSON.parse(readFileSync(`${PUBLISHED}.json`, 'utf8')) as Results;
    const page = readFileSync(`${PUBLISHED}.md`, 'utf8');
    expect(withFigures(page, published)).toBe(page);
    expect(readFileSync(`${PUBLISHED}.svg`, 'utf8')).toBe(plot(published));
  },
);

test('work of many numbers and few cases is read downwards, one table a contender', () => {
  const figures = [
    figure('meanwhile-sqlite', 12, { case: 'full', metric: 'get one', unit: 'ms' }),
    figure('meanwhile-sqlite', 90, { case: 'full', metric: 'accept' }),
  ];
  const work = workResults({ layout: 'a row a metric', cases: [{ name: 'full' }], figures });
  const text = resultsAsMarkdown(results({ works: [work] }));
  expect(text).toContain('| <meanwhile-sqlite> | full |\n|---|---|\n| get one | 12.0 ms |\n| accept | 90/s |');
});
