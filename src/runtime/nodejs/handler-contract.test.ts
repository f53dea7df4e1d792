import { describe, expect, test } from 'vitest';
import { errorDocument, openBench, resultText } from '../runtime.fixture.ts';

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
});

describe('an error', () => {
  test.each([
    ['callbackError', true, 'no such order', 'OrderError'],
    ['callbackString', true, 'plain words', 'FunctionHandledError'],
    ['callbackObject', true, '{"code":7}', 'FunctionHandledError'],
    ['callbackBuffer', true, 'bytes', 'FunctionHandledError'],
    ['throws', false, 'thrown', 'FunctionUnhandledError: OrderError'],
    ['throwsString', false, 'a string', 'FunctionUnhandledError'],
    ['throwsNothing', false, 'undefined', 'FunctionUnhandledError'],
    ['rejects', false, 'rejected', 'FunctionUnhandledError: OrderError'],
    ['uncaught', false, 'nobody caught it', 'FunctionUnhandledError: OrderError'],
    ['unhandledRejection', false, 'nobody handled it', 'FunctionUnhandledError: OrderError'],
  ])('by %s', async (event, handled, errorMessage, errorType) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('errors.js'), { event });
    expect(execution.outcome).toMatchObject({ kind: 'function-error', handled });
    expect(errorDocument(execution)).toMatchObject({ errorMessage, errorType });
    const mark = `FC Invoke End RequestId: r-1, Error: ${handled ? 'Handled' : 'Unhandled'} function error\n`;
    expect(execution.logTail.endsWith(mark)).toBe(true);
  });

  test('object shows its stack line by line, in the document and in the log', async () => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('errors.js'), { event: 'throws' });
    const { stackTrace } = errorDocument(execution);
    expect(stackTrace[0]).toBe('OrderError: thrown');
    expect(stackTrace[1]).toMatch(/^ {4}at .*index\.js:\d+:\d+\)$/);
    expect(execution.logTail).toContain(stackTrace[1]);
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

describe('code that cannot be loaded', () => {
  test.each([
    ['syntax-error.js', 'index.handler', 'UserCodeSyntaxError'],
    ['missing-module.js', 'index.handler', 'ImportModuleError'],
    ['throws-on-load.js', 'index.handler', 'UserCodeError'],
    ['no-handler.js', 'index.handler', 'HandlerNotFound'],
    ['echo.js', 'other.handler', 'ImportModuleError'],
    ['echo.js', 'handler', 'InvalidHandlerName'],
    ['exits-on-load.js', 'index.handler', 'InitializationError'],
  ])('%s as %s is an initialization error of type %s', async (file, handler, errorType) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec(file, { handler }));
    expect(execution.outcome.kind).toBe('initialization-error');
    expect(errorDocument(execution).errorType).toBe(errorType);
  });

  test.each([
    ['module.mjs', 'es module x'],
    ['awaits-at-top.mjs', 'hello'],
  ])('is not an ES module: %s runs', async (file, expected) => {
    const { run, spec } = await openBench();
    expect(resultText(await run(await spec(file), { event: 'x' }))).toBe(expected);
  });
});
