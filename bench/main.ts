/**
 * `npm run bench [-- --quick] [--json]`: Meanwhile beside a bare `node:http` server that answers 202, on this machine,
 * in one run. Rounds alternate, so that a machine that slows down slows both; figures are medians with their spread, and
 * what counts is the ratio.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAccept, measureBare, measureDrain, measureEndToEnd, measureIdleLatency, type Rate } from './measure.ts';
import { type Spread, spreadOf } from './statistics.ts';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});

const ROUNDS = options.quick ? 1 : 5;
const REQUESTS = options.quick ? 3_000 : 30_000;
const BACKLOG = options.quick ? 2_000 : 20_000;
const IDLE_TASKS = options.quick ? 50 : 500;
const CONNECTIONS = [1, 16, 64, 256];

interface AcceptRow {
  readonly connections: number;
  readonly bare: Spread;
  readonly meanwhile: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly ratio: number;
}

async function acceptRow(connections: number): Promise<AcceptRow> {
  const count = connections === 1 ? REQUESTS / 10 : REQUESTS;
  const bare: Rate[] = [];
  const ours: Rate[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    progress(`accept, ${connections} connections, round ${round + 1} of ${ROUNDS}`);
    bare.push(await measureBare(count, connections));
    ours.push(await measureAccept(count, connections));
  }
  const rates = { bare: spreadOf(bare.map(perSecond)), meanwhile: spreadOf(ours.map(perSecond)) };
  return {
    connections,
    ...rates,
    p50Ms: spreadOf(ours.map(({ p50Ms }) => p50Ms)),
    p99Ms: spreadOf(ours.map(({ p99Ms }) => p99Ms)),
    ratio: rates.meanwhile.median / rates.bare.median,
  };
}

async function rounds(name: string, measure: () => Promise<number>): Promise<Spread> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    progress(`${name}, round ${round + 1} of ${ROUNDS}`);
    rates.push(await measure());
  }
  return spreadOf(rates);
}

const accept: AcceptRow[] = [];
for (const connections of CONNECTIONS) accept.push(await acceptRow(connections));
const endToEnd = await rounds('end to end', () => measureEndToEnd(REQUESTS, 64));
const drain = await rounds('drain', () => measureDrain(BACKLOG));
progress('idle latency');
const idle = await measureIdleLatency(IDLE_TASKS);

const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.version };
if (options.json) {
  console.log(JSON.stringify({ machine, rounds: ROUNDS, accept, endToEnd, drain, idle }, null, 2));
} else {
  console.log(
    `\n${machine.cores} cores (${machine.cpu}), Node ${machine.node}, ${ROUNDS} rounds; median (lowest to highest)\n`,
  );
  console.log('| durable accept, connections | bare node:http | Meanwhile | ratio | p50 | p99 |');
  console.log('|---|---|---|---|---|---|');
  for (const row of accept) {
    console.log(
      `| ${row.connections} | ${rate(row.bare)} | ${rate(row.meanwhile)} | ${row.ratio.toFixed(2)} | ${row.p50Ms.median.toFixed(1)} ms | ${row.p99Ms.median.toFixed(1)} ms |`,
    );
  }
  console.log('\n| | |\n|---|---|');
  console.log(`| end to end, ${REQUESTS} no-op tasks at 64 connections | ${rate(endToEnd)} |`);
  console.log(`| drain of ${BACKLOG} waiting no-op tasks | ${rate(drain)} |`);
  console.log(`| idle: request to handler start | p50 ${idle.p50Ms.toFixed(2)} ms, p99 ${idle.p99Ms.toFixed(2)} ms |`);
}

function perSecond(measured: Rate): number {
  return measured.perSecond;
}

function rate({ median, min, max }: Spread): string {
  return `${whole(median)}/s (${whole(min)} to ${whole(max)})`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** On standard error, so that the result can be piped. */
function progress(text: string): void {
  console.error(text);
}
