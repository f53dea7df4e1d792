import { describe, expect, test } from 'vitest';
import { zipOf } from '../support/code-package.ts';
import { createFunction, createTaskFunction, runTask } from '../support/functions.ts';
import { useServer } from './use-server.ts';

const bench = useServer();

/** A function of one file. */
async function createFunctionOf(source: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const zipFile = (await zipOf({ 'index.js': source })).toString('base64');
  return await createFunction(bench.sdk(), { more: { code: { zipFile }, ...more } });
}

async function invoke(functionName: string, payload: unknown = {}, options: Readonly<Record<string, unknown>> = {}) {
  const answer = await bench.sdk().invoke(functionName, { payload: JSON.stringify(payload), ...options });
  const text = answer.body.toString();
  return { text, errorType: answer.headers['x-fc-error-type'], headers: answer.headers };
}

describe.concurrent('what a handler returns becomes bytes:', () => {
  test.each([
    ["callback(null, 'text')", 'text'],
    ['callback(null, Buffer.from([104, 105]))', 'hi'],
    ['callback(null, { a: [1] })', '{"a":[1]}'],
    ['callback(null, 17)', '17'],
    ['callback(null, true)', 'true'],
    ['callback(null, null)', ''],
    ['callback(null)', ''],
    ["callback(null, 'first'); callback(null, 'second')", 'first'],
  ])('%s', async (statement, expected) => {
    const functionName = await createFunctionOf(`exports.handler = (event, context, callback) => { ${statement}; };`);
    expect(await invoke(functionName)).toMatchObject({ text: expected, errorType: undefined });
  });

  test.each([
    ["async () => 'promised'", 'promised'],
    ['(event, context) => Promise.resolve({ got: event.toString() })', '{"got":"{}"}'],
  ])('%s', async (handler, expected) => {
    const functionName = await createFunctionOf(`exports.handler = ${handler};`);
    expect(await invoke(functionName)).toMatchObject({ text: expected, errorType: undefined });
  });

  test('the event is a Buffer of the very bytes that were sent', async () => {
    const source = 'exports.handler = async (event) => `${Buffer.isBuffer(event)} ${event.toString("hex")}`;';
    const functionName = await createFunctionOf(source);
    const { body } = await bench.sdk().invoke(functionName, { payload: Buffer.from([0, 255, 10]) });
    expect(body.toString()).toBe('true 00ff0a');
  });
});

describe.concurrent('what a handler fails with becomes a document:', () => {
  test.each([
    ['a reported error', { fail: 'no' }, 'HandledInvocationError', { errorMessage: 'no', errorType: 'Error' }],
    [
      'a reported text',
      { failText: 'just text' },
      'HandledInvocationError',
      { errorMessage: 'just text', errorType: 'FunctionHandledError' },
    ],
    [
      'a thrown error',
      { throw: 'thrown' },
      'UnhandledInvocationError',
      { errorMessage: expect.stringContaining('thrown') },
    ],
    [
      'a rejection',
      { reject: 'rejected' },
      'UnhandledInvocationError',
      { errorMessage: expect.stringContaining('rejected') },
    ],
    [
      'an error that nobody caught',
      { leak: 'leaked' },
      'UnhandledInvocationError',
      { errorMessage: expect.stringContaining('leaked') },
    ],
    [
      'an exit',
      { exit: 3 },
      'UnhandledInvocationError',
      {
        errorMessage: expect.stringMatching(
          /^Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: /,
        ),
      },
    ],
  ])('%s', async (_, script, errorType, document) => {
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted' });
    const answer = await invoke(functionName, script);
    expect(answer.errorType).toBe(errorType);
    expect(JSON.parse(answer.text)).toMatchObject(document);
    expect((await invoke(functionName, { reply: 'next' })).text).toBe('next');
  });

  test('an error has its stack as an array of lines', async () => {
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted' });
    const { stackTrace } = JSON.parse((await invoke(functionName, { fail: 'no' })).text) as { stackTrace: string[] };
    expect(stackTrace[0]).toContain('Error: no');
    expect(stackTrace.join()).toContain('index.js');
  });

  test('too long a run', async () => {
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted', timeout: 1 });
    for (const script of [{ spin: true }, { waitFor: '/no/such/file' }]) {
      const { text, errorType } = await invoke(functionName, script);
      expect(errorType).toBe('UnhandledInvocationError');
      expect(JSON.parse(text)).toEqual({ errorMessage: expect.stringMatching(/^Function timed out after 1 seconds/) });
    }
    expect((await invoke(functionName, { reply: 'next' })).text).toBe('next');
  });

  test('too much memory', async () => {
    const functionName = await createFunction(bench.sdk(), {
      fixture: 'scripted',
      timeout: 30,
      more: { memorySize: 128 },
    });
    const { text, errorType } = await invoke(functionName, { hoard: true });
    expect(errorType).toBe('UnhandledInvocationError');
    expect(JSON.parse(text)).toEqual({ errorMessage: expect.stringContaining('out of memory') });
    expect((await invoke(functionName, { reply: 'next' })).text).toBe('next');
  });

  test.each([
    ['code that cannot be parsed', { 'index.js': 'this is not code' }, 'UserCodeSyntaxError'],
    ['a module that is missing', { 'index.js': "require('no-such-module');" }, 'ImportModuleError'],
    ['a file that is missing', { 'other.js': '' }, 'ImportModuleError'],
    ['a handler that is missing', { 'index.js': 'exports.other = 1;' }, 'HandlerNotFound'],
  ])('%s', async (_, files, errorType) => {
    const zipFile = (await zipOf(files)).toString('base64');
    const functionName = await createFunction(bench.sdk(), { more: { code: { zipFile } } });
    const answer = await invoke(functionName);
    expect(answer.errorType).toMatch(/^(InitializationError|UnhandledInvocationError)$/);
    expect(JSON.parse(answer.text)).toMatchObject({ errorType: expect.stringContaining(errorType) });
  });

  test('an initializer that fails', async () => {
    const more = {
      environmentVariables: { INITIALIZE_FAILS: 'not today' },
      instanceLifecycleConfig: { initializer: { handler: 'index.initialize', timeout: 3 } },
    };
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted', more });
    const answer = await invoke(functionName);
    expect(answer.errorType).toBe('InitializationError');
    expect(JSON.parse(answer.text)).toMatchObject({ errorMessage: expect.stringContaining('not today') });
  });
});

