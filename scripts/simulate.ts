/**
 * Runs the deterministic simulation over many seeds, or shows one of them (`HELP` says how). Ends with 1 when a seed
 * fails, or when over 1,000 seeds and more something never happened that should.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

/** What a worker reports of one seed. Threads are given their file by path: nothing imports test code. */
interface SeedReport {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly events: number;
  readonly simulatedMs: number;
  readonly hash: number;
  readonly coverage: ReadonlyMap<string, number>;
  readonly trace: readonly string[];
}

type Message = { readonly points: readonly string[] } | { readonly result: SeedReport };

const WORKER = new URL('../test/simulation/seed-worker.ts', import.meta.url);
/** With fewer seeds a rare event may be missing without a reason. */
const SEEDS_FOR_COVERAGE = 1_000;
const FAILURES_SHOWN = 20;
/** A run of many says now and then how far it is. */
const SEEDS_A_LINE = 10_000;

const HELP = `Runs nodes, clients and faults on simulated time, a world for each seed.

Usage: npm run simulate -- [options]

  --seeds n     how many (default 1000)
  --from n      the first (default 1)
  --jobs n      threads (default 2)
  --seed n      this one alone
  --trace       shows every event
  --mutant name with a fault put in on purpose: a file of test/simulation/mutants
  -h, --help    this

Examples:
  npm run simulate -- --seeds 10000
  npm run simulate -- --seed 42 --trace
  npm run simulate -- --mutant no-self-fencing --seeds 500
`;

const { values } = parsed();
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}

const from = wholeNumber('seed', values.seed ?? values.from);
const count = values.seed === undefined ? wholeNumber('seeds', values.seeds) : 1;
const jobs = Math.min(wholeNumber('jobs', values.jobs), count);
const startedAtMs = performance.now();

const seedsByPoint = new Map<string, number>();
const totals = { seeds: 0, events: 0, simulatedMs: 0, failed: 0 };

await Promise.all(Array.from({ length: jobs }, (_, job) => runJob(job)));
printSummary();

function parsed() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '1000' },
        from: { type: 'string', default: '1' },
        seed: { type: 'string' },
        jobs: { type: 'string', default: '2' },
        trace: { type: 'boolean', default: false },
        mutant: { type: 'string', default: '' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`simulate: ${error instanceof Error ? error.message : String(error)}. See --help.\n`);
    process.exit(2);
  }
}

/** Runs every `jobs`-th seed on a thread. Rejects when the thread breaks. */
async function runJob(job: number): Promise<void> {
  const order = {
    from: from + job,
    count: Math.ceil((count - job) / jobs),
    step: jobs,
    trace: values.trace,
    mutant: values.mutant,
  };
  const worker = new Worker(WORKER, { workerData: order });
  await new Promise<void>((resolve, reject) => {
    worker.on('message', receive);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

function receive(message: Message): void {
  if ('points' in message) {
    for (const point of message.points) if (!seedsByPoint.has(point)) seedsByPoint.set(point, 0);
    return;
  }
  const { result } = message;
  totals.seeds += 1;
  totals.events += result.events;
  totals.simulatedMs += result.simulatedMs;
  for (const point of result.coverage.keys()) seedsByPoint.set(point, (seedsByPoint.get(point) ?? 0) + 1);
  for (const line of result.trace) console.log(line);
  if (result.violations.length > 0) printFailure(result);
  if (totals.seeds % SEEDS_A_LINE === 0) console.error(`${totals.seeds} seeds, ${totals.failed} failed`);
}

function printFailure({ seed, violations }: SeedReport): void {
  totals.failed += 1;
  process.exitCode = 1;
  if (totals.failed > FAILURES_SHOWN) return;
  const mutant = values.mutant === '' ? '' : ` --mutant ${values.mutant}`;
  console.log(`seed ${seed}: ${violations[0] ?? ''}; again: npm run simulate -- --seed ${seed} --trace${mutant}`);
}

function printSummary(): void {
  const seconds = (performance.now() - startedAtMs) / 1000;
  const perSecond = (number: number): string => `${Math.round(number / seconds)}/s`;
  const hours = (totals.simulatedMs / 3_600_000).toFixed(1);
  console.log(
    `${totals.seeds} seeds (${perSecond(totals.seeds)}), ${totals.events} events (${perSecond(totals.events)})`,
  );
  console.log(`${hours} hours of simulated time in ${seconds.toFixed(1)} s; ${totals.failed} seeds failed`);
  console.log('seeds in which it happened:');
  for (const [point, seeds] of [...seedsByPoint].sort(([, a], [, b]) => a - b)) {
    console.log(`${String(seeds).padStart(8)}  ${point}`);
    if (seeds === 0 && count >= SEEDS_FOR_COVERAGE && values.mutant === '') process.exitCode = 1;
  }
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number from 1 (actual: '${text}')`);
}
