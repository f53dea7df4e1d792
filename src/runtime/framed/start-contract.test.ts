/** Starts of real processes that never say a word, because of the settings of a function or because of the machine. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { FunctionSettings } from '../../core/resources.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { bubblewrapWorks } from '../isolation/bubblewrap-works.fixture.ts';
import type { Enclosure } from '../isolation/isolation.ts';
import { type CommandLine, dressed } from '../process/shell.ts';
import { findPython } from '../python/python-runtime.ts';
import { errorDocument, machineClock, openBench, resultText, specOf, testFolder } from '../runtime.fixture.ts';
import { startFramedInstance } from './start-framed-instance.ts';

const hasPython = (await findPython()) !== undefined;
const TIERS = (await bubblewrapWorks()) ? (['process', 'require'] as const) : (['process'] as const);

type Case = readonly [file: string, what: string, variables: Record<string, string>, message: RegExp];
const CASES: readonly Case[] = [
  [
    'echo.js',
    'a module to load first',
    { NODE_OPTIONS: '--require ./missing.js' },
    /\(exit code 1\): [^]*Cannot find module '.\/missing.js'/,
  ],
  ['echo.js', 'an option', { NODE_OPTIONS: '--no-such-option' }, /\(exit code 9\): .*--no-such-option is not allowed/],
  ['echo.js', 'a long variable', { LONG: 'x'.repeat(140_000) }, /\(exit code 126\): .*Argument list too long/],
  ...(hasPython
    ? [['echo.py', 'a home', { PYTHONHOME: '/nowhere' }, /\(exit code 1\): [^]*Fatal Python error/] as const]
    : []),
];

describe.each(TIERS)('a runtime (isolation: %s)', (isolation) => {
  test.each(CASES)(
    'of %s that %s keeps from coming up is an error of the function',
    async (...[file, , variables, message]) => {
      const { run, spec } = await openBench({ isolation });
      const execution = await run(await spec(file, { environment: variables }));
      expect(execution.outcome.kind).toBe('initialization-error');
      const { errorMessage, errorType } = errorDocument(execution);
      expect(errorMessage).toMatch(/^The runtime did not come up/);
      expect(errorMessage).toMatch(message);
      expect(errorType).toBe('InitializationError');
    },
  );

  test('comes up with variables of any name', async () => {
    const { run, spec } = await openBench({ isolation });
    const execution = await run(await spec('context.js', { environment: { '-x': '1', 'a.b': '2' } }));
    const { environment } = JSON.parse(resultText(execution)) as { environment: Record<string, string> };
    expect(environment).toMatchObject({ '-x': '1', 'a.b': '2' });
  });
});

describe('a start that ends without a word', () => {
  const LIMITS = { openFilesMax: 256, fileBytesMax: 1024 * 1024, processesMax: undefined };
  const script = (text: string): CommandLine => ['/bin/sh', '-c', text];

  /** The outcome of a start whose process is this one. */
  async function outcomeOf(command: CommandLine) {
    const folder = await testFolder();
    const spec = specOf({ code: { sha256: '', sizeBytes: 0, checksum: '' } } satisfies Partial<FunctionSettings>);
    const enclosure: Enclosure = {
      ...{ folder, tempFolder: folder, codeFolder: folder, uid: undefined },
      ...{ placeOf: (path) => path, launch: () => ({ command, cwd: folder }), programPid: (pid) => pid },
      ...{ exitOf: (exit) => exit, members: () => [], started: () => undefined, exceeded: () => undefined },
      release: () => Promise.resolve(),
    };
    const started = await startFramedInstance({
      options: {
        ...{ ensureCode: () => Promise.resolve(folder), ensureLayers: () => Promise.resolve(undefined) },
        ...{ dataFolderId: randomUUID(), ownNetwork: false, clock: machineClock, logger: silentLogger },
        ...{ onLog: () => undefined, credentials: undefined },
        isolation: {
          ...{ tier: 'process', gaps: [], problems: [], enclosuresMax: 1 },
          ...{ enclose: () => Promise.resolve(enclosure), close: () => Promise.resolve() },
        },
      },
      language: { command: () => command, isOutOfMemory: () => false, terminationGraceMs: 0 },
      ...{ spec, instanceId: randomUUID(), signal: new AbortController().signal },
    });
    return started.kind === 'none' ? started.outcome : undefined;
  }

  test('before it comes to the runtime is the fault of the machine, and may be repeated', async () => {
    expect(await outcomeOf(script('echo no namespace >&2; exit 1'))).toEqual({
      kind: 'no-instance',
      reason: 'The runtime did not come up (exit code 1): no namespace\n',
    });
  });

  test.each([
    ['by itself', 'initialization-error', 'echo not today >&2; exit 3'],
    ['by a signal', 'no-instance', 'kill -KILL $$'],
  ])('once it came to the runtime, %s, is %s', async (_, kind, text) => {
    expect((await outcomeOf(dressed(script(text), LIMITS)))?.kind).toBe(kind);
  });
});
