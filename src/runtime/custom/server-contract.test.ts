import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../code/code-of.ts';
import { errorDocument, eventually, invoke, resultText } from '../runtime.fixture.ts';
import { openCustomBench } from './custom.fixture.ts';

/*
 * Function Compute's contract with an HTTP server, each case a real one.
 */

interface Shown {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly initialized: number;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const credentials = { accessKeyId: 'key-id', accessKeySecret: 'key-secret', securityToken: 'token' };

describe('an invocation', () => {
  test('is a POST of the event to /invoke with the headers of the service, whose answer loses status and headers', async () => {
    const bench = await openCustomBench({ credentials });
    const passive = { logConfig: { project: 'p', logstore: 's' } };
    const base = await bench.server();
    const settings = { ...base.settings, timeoutSeconds: 9, passive: { ...base.settings.passive, ...passive } };
    const spec = { ...base, settings, functionName: 'greet', versionId: '3' };
    const execution = await bench.ask(spec, { do: 'show' }, { requestId: 'r-7', qualifier: 'prod', retryCount: 2 });
    expect(execution.outcome.kind).toBe('returned');
    const shown = JSON.parse(resultText(execution)) as Shown;
    expect(shown).toMatchObject({ method: 'POST', url: '/invoke' });
    const { host, connection, ...headers } = shown.headers;
    expect(headers).toEqual({
      'content-type': 'application/octet-stream',
      'content-length': String(JSON.stringify({ do: 'show' }).length),
      'x-fc-request-id': 'r-7',
      'x-fc-control-path': '/invoke',
      'x-fc-function-type': '0',
      'x-fc-function-deadline': expect.stringMatching(/^\d{13}$/),
      'x-fc-access-key-id': 'key-id',
      'x-fc-access-key-secret': 'key-secret',
      'x-fc-security-token': 'token',
      'x-fc-function-name': 'greet',
      'x-fc-function-handler': 'index.handler',
      'x-fc-function-memory': '128',
      'x-fc-function-timeout': '9',
      'x-fc-service-name': '',
      'x-fc-service-logproject': 'p',
      'x-fc-service-logstore': 's',
      'x-fc-qualifier': 'prod',
      'x-fc-version-id': '3',
      'x-fc-retry-count': '2',
      'x-fc-region': 'local',
      'x-fc-account-id': '1000000000000000',
    });
    expect(shown.cwd).toBe(join(bench.folder, 'code', codeOf(spec.settings).sha256));
    expect(shown.env).toMatchObject({
      FC_SERVER_PORT: host?.split(':')[1],
      FC_CUSTOM_LISTEN_PORT: host?.split(':')[1],
      FC_FUNCTION_NAME: 'greet',
      FC_FUNC_CODE_PATH: `${shown.cwd}/`,
    });
    expect(connection).toBeDefined();
  });

  test.each([
    [200, undefined, 'returned'],
    [404, undefined, 'returned'],
    [500, undefined, 'returned'],
    [404, '200', 'returned'],
    [404, '404', 'function-error'],
    [200, '404', 'function-error'],
  ])('answered with %i and x-fc-status %s has %s', async (status, fcStatus, kind) => {
    const { ask, server } = await openCustomBench();
    const execution = await ask(await server(), { do: 'status', status, fcStatus });
    expect(execution.outcome.kind).toBe(kind);
    expect(resultText(execution)).toBe('{"errorMessage":"as asked"}');
  });

  test('keeps the instance for the next one', async () => {
    const { ask, server } = await openCustomBench();
    const spec = await server();
    const first = await ask(spec, { do: 'echo', text: 'one' });
    const second = await ask(spec, { do: 'echo', text: 'two' });
    expect([resultText(first), resultText(second)]).toEqual(['one', 'two']);
    expect(second.instanceId).toBe(first.instanceId);
    expect([first.coldStart, second.coldStart]).toEqual([true, false]);
  });

  test('of 32 MiB out is given whole, and a larger one is an error', async () => {
    const { ask, server } = await openCustomBench();
    const spec = await server();
    const { outcome } = await ask(spec, { do: 'large', bytes: 33_554_432 });
    expect(outcome.kind === 'returned' && outcome.result.length).toBe(33_554_432);
    const tooLarge = await ask(spec, { do: 'large', bytes: 33_554_433 });
    expect(errorDocument(tooLarge)).toMatchObject({
      errorType: 'BadResponse',
      errorMessage: expect.stringContaining('33554432'),
    });
  });
});

describe('an instance of concurrency 10', () => {
  test('serves so many invocations at once', async () => {
    const { acquire, server } = await openCustomBench();
    const spec = await server({ instanceConcurrency: 10 });
    const first = await acquire(spec);
    const leases = [first, ...(await Promise.all(Array.from({ length: 9 }, () => acquire(spec))))];
    const event = JSON.stringify({ do: 'together', count: 10 });
    const executions = await Promise.all(
      leases.map((lease, index) => invoke(lease, { event, requestId: `r-${index}` })),
    );
    for (const lease of leases) lease.release();
    expect(new Set(executions.map(resultText)).size).toBe(1);
    expect(executions.map(resultText)[0]).toMatch(/ 10$/);
  });
});

describe('a hook', () => {
  const hook = { handler: '', timeoutSeconds: 10 };

  test('before the first invocation is a POST to /initialize', async () => {
    const { ask, server } = await openCustomBench();
    const spec = await server({ initializer: hook });
    await ask(spec, { do: 'echo', text: '' });
    const shown = JSON.parse(resultText(await ask(spec, { do: 'show' }))) as Shown;
    expect(shown.initialized).toBe(1);
    expect(shown.headers).toMatchObject({ 'x-fc-function-initializer': 'true', 'x-fc-initialization-timeout': '10' });
  });

  test('is not called when none is configured', async () => {
    const { ask, lines, runtime, server } = await openCustomBench();
    expect((JSON.parse(resultText(await ask(await server(), { do: 'show' }))) as Shown).initialized).toBe(0);
    await runtime.pool.close(5_000);
    expect(lines.some((line) => line.includes('pre-stop'))).toBe(false);
  });

  test('that refuses is an initialization error', async () => {
    const { ask, server } = await openCustomBench();
    const execution = await ask(await server({ initializer: hook, environment: { INITIALIZE_STATUS: '404' } }), {});
    expect(execution.outcome.kind).toBe('initialization-error');
    expect(errorDocument(execution).errorMessage).toBe('The initializer answered 404: initialized');
  });

  test('at the end is a GET of /pre-stop', async () => {
    const { ask, lines, runtime, server } = await openCustomBench();
    await ask(await server({ preStop: hook }), { do: 'echo', text: '' });
    await runtime.pool.close(5_000);
    await eventually(() => lines.some((line) => line.endsWith('pre-stop by GET, hook true')));
  });
});

test('the log of an execution has what was printed before its answer, to the last line', async () => {
  const { acquire, server } = await openCustomBench();
  const lease = await acquire(await server());
  // Which comes first, the answer or the line, is chance: one of seven missed lines.
  for (let call = 0; call < 200; call += 1) {
    const event = JSON.stringify({ do: 'say', text: `call-${call}` });
    const { logTail } = await invoke(lease, { requestId: `r-${call}`, event });
    const lines = logTail.split('\n').filter((line) => line.startsWith('call-'));
    expect(lines.sort()).toEqual(['0', '1', '2', 'last'].map((line) => `call-${call} ${line}`));
  }
  lease.release();
});
