/** Lets everything come to its end on a server without faults, and compares the two ledgers with what it says then. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../support/until.ts';
import { brokenPromises, type Evidence } from './evidence/check.ts';
import { type LedgerLine, readLedger, type TaskView } from './evidence/ledgers.ts';
import { allEnded, listTasks } from './load/ledger-function.ts';
import type { Load } from './load/load.ts';
import { lostFunctions } from './load/marked-function.ts';

/** Generous: it ends a round that hangs, and decides nothing else. */
const DRAIN_MAX_MS = 240_000;

export interface Verdict {
  /** One sentence each. */
  readonly broken: readonly string[];
  readonly tasks: ReadonlyMap<string, TaskView>;
  readonly lines: readonly LedgerLine[];
}

export interface Case extends Pick<Evidence, 'retryCountMax' | 'clockJumps' | 'stopGraceMs' | 'neverTwoAtOnce'> {
  readonly load: Load;
  /** The file that the functions write to. */
  readonly ledger: string;
}

export async function reachVerdict(host: string, { load, ledger, ...rules }: Case): Promise<Verdict> {
  await until('every task has ended', () => allEnded(host), DRAIN_MAX_MS);
  await load.resubmitUnknown(host);
  await until('the last has ended', () => allEnded(host), DRAIN_MAX_MS);
  const tasks = await listTasks(host);
  await until('every end is delivered', () => undelivered(tasks, readLedger(ledger)) === 0, DRAIN_MAX_MS).catch(
    // The checker names the tasks.
    () => undefined,
  );
  const lines = readLedger(ledger);
  const { submissions, unexpectedAnswers, functions } = load;
  const broken = [
    ...brokenPromises({ submissions, lines, tasks, ...rules }),
    ...unexpectedAnswers.map((answer) => `an answer that nothing explains: ${answer}`),
    ...(await lostFunctions(host, functions)),
  ];
  return { broken, tasks, lines };
}

/** Removes what a round wrote, or leaves it with the evidence when a promise was broken. */
export async function closeFolder(folder: string, { submissions }: Load, verdict: Verdict): Promise<void> {
  const { broken, lines, tasks } = verdict;
  if (broken.length === 0) await rm(folder, { recursive: true });
  else {
    const evidence = { broken, submissions, lines, tasks: [...tasks.values()] };
    await writeFile(join(folder, 'evidence.json'), JSON.stringify(evidence));
  }
}

function undelivered(tasks: ReadonlyMap<string, TaskView>, lines: readonly LedgerLine[]): number {
  const told = new Set(lines.filter(({ kind }) => kind === 'delivery').map(({ taskId }) => taskId));
  return [...tasks.keys()].filter((taskId) => !told.has(taskId)).length;
}
