import { beforeAll, describe, expect, test } from 'vitest';
import { fcSignedHeaders } from '../../support/fc-signature.ts';
import { exchange, requestBytes } from '../../support/raw-http.ts';
import { Sdk2016 } from '../../support/sdk-2016.ts';
import { createServiceFunction, type Place, untilTaskOf } from '../../support/services.ts';
import { useOlderServer } from '../fc-2/older-bench.ts';

const bench = useOlderServer((target, log) => new Sdk2016(target, log));

/** The SDK's own client: its users send requests to triggers through `get` and `post`, which sign path and query. */
const client = () => new Sdk2016({ host: bench.server.host }, bench.log).client;

let place: Place;
let path: string;
beforeAll(async () => {
  place = await createServiceFunction(bench.api, { fixture: 'http', more: { handler: 'index.older' } });
  path = `/proxy/${place.service}/${place.function}`;
  await bench.api.call('CreateTrigger', {
    ...place,
    body: {
      triggerName: 'http',
      triggerType: 'http',
      triggerConfig: { authType: 'function', methods: ['GET', 'POST'] },
    },
  });
});

describe('a request that the SDK signs', () => {
  test.each([
    ['no query', undefined, {}],
    ['one parameter', { a: '1' }, { a: '1' }],
    ['a parameter twice', { b: ['2', '1'], a: 'x y&=é' }, { b: ['2', '1'], a: 'x y&=é' }],
    ['an empty one', { a: '' }, { a: '' }],
  ])('with %s reaches the HTTP handler', async (_, query, queries) => {
    const { data, headers } = await client().get(`${path}/some/path`, query);
    expect(data).toMatchObject({
      method: 'GET',
      path: '/some/path',
      url: expect.stringMatching(new RegExp(`^/2016-08-15${path.replaceAll('$', '\\$')}/some/path`)),
      queries,
      body: '',
      clientIP: '127.0.0.1',
      service: { name: place.service, qualifier: 'LATEST' },
    });
    expect((data as { headers: object }).headers).not.toHaveProperty('authorization');
    expect(headers['x-fc-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('brings its body', async () => {
    const { data } = await client().post(`${path}/`, 'the body', { 'x-mine': 'a' }, { q: '1' });
    expect(data).toMatchObject({
      method: 'POST',
      path: '/',
      body: 'the body',
      headers: { 'x-mine': 'a' },
      queries: { q: '1' },
    });
  });

  test('gets the status of the handler as an error where it is one', async () => {
    await expect(client().get(`${path}/`, { status: '418' })).rejects.toThrow('failed with 418');
  });

  test.each([
    ['alone, as the SDKs of Python and PHP sign it', ['a=1', 'aaa'], 200],
    ['with an equals sign, as Go signs what it parsed', ['a=1', 'aaa='], 200],
    ['with a value', ['a=1', 'aaa=1'], 403],
    ['not at all', ['a=1'], 403],
  ])('may have a name without a value, signed %s: %j, %i', async (_, queryLines, status) => {
    const { host } = bench.server;
    const request = { method: 'GET', target: `/2016-08-15${path}/?a=1&aaa`, host, body: Buffer.alloc(0) };
    const headers = fcSignedHeaders(request, { queryLines });
    expect((await exchange(host, requestBytes({ ...request, headers }))).status).toBe(status);
  });

  test('is refused with another query than was signed, or another secret', async () => {
    const forged = new Sdk2016(
      { host: bench.server.host, keyPair: { accessKeyId: 'ACCEPTANCE', accessKeySecret: 'wrong' } },
      bench.log,
    );
    await expect(forged.client.get(`${path}/`)).rejects.toMatchObject({ code: 'SignatureNotMatch' });
    // The query in the path is no part of what this SDK signs.
    await expect(client().get(`${path}/?a=1`, { b: '2' })).rejects.toMatchObject({ code: 'SignatureNotMatch' });
  });

  test('of a function without a trigger, or of another qualifier, finds none', async () => {
    for (const other of [`/proxy/${place.service}/none/`, `/proxy/${place.service}.prod/${place.function}/`]) {
      await expect(client().get(other), other).rejects.toMatchObject({ code: 'TriggerNotFound' });
    }
  });
});

test('an asynchronous request is a task of 2.0 when it asks to be one', async () => {
  const headers = {
    'x-fc-invocation-type': 'Async',
    'x-fc-stateful-async-invocation-enable': 'true',
    'x-fc-stateful-async-invocation-id': 'task-1',
  };
  const accepted = await client().post(`${path}/later`, 'the body', headers);
  expect(accepted.headers['x-fc-stateful-async-invocation-id']).toBe('task-1');
  const task = await untilTaskOf(bench.api, place, 'task-1', 'Succeeded');
  expect(JSON.parse(String(task['returnPayload']))).toMatchObject({ path: '/later', body: 'the body' });
  expect(JSON.parse(String(task['invocationPayload']))).toMatchObject({ version: 'v1', rawPath: '/later' });
});

test('an invocation of the same function calls its handler with an event', async () => {
  const called = await createServiceFunction(bench.api, { fixture: 'echo' });
  await bench.api.call('CreateTrigger', {
    ...called,
    body: { triggerName: 'http', triggerType: 'http', triggerConfig: { authType: 'anonymous' } },
  });
  expect((await bench.api.call('InvokeFunction', { ...called, payload: 'x' })).bytes.toString()).toBe('x');
});
