/** Arguments in, exit code out: finds the command, reads its options, and prints what went wrong. */
import { parseArgs } from 'node:util';
import { ConfigError } from '../config/load-config.ts';
import {
  type Command,
  CommandError,
  type CommandInput,
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE,
  UsageError,
} from './command.ts';
import { helpOf, overview, overviewOf } from './help.ts';
import type { Terminal } from './terminal.ts';

/** Never rejects but for a fault of the program. */
export async function runCommandLine(
  commands: readonly Command[],
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { words, wantsHelp } = readWords(args);
  const command = findCommand(commands, words);
  if (command === undefined) return withoutCommand(commands, words, terminal);
  if (wantsHelp) {
    terminal.print(helpOf(command, terminal.style));
    return EXIT_OK;
  }
  try {
    return await command.run(readInput(command, words), terminal);
  } catch (error) {
    return report(error, command, terminal);
  }
}

/** `help serve` is `serve --help`, and `--version` is `version`: what users of other programs try. */
function readWords(args: readonly string[]): { words: readonly string[]; wantsHelp: boolean } {
  const words = args.filter((arg) => arg !== '--help' && arg !== '-h');
  const [first, ...rest] = words;
  if (first === 'help' && rest.length > 0) return { words: rest, wantsHelp: true };
  const wantsHelp = words.length < args.length;
  return { words: first === '--version' || first === '-v' ? ['version', ...rest] : words, wantsHelp };
}

/** The command whose words the line begins with; `keys create` before `keys`. */
function findCommand(commands: readonly Command[], words: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
}

function withoutCommand(commands: readonly Command[], words: readonly string[], terminal: Terminal): number {
  const [first, second] = words;
  if (first === undefined) {
    terminal.print(overview(commands, terminal.style));
    return EXIT_OK;
  }
  const siblings = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (siblings.length > 0 && second === undefined) {
    terminal.print(overviewOf(first, siblings, terminal.style));
    return EXIT_OK;
  }
  const tried = siblings.length > 0 && second !== undefined ? `${first} ${second}` : first;
  const choices = (siblings.length > 0 ? siblings : commands).map(({ name }) => name);
  terminal.note(fault(`there is no command \`${tried}\`; the commands are ${choices.join(', ')}`, terminal));
  return EXIT_USAGE;
}

function readInput(command: Command, words: readonly string[]): CommandInput {
  const options = Object.fromEntries(
    command.options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' } as const]),
  );
  const args = words.slice(command.name.split(' ').length);
  const { values, positionals } = parse(args, options);
  const expected = command.argument === '' ? 0 : 1;
  if (positionals.length > expected) throw new UsageError(`unexpected argument \`${positionals[expected] ?? ''}\``);
  if (positionals.length < expected && command.argument.startsWith('<')) {
    throw new UsageError(`${command.argument} is missing`);
  }
  const given = Object.entries(values);
  return {
    argument: positionals[0],
    values: Object.fromEntries(given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))),
    switches: new Set(given.flatMap(([name, value]) => (value === true ? [name] : []))),
  };
}

type OptionTypes = Record<string, { readonly type: 'boolean' | 'string' }>;

function parse(args: string[], options: OptionTypes) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // parseArgs explains itself well; only its first sentence is about what was typed.
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

function report(error: unknown, command: Command, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.note(fault(error.message, terminal));
    terminal.note(`Run \`meanwhile ${command.name} --help\` to see what it takes.`);
    return EXIT_USAGE;
  }
  if (error instanceof ConfigError) {
    for (const problem of error.problems) terminal.note(fault(problem, terminal));
    return EXIT_USAGE;
  }
  if (error instanceof CommandError) {
    terminal.note(fault(error.message, terminal));
    return EXIT_FAILED;
  }
  throw error;
}

function fault(message: string, { style }: Terminal): string {
  return `${style.red('meanwhile:')} ${message}`;
}
