/**
 * What hostile functions do, and what each isolation makes of it. Each is a file in test/fixtures/functions/hostile;
 * docs/isolation.md has the table that `hostileTable` makes of them.
 */

/** How an execution ended, as its caller sees it. */
export type End = 'answered' | 'timed out' | 'out of memory' | 'exited' | 'error';

/** The isolations that differ: bubblewrap, processes with a user each, processes as the user of the server. */
export const ISOLATIONS = ['bubblewrap', 'users', 'shared'] as const;
export type Isolation = (typeof ISOLATIONS)[number];

export interface HostileCase {
  readonly file: string;
  /** What it does, to go after "a function that". */
  readonly does: string;
  readonly ends: readonly End[];
  /** Default 3. */
  readonly timeoutSeconds?: number;
  /** What its answer must be when it answers; by default anything. */
  readonly answer?: RegExp;
  /** Where it gets what it wants, and so is not run: what it gets. */
  readonly gets?: Partial<Readonly<Record<Isolation, string>>>;
}

const NOTHING = /^0$/;

export const HOSTILE: readonly HostileCase[] = [
  {
    file: 'forks-without-end.js',
    does: 'forks without end',
    ends: ['timed out', 'out of memory', 'exited', 'error'],
    gets: { shared: 'as many processes as the server’s user may have, unless it has a cgroup' },
  },
  { file: 'starts-threads.js', does: 'starts threads without end', ends: ['timed out', 'out of memory', 'exited'] },
  {
    file: 'takes-memory.js',
    does: 'takes memory outside of its heap',
    ends: ['out of memory'],
    // It gets there, however busy the machine is.
    timeoutSeconds: 60,
  },
  { file: 'fills-heap.js', does: 'fills its heap', ends: ['out of memory', 'timed out'] },
  { file: 'loops.js', does: 'loops without end', ends: ['timed out'] },
  {
    file: 'loops-in-microtasks.js',
    does: 'lets nothing else of its process have a turn',
    ends: ['timed out', 'out of memory'],
  },
  { file: 'ignores-signals.js', does: 'ignores all signals that can be ignored', ends: ['timed out'] },
  {
    file: 'leaves-a-daemon.js',
    does: 'leaves a process that has nothing of it: session, parents, environment',
    ends: ['answered'],
    gets: { shared: 'a process that lives on, unless it has a cgroup' },
  },
  {
    file: 'leaves-files.js',
    does: 'leaves files in /tmp, /var/tmp and /dev/shm',
    ends: ['answered'],
    gets: { shared: 'files that stay, but for those in its temp folder' },
  },
  { file: 'stops-itself.js', does: 'stops itself with SIGSTOP', ends: ['timed out'] },
  {
    file: 'opens-files.js',
    does: 'opens files without end',
    ends: ['answered', 'timed out', 'exited'],
    answer: /^EMFILE$/,
  },
  { file: 'grows-a-file.js', does: 'makes a file of 100 GiB', ends: ['error', 'exited'] },
  { file: 'floods-output.js', does: 'prints 64 MiB', ends: ['answered', 'timed out'], answer: /^flooded$/ },
  { file: 'prints-controls.js', does: 'prints control characters and forged marks', ends: ['answered'] },
  { file: 'returns-too-much.js', does: 'returns 64 MiB', ends: ['error'] },
  { file: 'returns-deep-json.js', does: 'returns JSON a million levels deep', ends: ['answered'] },
  { file: 'returns-a-cycle.js', does: 'returns what is no JSON', ends: ['error'] },
  { file: 'closes-the-pipe.js', does: 'closes the pipe to the server', ends: ['error', 'exited', 'timed out'] },
  { file: 'garbles-the-pipe.js', does: 'writes garbage into it', ends: ['exited'] },
  { file: 'floods-the-pipe.js', does: 'floods it with log', ends: ['timed out', 'exited'] },
  { file: 'forges-a-result.js', does: 'forges the result of another request', ends: ['exited'] },
  { file: 'exits.js', does: 'exits at once', ends: ['exited'] },
  { file: 'exits-later.js', does: 'exits after its answer', ends: ['answered'] },
  { file: 'crashes.js', does: 'crashes by SIGSEGV', ends: ['exited'] },
  { file: 'throws-later.js', does: 'throws after its answer', ends: ['answered'] },
  { file: 'leaves-timers.js', does: 'goes on after its answer', ends: ['answered'] },
  { file: 'links-to-elsewhere.js', does: 'links from its temp folder to the data folder and to /', ends: ['answered'] },
  { file: 'nests-folders.js', does: 'nests folders deeper than a path can say', ends: ['answered', 'exited'] },
  { file: 'calls-the-server.js', does: 'calls the API without a signature', ends: ['answered'], answer: /^40[0-9]$/ },
  {
    file: 'writes-to-code.js',
    does: 'writes to its own code',
    ends: ['answered'],
    answer: NOTHING,
    gets: { shared: 'its code changed, for its own instances' },
  },
  {
    file: 'reads-processes.js',
    does: 'reads what all processes show of themselves in /proc',
    ends: ['answered'],
    gets: { shared: 'the environment of the server and of other functions' },
  },
  {
    file: 'reads-data.js',
    does: 'reads the data folder: database, keys, code and folders of others',
    ends: ['answered'],
    gets: { shared: 'all of it' },
  },
  {
    file: 'ends-the-server.js',
    does: 'kills its parent and the server',
    ends: ['answered', 'exited'],
    answer: NOTHING,
    gets: { shared: 'the server ended' },
  },
  {
    file: 'gains-rights.js',
    does: 'mounts, changes its user, gives its files away',
    ends: ['answered'],
    answer: NOTHING,
  },
  { file: 'writes-everywhere.js', does: 'writes to folders of the system', ends: ['answered'], answer: NOTHING },
];

/** The table of docs/isolation.md. */
export function hostileTable(): string {
  const rows = HOSTILE.map(({ does, ends, gets }) => {
    const columns = ISOLATIONS.map((isolation) => gets?.[isolation] ?? 'held');
    return `| ${does} | ${ends.join(', ')} | ${columns.join(' | ')} |`;
  });
  const heading = '| a function that | ends as | bubblewrap | process, a user each | process, the user of the server |';
  return `${heading}\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}
