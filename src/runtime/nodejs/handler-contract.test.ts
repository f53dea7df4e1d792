import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MIB } from '../../core/limits.ts';
import { bytesShown } from '../bytes-shown.fixture.ts';
import { errorDocument, openBench, resultText, specOf, testFolder, zipOf } from '../runtime.fixture.ts';

/*
 * Function Compute's contract with Node.js code, each case a real execution.
 */

describe('a result', () => {
  const cases = [
    ['nothing', ''],
    ['null', ''],
    ['string', 'grüß dich'],
    ['emptyString', ''],
    ['number', '42'],
    ['zero', '0'],
    ['boolean', 'false'],
    ['object', '{"a":[1,"b"]}'],
    ['buffer', Buffer.from([0, 255, 10])],
    ['bytes', Buffer.from([2, 3])],
  ] as const;

  for (const handler of ['byPromise', 'byReturn', 'byCallback']) {
    test(`${handler} becomes the bytes of its kind`, async () => {
      const { run, spec } = await openBench();
      const results = await spec('results.js', { handler: `index.${handler}` });
      for (const [event, expected] of cases) {
        const { outcome } = await run(results, { event });
        expect({ event, outcome }).toEqual({ event, outcome: { kind: 'returned', result: Buffer.from(expected) } });
      }
    });
  }

  test.each(['bigint', 'circular', 'symbol'])('of kind %s is an unhandled error that says why', async (event) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('results.js', { handler: 'index.byPromise' }), { event });
    expect(execution.outcome).toMatchObject({ kind: 'function-error', handled: false });
    expect(errorDocument(execution).errorMessage).toMatch(/^The result cannot be written as JSON: /);
  });
});

describe('a call is over', () => {
  test.each([
    ['firstCallbackWins', 'first'],
    ['callbackBeforePromise', 'callback'],
    ['callbackLater', 'later'],
    ['returnsATimer', 'later'],
    ['returnsAfterCallback', 'callback'],
    ['returnsOnly', 'returned'],
    ['asyncThatCallsBackLater', 'later'],
    ['asyncThatForgets', ''],
    ['thenable', 'then'],
  ])('as %s says', async (name, expected) => {
    const { run, spec } = await openBench();
    const completion = await spec('completion.js', { handler: `index.${name}` });
    expect(resultText(await run(completion))).toBe(expected);
    // And the instance is good for the next one.
    expect(resultText(await run(completion))).toBe(expected);
  });

  test('when it calls back with an error, whatever it returned before', async () => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('completion.js', { handler: 'index.returnsTrue' }));
    expect(execution.outcome).toMatchObject({ kind: 'function-error', handled: true });
    expect(errorDocument(execution).errorMessage).toBe('failed later');
  });
});

describe('an error', () => {
  const thrownBy = (place: string, message: string): readonly string[] => [
    `OrderError: ${message}`,
    `    at ${place})`,
    '    at exports.handler (/code/index.js:36:77)',
  ];
  const HANDLED = 'FunctionHandledError';
  const UNHANDLED = 'FunctionUnhandledError';
  const OWN = `${UNHANDLED}: OrderError`;

  test.each([
    [
      'callbackError',
      'OrderError',
      'no such order',
      thrownBy('Object.callbackError (/code/index.js:6:41', 'no such order'),
    ],
    ['callbackString', HANDLED, 'plain words', 'plain words'],
    ['callbackObject', HANDLED, '{"code":7}', '{ code: 7 }'],
    ['callbackBuffer', HANDLED, 'bytes', '<Buffer 62 79 74 65 73>'],
    ['throws', OWN, 'thrown', thrownBy('Object.throws (/code/index.js:11:11', 'thrown')],
    ['throwsString', UNHANDLED, 'a string', 'a string'],
    ['throwsNothing', UNHANDLED, 'undefined', 'undefined'],
    ['throwsObject', UNHANDLED, '{"code":7,"message":"as an object"}', "{ code: 7, message: 'as an object' }"],
    ['rejects', OWN, 'rejected', thrownBy('Object.rejects (/code/index.js:26:33', 'rejected')],
    [
      'uncaught',
      OWN,
      'nobody caught it',
      thrownBy('Immediate.<anonymous> (/code/index.js:29:13', 'nobody caught it').slice(0, 2),
    ],
    [
      'unhandledRejection',
      OWN,
      'nobody handled it',
      thrownBy('Object.unhandledRejection (/code/index.js:33:20', 'nobody handled it'),
    ],
  ])('by %s is this document and this log', async (event, errorType, errorMessage, logged) => {
    const { folder, run, spec } = await openBench();
    const execution = await run(await spec('errors.js'), { event });
    const handled = event.startsWith('callback');
    expect(execution.outcome).toMatchObject({ kind: 'function-error', handled });
    const stack = typeof logged === 'string' ? {} : { stackTrace: logged };
    const lines = [logged].flat().join('\n');
    expect(bytesShown(execution, folder)).toEqual({
      document: JSON.stringify({ errorMessage, errorType, ...stack }),
      log:
        `FC Invoke Start RequestId: r-1\n<time> r-1 [error] ${lines}\n` +
        `FC Invoke End RequestId: r-1, Error: ${handled ? 'Handled' : 'Unhandled'} function error\n`,
    });
  });

  test('with a message larger than a result may be is cut, and leaves the instance in use', async () => {
    const { run, spec } = await openBench();
    const errors = await spec('errors.js', { memoryMb: 1024 });
    const execution = await run(errors, { event: 'throwsEnormous' });
    expect(errorDocument(execution)).toEqual({
      errorMessage: `${'m'.repeat(64 * 1024)}… (${40 * MIB} characters)`,
      errorType: OWN,
      stackTrace: [],
    });
    expect((await run(errors, { event: 'throws' })).instanceId).toBe(execution.instanceId);
  });

  test('of another context of node:vm is an error like others', async () => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('errors.js'), { event: 'throwsForeign' });
    expect(errorDocument(execution).errorType).toBe(`${UNHANDLED}: TypeError`);
  });

  test.each([
    ['uncaught', false],
    ['throws', true],
    ['callbackError', true],
  ])('by %s leaves the instance in use: %s', async (event, reused) => {
    const { run, spec } = await openBench();
    const errors = await spec('errors.js');
    const first = await run(errors, { event });
    const second = await run(errors, { event });
    expect(second.instanceId === first.instanceId).toBe(reused);
  });
});

