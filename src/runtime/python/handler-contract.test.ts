import { describe, expect, test } from 'vitest';
import { bytesShown } from '../bytes-shown.fixture.ts';
import { errorDocument, openBench, resultText, specOf, zipOf } from '../runtime.fixture.ts';
import { findPython } from './python-runtime.ts';

/*
 * Function Compute's contract with Python code, each case a real execution.
 */

const withPython = describe.skipIf((await findPython()) === undefined);

interface PythonError {
  readonly errorMessage: string;
  readonly errorType: string;
  readonly stackTrace: readonly unknown[];
}

withPython('a result', () => {
  test('becomes the bytes of its kind', async () => {
    const { run, spec } = await openBench();
    const results = await spec('results.py');
    const cases = [
      ['nothing', 'null'],
      ['string', 'grüß dich'],
      ['empty', ''],
      ['bytes', Buffer.from([0, 255, 10])],
      ['bytearray', Buffer.from([2, 3])],
      ['number', '42'],
      ['boolean', 'false'],
      ['object', '{\n    "a": 1,\n    "b": [\n        "x"\n    ]\n}'],
      ['decimal', '[\n    1.5\n]'],
      ['date', '[\n    "2022-04-01T10:04:19",\n    "2022-04-01"\n]'],
      ['toJson', '{\n    "order": 7\n}'],
    ] as const;
    for (const [event, expected] of cases) {
      const { outcome } = await run(results, { event });
      expect({ event, outcome }).toEqual({ event, outcome: { kind: 'returned', result: Buffer.from(expected) } });
    }
  });

  test.each([
    ['set', '{1} is not JSON serializable'],
    ['keys', expect.stringContaining("not supported between instances of 'str' and 'int'")],
  ])('of kind %s is an unhandled error that says why', async (event, errorMessage) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('results.py'), { event });
    expect(execution.outcome).toMatchObject({ kind: 'function-error', handled: false });
    expect(errorDocument(execution)).toMatchObject({ errorMessage, errorType: 'TypeError' });
  });

  test('of 32 MiB is given whole, and a larger one is an error that says how much is allowed', async () => {
    const { run, spec } = await openBench();
    const large = await spec('large_result.py', { memoryMb: 512 });
    const { outcome } = await run(large, { event: '33554432' });
    expect(outcome.kind === 'returned' && outcome.result.length).toBe(33_554_432);
    expect(errorDocument(await run(large, { event: '40000000' })).errorMessage).toBe(
      'The result has 40000000 bytes; at most 33554432 can be returned.',
    );
  });

  test('of an event of 8 MiB is those bytes', async () => {
    const { run, spec } = await openBench();
    const event = 'ab\0c'.repeat(2 ** 21);
    expect(resultText(await run(await spec('echo.py'), { event }))).toBe(event);
  });
});

withPython('an error', () => {
  test.each([
    ['raises', 'no such order', 'OrderError'],
    ['divides', 'division by zero', 'ZeroDivisionError'],
    ['cancelled', 'cancelled', 'CancelledError'],
    ['unprintable', '', 'Unprintable'],
    ['surrogate', 'half \ud83d', 'OrderError'],
  ])('that escapes (%s) is unhandled, and leaves the instance in use', async (event, errorMessage, errorType) => {
    const { run, spec } = await openBench();
    const errors = await spec('errors.py');
    const execution = await run(errors, { event });
    expect(execution.outcome).toMatchObject({ kind: 'function-error', handled: false });
    expect(errorDocument(execution)).toMatchObject({ errorMessage, errorType });
    expect(execution.logTail).toMatch(/FC Invoke End RequestId: r-1, Error: Unhandled function error\n$/);
    expect((await run(errors, { event })).instanceId).toBe(execution.instanceId);
  });

  test('with a message larger than a result may be is cut, and leaves the instance in use', async () => {
    const { run, spec } = await openBench();
    const errors = await spec('errors.py', { memoryMb: 1024 });
    const execution = await run(errors, { event: 'enormous' });
    expect(errorDocument(execution)).toEqual({
      errorMessage: `${'m'.repeat(64 * 1024)}… (${40 * 1024 * 1024} characters)`,
      errorType: 'OrderError',
      stackTrace: [],
    });
    expect((await run(errors, { event: 'raises' })).instanceId).toBe(execution.instanceId);
  });

  const frame = (line: number, place: string, code: string): readonly string[] => [
    'File "/code/index.py"',
    `line ${line}`,
    `in ${place}`,
    code,
  ];
  const called = frame(36, 'handler', 'return ERRORS[event.decode()]()');

  test.each([
    [
      'raises',
      'OrderError',
      'no such order',
      [
        frame(26, '<lambda>', '"raises": lambda: fail("no such order"),'),
        frame(14, 'fail', 'raise OrderError(message)'),
      ],
    ],
    ['divides', 'ZeroDivisionError', 'division by zero', [frame(27, '<lambda>', '"divides": lambda: 1 / 0,')]],
    ['cancelled', 'CancelledError', 'cancelled', [frame(18, 'cancelled', 'raise asyncio.CancelledError("cancelled")')]],
    ['unprintable', 'Unprintable', '', [frame(22, 'unprintable', 'raise Unprintable()')]],
  ])('that escapes (%s) is this document and this log', async (event, errorType, errorMessage, frames) => {
    const { folder, run, spec } = await openBench();
    const execution = await run(await spec('errors.py'), { event });
    const document = JSON.stringify({ errorMessage, errorType, stackTrace: [called, ...frames] }, null, 4);
    expect(bytesShown(execution, folder)).toEqual({
      document,
      log:
        `FC Invoke Start RequestId: r-1\n<time> r-1 [ERROR] ${document}\n` +
        'FC Invoke End RequestId: r-1, Error: Unhandled function error\n',
    });
  });
});

