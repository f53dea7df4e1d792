/** The help texts: one for the whole, one for each command. */
import type { Command, Option } from './command.ts';
import type { Style } from './terminal.ts';

const HELP_OPTION: Option = { name: 'help', doc: 'Show this text.' };

export function overview(commands: readonly Command[], style: Style): string {
  const rows = commands.map((command) => [usageOf(command), command.summary] as const);
  return [
    'Meanwhile runs asynchronous function invocations behind the Function Compute API.',
    '',
    style.bold('Commands'),
    ...table(rows),
    '',
    style.bold('Examples'),
    '  meanwhile serve',
    '  meanwhile keys create --json',
    '',
    `${style.dim('More on each:')} meanwhile <command> --help`,
  ].join('\n');
}

/** The commands that begin with one word, as those of `keys`. */
export function overviewOf(word: string, commands: readonly Command[], style: Style): string {
  return [
    style.bold(`Commands of ${word}`),
    ...table(commands.map((command) => [usageOf(command), command.summary] as const)),
    '',
    `${style.dim('More on each:')} meanwhile ${word} <command> --help`,
  ].join('\n');
}

export function helpOf(command: Command, style: Style): string {
  const options = [...command.options, HELP_OPTION];
  return [
    `${command.summary}.`,
    '',
    style.bold('Usage'),
    `  meanwhile ${usageOf(command)} [options]`,
    '',
    style.bold('Options'),
    ...table(
      options.map(({ name, value, doc }) => [`--${name}${value === undefined ? '' : ` ${value}`}`, doc] as const),
    ),
    '',
    ...(command.notes ?? []).flatMap((note) => [...wrap(note, TEXT_WIDTH), '']),
    style.bold('Examples'),
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n');
}

function usageOf({ name, argument }: Command): string {
  return argument === '' ? name : `${name} ${argument}`;
}

const TEXT_WIDTH = 100;
const COLUMN_MAX = 34;

/** Two columns; the second is folded under itself. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(COLUMN_MAX, Math.max(...rows.map(([left]) => left.length)));
  const indent = ' '.repeat(width + 4);
  return rows.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrap(right, TEXT_WIDTH - indent.length);
    return [`  ${left.padEnd(width)}  ${first}`, ...rest.map((line) => `${indent}${line}`)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