describe.concurrent('a handler is told', () => {
  test('who it is and what it runs for', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk, { fixture: 'scripted', timeout: 7 });
    const { text, headers } = await invoke(functionName, { context: true });
    expect(JSON.parse(text)).toMatchObject({
      requestId: headers['x-fc-request-id'],
      accountId: '1000000000000000',
      region: 'local',
      function: { name: functionName, handler: 'index.handler', memory: 512, timeout: 7 },
      service: { qualifier: 'LATEST' },
      credentials: { accessKeyId: expect.any(String), accessKeySecret: expect.any(String) },
      retryCount: 0,
    });
  });

  test("its environment, and nothing of the server's", async () => {
    const more = { environmentVariables: { GREETING: 'hello' } };
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted', more });
    const env = JSON.parse((await invoke(functionName, { env: true })).text) as Record<string, string>;
    expect(env).toMatchObject({
      GREETING: 'hello',
      FC_FUNCTION_NAME: functionName,
      FC_FUNCTION_HANDLER: 'index.handler',
      FC_FUNCTION_MEMORY_SIZE: '512',
      FC_ACCOUNT_ID: '1000000000000000',
      FC_REGION: 'local',
    });
    expect(Object.keys(env).filter((name) => /^MEANWHILE_(ACCESS|DATA_DIR|LISTEN|STOP)/.test(name))).toEqual([]);
    expect(JSON.stringify(env)).not.toContain('acceptance-secret');
  });
});

describe.concurrent('the log', () => {
  test('has lines in the form of the service, between its marks, at most 4 KiB from its end', async () => {
    const source = `exports.handler = (event, context, callback) => {
      console.log('x'.repeat(8000));
      context.logger.warn('by the logger');
      console.error('the last line');
      callback(null, '');
    };`;
    const functionName = await createFunctionOf(source);
    const { headers } = await invoke(functionName, {}, { logType: 'Tail' });
    const log = Buffer.from(headers['x-fc-log-result'] ?? '', 'base64');
    const requestId = headers['x-fc-request-id'] ?? '';
    expect(log.length).toBeLessThanOrEqual(4096);
    const form = (level: string, text: string) =>
      new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ${requestId} \\[${level}\\] ${text}$`, 'mi');
    expect(log.toString()).toMatch(form('warn(ing)?', 'by the logger'));
    expect(log.toString()).toMatch(form('error', 'the last line'));
    expect(log.toString()).toContain(`FC Invoke End RequestId: ${requestId}`);
    expect(log.toString()).not.toContain('FC Invoke Start');
  });

  test('says in its end mark that the function failed', async () => {
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted' });
    const tail = async (script: unknown) => {
      const { headers } = await invoke(functionName, script, { logType: 'Tail' });
      return Buffer.from(headers['x-fc-log-result'] ?? '', 'base64').toString();
    };
    expect(await tail({ fail: 'no' })).toMatch(/FC Invoke End RequestId: .*, Error: Handled function error/);
    expect(await tail({ throw: 'no' })).toMatch(/FC Invoke End RequestId: .*, Error: Unhandled function error/);
  });

  test('holds what was written to standard output as it is', async () => {
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted' });
    const { headers } = await invoke(functionName, { raw: 'written raw' }, { logType: 'Tail' });
    expect(Buffer.from(headers['x-fc-log-result'] ?? '', 'base64').toString()).toContain('written raw');
  });
});

describe.concurrent('a result', () => {
  test('of more than 1 MiB is kept cut in the record, which says so', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    const { taskId } = await runTask(sdk, functionName, { script: { fill: 1_500_000 } });
    const answer = await bench.raw().send({ target: `/2023-03-30/functions/${functionName}/async-tasks/${taskId}` });
    const task = JSON.parse(answer.body.toString()) as { returnPayload: string; meanwhile: unknown };
    expect(task.returnPayload).toHaveLength(1_048_576);
    expect(task.meanwhile).toEqual({ returnPayloadBytes: 1_500_000 });
  });

  test('of an instance is the work of one that is used again', async () => {
    const functionName = await createFunctionOf('let calls = 0; exports.handler = async () => (calls += 1);');
    expect((await invoke(functionName)).text).toBe('1');
    expect((await invoke(functionName)).text).toBe('2');
  });
});
