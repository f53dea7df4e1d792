/**
 * Runs the fault families in one of three sizes, and says what the runs prove (`HELP` says how). Ends with 1 when a
 * promise was broken, and with 3 when nothing was but a family could not run on this machine.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { endServers } from '../support/server.ts';
import { FAMILIES } from './families/all-families.ts';
import type { FaultFamily, Tier } from './families/family.ts';
import { addRound, emptyReport, type FamilyReport, reportLines } from './report.ts';

const TIERS: readonly Tier[] = ['commit', 'nightly', 'release'];

const EXIT_INTERRUPTED = 130;

const ALL = FAMILIES.map(({ name }) => name).join(',');
const HELP = `Breaks servers in many ways, and compares what they had promised with what became of it.

Usage: npm run fault -- [options]

  --tier name    commit (the size of npm test; default), nightly or release
  --only a,b     these families alone: ${ALL}
  --rounds n     of each family, in the place of the tier's
  --round n      this one alone
  --seed n       what chance decides (default: another one each time)
  --json         the report as JSON on standard output
  -h, --help     this

Examples:
  npm run fault -- --tier nightly
  npm run fault -- --only kill,power --rounds 10
  npm run fault -- --only kill --seed 7 --round 3      one round again
`;

const { values } = parsed();
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endServers().finally(() => process.exit(EXIT_INTERRUPTED)));
}

const seed = wholeNumber('seed', values.seed);
const reports: FamilyReport[] = [];
for (const family of chosenFamilies()) reports.push(await runFamily(family));
await endServers();
process.stdout.write(values.json ? `${JSON.stringify({ seed, reports }, null, 2)}\n` : reportLines(seed, reports));
if (reports.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
else if (reports.some(({ missing }) => missing !== null)) process.exitCode = 3;

function parsed() {
  try {
    return parseArgs({
      options: {
        tier: { type: 'string', default: 'commit' },
        only: { type: 'string', default: ALL },
        seed: { type: 'string', default: String(randomInt(1_000_000)) },
        rounds: { type: 'string' },
        round: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`fault: ${error instanceof Error ? error.message : String(error)}. See --help.\n`);
    process.exit(2);
  }
}

async function runFamily(family: FaultFamily): Promise<FamilyReport> {
  const missing = family.missing?.();
  const report = emptyReport(family, missing);
  if (missing !== undefined) return report;
  const startedAtMs = performance.now();
  for (const number of roundNumbers(family)) {
    const progress = (what: string): void => showProgress(`${family.name} round ${number}: ${what}`);
    try {
      addRound(report, number, await family.run({ seed, number, progress }));
    } catch (error) {
      // A round that cannot be brought to its end proves nothing, and counts as a failure.
      addRound(report, number, { trials: 0, broken: [String(error)], counts: {} });
      await endServers();
    }
    report.seconds = Math.round((performance.now() - startedAtMs) / 1000);
    showProgress(`${family.name}: ${report.trials} ${family.trials}, ${report.failures.length} failures\n`);
  }
  return report;
}

function roundNumbers({ rounds }: FaultFamily): readonly number[] {
  if (values.round !== undefined) return [wholeNumber('round', values.round)];
  const count = values.rounds === undefined ? rounds[chosenTier()] : wholeNumber('rounds', values.rounds);
  return Array.from({ length: count }, (_, index) => index + 1);
}

function chosenTier(): Tier {
  const tier = TIERS.find((name) => name === values.tier);
  if (tier !== undefined) return tier;
  throw new Error(`--tier must be one of ${TIERS.join(', ')} (actual: '${values.tier}')`);
}

function chosenFamilies(): readonly FaultFamily[] {
  return values.only.split(',').map((name) => {
    const family = FAMILIES.find((one) => one.name === name);
    if (family !== undefined) return family;
    throw new Error(`--only takes ${FAMILIES.map((one) => one.name).join(', ')} (actual: '${name}')`);
  });
}

/** One line that is written over on a terminal; nothing but the ends of rounds elsewhere. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text.endsWith('\n')) process.stderr.write(text);
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`--${name} must be a whole number (actual: '${text}')`);
}