withPython('code that cannot be loaded', () => {
  test.each([
    ['syntax_error.py', 'index.handler', 'UserCodeSyntaxError', "Syntax error in module 'index'"],
    ['missing_module.py', 'index.handler', 'ImportModuleError', "Unable to import module 'index'"],
    ['raises_on_load.py', 'index.handler', 'UserCodeError', "Module initialization error: ''DATABASE''"],
    ['no_handler.py', 'index.handler', 'HandlerNotFound', "Handler 'handler' is missing on module 'index'"],
    ['echo.py', 'other.handler', 'ImportModuleError', "Unable to import module 'other'"],
    ['echo.py', 'handler', 'InvalidHandleName', "Invalid handler 'handler'"],
  ])('(%s as %s) is an initialization error of type %s', async (file, handler, errorType, errorMessage) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec(file, { handler }));
    expect(execution.outcome.kind).toBe('initialization-error');
    const document = errorDocument(execution) as PythonError;
    expect(document).toMatchObject({ errorType, errorMessage });
    expect(document.stackTrace.every((part) => typeof part === 'string')).toBe(true);
  });

  test('because it raises is this document and this log', async () => {
    const { folder, run, spec } = await openBench();
    const execution = await run(await spec('raises_on_load.py'));
    const file = 'File "/code/index.py"';
    const stackTrace = [
      ...[file, 'line 5', 'in <module>', 'read_settings()'],
      ...[file, 'line 2', 'in read_settings', 'raise KeyError("DATABASE")'],
      "KeyError: 'DATABASE'",
    ];
    const errorMessage = "Module initialization error: ''DATABASE''";
    const document = JSON.stringify({ errorMessage, errorType: 'UserCodeError', stackTrace }, null, 4);
    const log = `<time> <id> [ERROR] ${document}\n`;
    expect(bytesShown(execution, folder)).toEqual({ document, log });
  });

  test('because it exits is an initialization error that says so', async () => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('exits_on_load.py'));
    expect(errorDocument(execution).errorMessage).toMatch(/^Process exited unexpectedly \(exit code 4\)/);
  });
});

withPython('a handler', () => {
  test.each(['app/main.handler', 'app.main.handler'])('may lie in a folder: %s', async (handler) => {
    const { run, runtime } = await openBench();
    const admitted = await runtime.admitPackage(
      await zipOf({
        'app/main.py': 'from app.words import WORD\n\n\ndef handler(event, context):\n    return WORD\n',
        'app/words.py': 'WORD = "found"\n',
      }),
    );
    if ('problem' in admitted) throw new Error(admitted.problem);
    expect(resultText(await run(specOf({ runtime: 'python3', handler, code: admitted.package })))).toBe('found');
  });

  test.each(['spawn', 'fork'])('may use threads and start processes by %s', async (event) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('spawns_workers.py', { memoryMb: 512 }), { event });
    expect(JSON.parse(resultText(execution))).toEqual([[2, 4], ['r-1']]);
  });

  test.each([
    ['', -15],
    ['own handler', 7],
  ])('may end a process of its own by SIGTERM, which ends as the function says (%s)', async (event, exitCode) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('ends_worker.py'), { event });
    expect(JSON.parse(resultText(execution))).toEqual([exitCode]);
    expect(execution.logTail).not.toContain('timeout');
  });
});
