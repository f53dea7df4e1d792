import { describe, expect, test } from 'vitest';
import { ConfigError } from '../config/load-config.ts';
import { type Command, CommandError, type CommandInput } from './command.ts';
import { recordingTerminal } from './recording-terminal.fixture.ts';
import { runCommandLine } from './run-command-line.ts';
import { styleFor } from './terminal.ts';

const SERVE = command('serve');
const CREATE = command('keys create', {
  options: [
    { name: 'account', value: 'ID', doc: 'The account.' },
    { name: 'json', doc: 'JSON.' },
  ],
});
const REMOVE = command('keys delete', { argument: '<access key id>' });
const COMMANDS = [SERVE, CREATE, REMOVE];

function command(name: string, more: Partial<Command> = {}): Command {
  return {
    name,
    summary: `Do ${name}`,
    argument: '',
    options: [],
    examples: [`meanwhile ${name}`],
    run: async () => 0,
    ...more,
  };
}

async function run(args: string, commands: readonly Command[] = COMMANDS) {
  const terminal = recordingTerminal();
  const exitCode = await runCommandLine(commands, args.split(' ').filter(Boolean), terminal);
  return { exitCode, printed: terminal.printed.join('\n'), noted: terminal.noted.join('\n') };
}

/** What the command was given. */
async function inputOf(args: string, tried: Command): Promise<CommandInput | undefined> {
  let given: CommandInput | undefined;
  const recording: Command = {
    ...tried,
    run: async (input) => {
      given = input;
      return 0;
    },
  };
  await run(args, [recording]);
  return given;
}

test('without a command, the commands are shown', async () => {
  const { exitCode, printed } = await run('');
  expect(exitCode).toBe(0);
  for (const { name, summary } of COMMANDS) {
    expect(printed).toContain(name);
    expect(printed).toContain(summary);
  }
});

test.for(COMMANDS)('the help of $name shows how it is used, by example too', async ({ name, argument, examples }) => {
  const { exitCode, printed } = await run(`${name} --help`);
  expect(exitCode).toBe(0);
  expect(printed).toContain(`meanwhile ${name}${argument === '' ? '' : ` ${argument}`}`);
  expect(printed).toContain(examples[0]);
});

test.for(['keys', 'keys --help', 'help keys'])('`%s` shows the commands of keys alone', async (args) => {
  const { exitCode, printed } = await run(args);
  expect(exitCode).toBe(0);
  for (const { name, summary } of [CREATE, REMOVE]) {
    expect(printed).toContain(name);
    expect(printed).toContain(summary);
  }
  expect(printed).not.toContain(SERVE.summary);
});

test.for(['serve', 'keys create'])('`help %s` is its `--help`', async (name) => {
  expect(await run(`help ${name}`)).toEqual(await run(`${name} --help`));
});

test('`help walk` says that there is no such command', async () => {
  const { exitCode, noted } = await run('help walk');
  expect(exitCode).toBe(2);
  expect(noted).toContain('there is no command `walk`');
});

test.for(['--version', '-v'])('`%s` is the command version', async (flag) => {
  const version = command('version', {
    options: [{ name: 'json', doc: 'JSON.' }],
    run: async ({ switches }, terminal) => {
      terminal.print(switches.has('json') ? '{}' : '1.2.3');
      return 0;
    },
  });
  expect(await run(flag, [version])).toEqual({ exitCode: 0, printed: '1.2.3', noted: '' });
  expect(await run(`${flag} --json`, [version])).toEqual({ exitCode: 0, printed: '{}', noted: '' });
});

test('options, switches and the argument reach the command', async () => {
  const created = await inputOf('keys create --account 7 --json', CREATE);
  expect(created).toEqual({ argument: undefined, values: { account: '7' }, switches: new Set(['json']) });
  expect(await inputOf('keys delete ak', REMOVE)).toMatchObject({ argument: 'ak' });
});

test.for([
  ['walk', 'there is no command `walk`; the commands are serve, keys create, keys delete'],
  ['keys burn', 'there is no command `keys burn`; the commands are keys create, keys delete'],
  ['serve now', 'unexpected argument `now`'],
  ['serve --now', "Unknown option '--now'"],
  ['keys create --account', "Option '--account <value>' argument missing"],
  ['keys delete', '<access key id> is missing'],
] as const)('`%s` is a wrong command line and exits with 2', async ([args, message]) => {
  const { exitCode, printed, noted } = await run(args);
  expect({ exitCode, printed }).toEqual({ exitCode: 2, printed: '' });
  expect(noted.split('\n')[0]).toBe(`meanwhile: ${message}`);
});

describe('a command that fails', () => {
  const failing = (error: Error) => [command('serve', { run: () => Promise.reject(error) })];

  test('exits with 1 and says why on standard error', async () => {
    const result = await run('serve', failing(new CommandError('the port is taken')));
    expect(result).toEqual({ exitCode: 1, printed: '', noted: 'meanwhile: the port is taken' });
  });

  test('exits with 2 and every problem when the settings are wrong', async () => {
    const result = await run('serve', failing(new ConfigError(['one', 'two'])));
    expect(result).toEqual({ exitCode: 2, printed: '', noted: 'meanwhile: one\nmeanwhile: two' });
  });

  test('by a fault of the program is not taken for a wrong use of it', async () => {
    await expect(run('serve', failing(new TypeError('undefined is not a function')))).rejects.toThrow(TypeError);
  });
});

test.for([
  [true, {}, '\u001b[1mx\u001b[22m'],
  [false, {}, 'x'],
  [true, { NO_COLOR: '1' }, 'x'],
  [true, { TERM: 'dumb' }, 'x'],
] as const)('on a screen: %s, in the environment %j, bold text is %j', ([isScreen, env, text]) => {
  expect(styleFor(isScreen, env).bold('x')).toBe(text);
});
