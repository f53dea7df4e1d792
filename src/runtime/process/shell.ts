/**
 * What a shell does for a child before it becomes the program: all that needs no tool.
 *
 * The function's variables come in last, by a file descriptor, when nothing but the function's own rights is left. Before
 * that they would be obeyed by what still has the server's: `LD_PRELOAD` by every program, `PATH` by the search for one.
 */

/** Where a child reads its variables, and says that it has them: from then on what goes wrong is the program's. */
export const ENVIRONMENT_FD = 4;

export interface ProcessLimits {
  readonly openFilesMax: number;
  /** One file; the folder as a whole is watched. */
  readonly fileBytesMax: number;
  /** Of the user as a whole, so only for one that is not shared; undefined for no limit. */
  readonly processesMax: number | undefined;
}

export type CommandLine = readonly [command: string, ...args: string[]];

/** The unit of `ulimit -f`. */
const BLOCK_BYTES = 512;
/** Core files hold secrets and fill disks. */
const NO_CORE_FILES = 'ulimit -c 0';
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Shells keep these for themselves: to set them is an error, or changes the shell. */
const SHELL_NAMES = new Set(['EUID', 'GROUPS', 'IFS', 'OPTIND', 'PPID', 'SHELLOPTS', 'BASHOPTS', 'UID']);

/**
 * Joins cgroups and becomes the command, whose pid is that of the shell.
 *
 * @param join files to write its own process id into; it does not start when it cannot
 */
export function joined(command: CommandLine, join: readonly string[] = []): CommandLine {
  const joins = join.map((_, index) => `echo $$ > "$${index + 1}" || exit 125`);
  const shift = join.length === 0 ? [] : [`shift ${join.length}`];
  return asShell([NO_CORE_FILES, ...joins, ...shift], [...join, ...command]);
}

/** Takes its limits and its variables, which come from `ENVIRONMENT_FD`, and becomes the program. */
export function dressed(program: CommandLine, limits: ProcessLimits): CommandLine {
  const variables = `eval "$(/bin/cat <&${ENVIRONMENT_FD})"`;
  const dressed = `echo >&${ENVIRONMENT_FD}\nexec ${ENVIRONMENT_FD}<&-`;
  return asShell([...limitLines(limits), variables, dressed], program);
}

/** What `dressed` reads. */
export function environmentScript(environment: Readonly<Record<string, string>>): string {
  const entries = Object.entries(environment);
  const isPlain = (name: string): boolean => IDENTIFIER.test(name) && !SHELL_NAMES.has(name);
  const plain = entries.filter(([name]) => isPlain(name)).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const odd = entries.filter(([name]) => !isPlain(name)).map(([name, value]) => quoted(`${name}=${value}`));
  if (odd.length > 0) plain.push(`set -- /usr/bin/env -- ${odd.join(' ')} "$@"`);
  return `${plain.join('\n')}\n`;
}

function asShell(lines: readonly string[], rest: readonly string[]): CommandLine {
  return ['/bin/sh', '-c', [...lines, 'exec "$@"'].join('\n'), 'sh', ...rest];
}

/** A limit of the operator's that is lower stays. Shells differ in the letter for processes. */
function limitLines({ fileBytesMax, openFilesMax, processesMax }: ProcessLimits): string[] {
  const lines = [`ulimit -n ${openFilesMax} || :`, `ulimit -f ${Math.ceil(fileBytesMax / BLOCK_BYTES)} || :`];
  if (processesMax !== undefined) lines.push(`ulimit -u ${processesMax} || ulimit -p ${processesMax} || :`);
  return lines.map((line) => `{ ${line}; } 2>/dev/null`);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
