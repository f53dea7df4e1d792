import { execFileSync, spawn } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommandLine, dressed, environmentScript, joined } from './shell.ts';

const LIMITS = { openFilesMax: 256, fileBytesMax: 1024 * 1024, processesMax: undefined };
const PRINT_ENVIRONMENT: CommandLine = [process.execPath, '-p', 'JSON.stringify(process.env)'];

/** What a dressed program prints. */
function outputOf(command: CommandLine, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const [file, ...args] = dressed(command, LIMITS);
  const child = spawn(file, args, { env: {}, stdio: ['ignore', 'pipe', 'inherit', 'ignore', 'pipe'] });
  const input = child.stdio[4];
  if (input === null || input === undefined || !('end' in input)) throw new Error('no pipe');
  input.end(environmentScript(environment));
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve) => child.once('close', () => resolve(printed)));
}

describe('the variables of a program', () => {
  test('arrive as they are, whatever is in their names and values', async () => {
    const environment = {
      PLAIN: 'value',
      QUOTES: `it's "quoted" \\ $HOME $(id) \`id\``,
      LINES: '\nfirst\nsecond\n\n',
      EMPTY: '',
      '-x': 'looks like an option',
      'with.dots and blanks': `odd 'name'`,
      '-': '',
      UID: 'no number',
      OPTIND: 'none either',
      IFS: 'a',
    };
    expect(JSON.parse(await outputOf(PRINT_ENVIRONMENT, environment))).toMatchObject(environment);
  });

  test('arrive whatever they are', { timeout: 60_000 }, async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !value.includes('\0'));
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).map((letters) => `X_${letters}`);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, text, { maxKeys: 5 }), async (environment) => {
        expect(JSON.parse(await outputOf(PRINT_ENVIRONMENT, environment))).toMatchObject(environment);
      }),
      { numRuns: 20 },
    );
  });

  test('are obeyed by nothing before the program', async () => {
    const said = await outputOf(['/bin/sh', '-c', 'echo ran'], { PATH: '/nowhere', LD_PRELOAD: '', ENV: '/nowhere' });
    expect(said).toBe('ran\n');
  });
});

describe('a program', () => {
  test('has its limits, no core files and no descriptor of ours', async () => {
    const said = await outputOf(['/bin/sh', '-c', 'ulimit -n; ulimit -f; ls /proc/self/fd | wc -l']);
    const [openFiles, blocks, descriptors] = said.trim().split('\n').map(Number);
    expect([openFiles, blocks]).toEqual([256, 2048]);
    // Three standard ones and the one that lists them.
    expect(descriptors).toBeLessThanOrEqual(5);
  });

  test('does not start when it cannot join its cgroup', () => {
    const [file, ...args] = joined(['/bin/sh', '-c', 'echo ran; ulimit -c'], ['/nowhere/cgroup.procs']);
    expect(() => execFileSync(file, args, { stdio: 'pipe' })).toThrow(/cgroup.procs/);
  });

  test('that joins none has the pid of the shell and no core files', () => {
    const [file, ...args] = joined(['/bin/sh', '-c', 'ulimit -c']);
    expect(execFileSync(file, args).toString()).toBe('0\n');
  });
});
