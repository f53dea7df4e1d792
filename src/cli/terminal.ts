/** What a command prints to and reads its surroundings from; tests give their own. */

export interface Terminal {
  /** Results alone, so that they can be piped. A whole line, without its end. */
  print(line: string): void;
  /** Everything that is meant for a person: errors, hints. */
  note(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly style: Style;
}

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
}

const PLAIN: Style = { bold: same, dim: same, red: same };
const COLOURED: Style = { bold: escape(1, 22), dim: escape(2, 22), red: escape(31, 39) };

/** Colours only on a terminal, and not where NO_COLOR is set to anything (no-color.org) or the terminal has none. */
export function styleFor(isScreen: boolean, env: Terminal['env']): Style {
  return isScreen && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? COLOURED : PLAIN;
}

/** The terminal that this process was started from. */
export function processTerminal(): Terminal {
  const { env, stdout, stderr } = process;
  return {
    print: (line) => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    env,
    // Help goes to one and errors to the other: coloured only where neither is a file.
    style: styleFor(stdout.isTTY && stderr.isTTY, env),
  };
}

function same(text: string): string {
  return text;
}

function escape(on: number, off: number): (text: string) => string {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}
