/** Looks at the processes of this machine through /proc: who a server has started, and who is left of them. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  /** Clock ticks since boot; with the pid it names a process for ever. */
  readonly startTicks: string;
}

/** Every process but the dead that nobody has waited for yet. */
export function listProcesses(): readonly ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== undefined);
}

function readProcess(pid: number): ProcessEntry | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name in brackets may hold blanks and brackets itself.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parentPid, startTicks] = [fields?.[0], fields?.[1], fields?.[19]];
  if (state === undefined || state === 'Z' || startTicks === undefined) return undefined;
  return { pid, parentPid: Number(parentPid), startTicks };
}

/** Children, their children, and so on. */
export function descendantsOf(pid: number): readonly ProcessEntry[] {
  const all = listProcesses();
  const found: ProcessEntry[] = [];
  const parents = new Set([pid]);
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const entry of all) {
      if (!parents.has(entry.parentPid) || parents.has(entry.pid)) continue;
      parents.add(entry.pid);
      found.push(entry);
    }
  }
  return found;
}

/** Those of `entries` that still run, and everybody who works below `folder` or was started with it in the environment. */
export function remainders(entries: readonly ProcessEntry[], folder: string): readonly number[] {
  const known = new Set(entries.map(({ pid, startTicks }) => `${pid}/${startTicks}`));
  return listProcesses()
    .filter(({ pid, startTicks }) => pid !== process.pid && (known.has(`${pid}/${startTicks}`) || uses(pid, folder)))
    .map(({ pid }) => pid);
}

function uses(pid: number, folder: string): boolean {
  const workingFolder = attempt(() => readlinkSync(`/proc/${pid}/cwd`)) ?? '';
  const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8')) ?? '';
  return workingFolder.startsWith(folder) || environment.includes(folder);
}

/** Undefined where the process has just gone, or belongs to somebody else. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
