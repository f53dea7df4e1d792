/** `npm run bench`: see `--help`. Exits with 1 when something that was to be measured failed. */
import { writeFile } from 'node:fs/promises';
import { CONTENDERS } from './contenders/contenders.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import { removeLeftoversAtExit } from './process/leftovers.ts';
import { describeMachine } from './report/machine.ts';
import { contendersAsMarkdown, resultsAsMarkdown } from './report/markdown.ts';
import { type Progress, startProgress } from './report/progress.ts';
import { publish } from './report/publish.ts';
import type { ContenderEntry, Results, WorkResults } from './report/results.ts';
import { measureWorks, type Plan } from './run/measure-works.ts';
import { WORKS } from './work/works.ts';

const options = readOptions();
removeLeftoversAtExit();
const progress = startProgress(process.stderr);
const contenders = await prepareContenders(options, progress);
const works: WorkResults[] = [];
const plan: Plan = {
  works: options.works,
  contenders: options.contenders.filter(({ name }) =>
    contenders.some((entry) => entry.name === name && entry.missing === undefined),
  ),
  scale: options.scale,
};
for await (const work of measureWorks(plan, progress)) {
  works.push(work);
  // After each: a run takes hours, and what was measured before an end in the middle counts as well.
  await save(resultsSoFar());
}
progress.end();
console.log(`${resultsAsMarkdown(resultsSoFar())}\n\n### Contenders\n\n${contendersAsMarkdown(contenders)}`);
if (works.some(({ failures }) => failures.length > 0)) process.exitCode = 1;

function resultsSoFar(): Results {
  return { format: 1, quick: options.quick, machine: describeMachine(), contenders, works };
}

async function save(results: Results): Promise<void> {
  const { jsonPath } = options;
  if (jsonPath !== undefined) await writeFile(jsonPath, `${JSON.stringify(results, null, 2)}\n`);
  const order = { works: WORKS.map(({ name }) => name), contenders: CONTENDERS.map(({ name }) => name) };
  if (options.publish) await publish(results, order);
}

function readOptions(): Options {
  try {
    const found = parseOptions(process.argv.slice(2));
    if (found) return found;
    process.stdout.write(HELP);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\nbench: --help shows how\n`);
    process.exit(2);
  }
}

async function prepareContenders({ contenders, mayInstall }: Options, report: Progress): Promise<ContenderEntry[]> {
  const entries: ContenderEntry[] = [];
  for (const contender of contenders) {
    report.say(`preparing ${contender.title}`);
    const { name, title, durability, settings } = contender;
    const availability = await contender.prepare({ mayInstall });
    if ('missing' in availability) report.say(`${title} is missing: ${availability.missing}`);
    entries.push({ name, title, durability, settings, ...availability });
  }
  return entries;
}