describe('packages of a function', () => {
  test('are found where the data folder lies behind a symbolic link', async () => {
    const folder = await testFolder();
    await mkdir(join(folder, 'real'));
    await symlink('real', join(folder, 'link'));
    const { run, runtime } = await openBench({ cacheFolder: join(folder, 'link', 'code') });
    const admitted = await runtime.admitPackage(
      await zipOf({
        'index.js': "exports.handler = async () => require('greet');",
        'node_modules/greet/index.js': "module.exports = require('words').join(' ');",
        'node_modules/words/index.js': "module.exports = ['hello', 'there'];",
      }),
    );
    if ('problem' in admitted) throw new Error(admitted.problem);
    expect(resultText(await run(specOf({ code: admitted.package })))).toBe('hello there');
  });
});

describe('code that cannot be loaded', () => {
  test.each([
    ['syntax-error.js', 'index.handler', 'UserCodeSyntaxError', "Unexpected token '=>'"],
    [
      'missing-module.js',
      'index.handler',
      'ImportModuleError',
      expect.stringMatching(/^Cannot find module 'no-such-module'/),
    ],
    ['throws-on-load.js', 'index.handler', 'UserCodeError', 'not today'],
    ['no-handler.js', 'index.handler', 'HandlerNotFound', "Function 'handler' is not exported by 'index'."],
    ['echo.js', 'other.handler', 'ImportModuleError', "Cannot find module 'other' in the code package."],
    ['echo.js', 'handler', 'InvalidHandlerName', "Handler 'handler' is not of the form file.function."],
    ['exits-on-load.js', 'index.handler', 'InitializationError', expect.stringMatching(/^Process exited unexpectedly/)],
  ])('%s as %s is an initialization error of type %s', async (file, handler, errorType, errorMessage) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec(file, { handler }));
    expect(execution.outcome.kind).toBe('initialization-error');
    expect(errorDocument(execution)).toMatchObject({ errorMessage, errorType });
  });

  test('because it throws is this document and this log', async () => {
    const { folder, run, spec } = await openBench();
    const execution = await run(await spec('throws-on-load.js'));
    const stackTrace = ['RangeError: not today', '    at Object.<anonymous> (/code/index.js:1:7)'];
    expect(bytesShown(execution, folder)).toEqual({
      document: JSON.stringify({ errorMessage: 'not today', errorType: 'UserCodeError', stackTrace }),
      log: `<time> <id> [error] ${stackTrace.join('\n')}\n`,
    });
  });

  test.each([
    ['module.mjs', 'es module x'],
    ['awaits-at-top.mjs', 'hello'],
  ])('is not an ES module: %s runs', async (file, expected) => {
    const { run, spec } = await openBench();
    expect(resultText(await run(await spec(file), { event: 'x' }))).toBe(expected);
  });
});
