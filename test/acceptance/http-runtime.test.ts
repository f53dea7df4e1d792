import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  CreateFunctionInput,
  CreateFunctionRequest,
  GetFunctionCodeRequest,
  GetFunctionRequest,
  PublishVersionInput,
  PublishFunctionVersionRequest,
  StopAsyncTaskRequest,
  UpdateFunctionInput,
  UpdateFunctionRequest,
} from '@alicloud/fc20230330';
import { afterEach, describe, expect, test } from 'vitest';
import { fixtureCode, getTask, putAsyncConfig, submit, uniqueName, untilTask } from '../support/functions.ts';
import { refusalOf } from '../support/sdk.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { Bench, useServer } from './use-server.ts';

const bench = useServer({ MEANWHILE_PRIVATE_TARGETS: '127.0.0.0/8' });

const SECRET = 'a secret for the calls';

interface Asked {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A function's server as anybody would write one. */
async function listen(answer: (asked: Asked, response: ServerResponse) => void, port = 0): Promise<number> {
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      answer({ url: request.url ?? '', headers: request.headers, body: body.toString() }, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

interface Deployed {
  readonly timeout?: number;
  readonly retries?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

async function deploy(
  url: string,
  { timeout = 10, retries = 0, environment = {} }: Deployed = {},
  sdk = bench.sdk(),
): Promise<string> {
  const functionName = uniqueName('http');
  const body = new CreateFunctionInput({
    functionName,
    runtime: 'http',
    handler: 'index.handler',
    timeout,
    environmentVariables: { MEANWHILE_URL: url, ...environment },
  });
  await sdk.createFunction(new CreateFunctionRequest({ body }));
  await putAsyncConfig(sdk, functionName, { maxAsyncRetryAttempts: retries });
  return functionName;
}

describe('a function that lives at a URL', () => {
  test('answers synchronous and asynchronous invocations', async () => {
    const asked: Asked[] = [];
    const port = await listen((one, response) => {
      asked.push(one);
      response.end(`got ${one.body}`);
    });
    const functionName = await deploy(`http://127.0.0.1:${port}/hook?of=me`);
    const { body, headers } = await bench.sdk().invoke(functionName, { payload: 'now' });
    expect(body.toString()).toBe('got now');
    expect(headers).not.toHaveProperty('x-fc-error-type');
    expect(headers).not.toHaveProperty('x-fc-code-checksum');
    const taskId = await submit(bench.sdk(), functionName, { payload: 'later', taskId: 'task-1' });
    const task = await untilTask(bench.sdk(), { functionName, taskId, status: 'Succeeded' });
    expect(task.returnPayload).toBe('got later');
    expect(asked.map(({ url }) => url)).toEqual(['/hook?of=me', '/hook?of=me']);
    expect(asked[1]?.headers).toMatchObject({ 'x-fc-async-task-id': 'task-1', 'x-fc-function-name': functionName });
  });

  test('can tell by the signature that it is called from here', async () => {
    const port = await listen(({ headers, body }, response) => {
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      const expected = `v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`;
      response.end(String(headers['webhook-signature'] === expected));
    });
    const environment = { MEANWHILE_SIGNING_SECRET: SECRET };
    const functionName = await deploy(`http://127.0.0.1:${port}`, { environment });
    expect((await bench.sdk().invoke(functionName, { payload: 'x' })).body.toString()).toBe('true');
  });

  test('is tried again when it fails, and says so in both ways that there are', async () => {
    const retries: string[] = [];
    const port = await listen(({ headers }, response) => {
      const retry = String(headers['x-fc-retry-count']);
      retries.push(retry);
      if (retry === '0') response.writeHead(503).end('busy');
      else if (retry === '1') response.writeHead(200, { 'x-fc-status': '404' }).end('{"errorMessage":"not yet"}');
      else response.end('at last');
    });
    const functionName = await deploy(`http://127.0.0.1:${port}`, { retries: 2 });
    const taskId = await submit(bench.sdk(), functionName);
    const task = await untilTask(bench.sdk(), { functionName, taskId, status: 'Succeeded' });
    expect(task).toMatchObject({ alreadyRetriedTimes: 2, returnPayload: 'at last' });
    expect(retries).toEqual(['0', '1', '2']);
    const messages = task.events?.map(({ eventDetail }) => eventDetail ?? '').join('\n');
    expect(messages).toContain('answered 503 Service Unavailable');
    expect(messages).toContain('not yet');
  });

  test('is waited for while it is down, and that is no retry', async () => {
    const port = await listen((_, response) => response.end());
    servers.pop()?.close();
    const functionName = await deploy(`http://127.0.0.1:${port}`);
    const taskId = await submit(bench.sdk(), functionName, { payload: 'patience' });
    await until('it was refused twice', async () => {
      const { events = [] } = await getTask(bench.sdk(), functionName, taskId);
      return events.filter(({ status }) => status === 'Retrying').length >= 2;
    });
    const refusal = await refusalOf(bench.sdk().invoke(functionName, { payload: 'now' }));
    expect(refusal).toMatchObject({ code: 'ResourceThrottled', message: expect.stringContaining('ECONNREFUSED') });
    await listen(({ body }, response) => response.end(body), port);
    const task = await untilTask(bench.sdk(), { functionName, taskId, status: 'Succeeded' });
    expect(task).toMatchObject({ alreadyRetriedTimes: 0, returnPayload: 'patience' });
  });

  test('is hung up on when its task is stopped or out of time', async () => {
    const closed: string[] = [];
    const running: string[] = [];
    const port = await listen(({ body }, response) => {
      running.push(body);
      response.on('close', () => closed.push(body));
    });
    const functionName = await deploy(`http://127.0.0.1:${port}`, { timeout: 60 });
    const taskId = await submit(bench.sdk(), functionName, { payload: 'stopped' });
    await until('it runs', () => running.includes('stopped'));
    await bench.sdk().stopAsyncTask(functionName, taskId, new StopAsyncTaskRequest({}));
    await untilTask(bench.sdk(), { functionName, taskId, status: 'Stopped' });
    await until('the call is broken off', () => closed.includes('stopped'));

    const quick = await deploy(`http://127.0.0.1:${port}`, { timeout: 1 });
    const slowId = await submit(bench.sdk(), quick, { payload: 'slow' });
    const slow = await untilTask(bench.sdk(), { functionName: quick, taskId: slowId, status: 'Failed' });
    expect(slow.taskErrorMessage).toContain('UnhandledInvocationError');
    expect(slow.returnPayload).toMatch(/^\{"errorMessage":"Function timed out after 1 seconds/);
    await until('the call is broken off', () => closed.includes('slow'));
  });

  test('moves with its versions: a published one stays at the URL that it had', async () => {
    const sdk = bench.sdk();
    const [first, second] = await Promise.all(
      ['first', 'second'].map((name) => listen((_, response) => response.end(name))),
    );
    const functionName = await deploy(`http://127.0.0.1:${first}`);
    const publish = new PublishFunctionVersionRequest({ body: new PublishVersionInput({}) });
    const { body: version } = await sdk.publishFunctionVersion(functionName, publish);
    const body = new UpdateFunctionInput({ environmentVariables: { MEANWHILE_URL: `http://127.0.0.1:${second}` } });
    await sdk.updateFunction(functionName, new UpdateFunctionRequest({ body }));
    const qualifier = version?.versionId ?? '';
    expect((await sdk.invoke(functionName, { payload: '' })).body.toString()).toBe('second');
    expect((await sdk.invoke(functionName, { payload: '', qualifier })).body.toString()).toBe('first');
  });

  test('has no code to show', async () => {
    const functionName = await deploy('https://example.com/');
    const { body } = await bench.sdk().getFunction(functionName, new GetFunctionRequest({}));
    expect(body).toMatchObject({ codeSize: 0, codeChecksum: '', runtime: 'http', state: 'Active' });
    const refusal = await refusalOf(bench.sdk().getFunctionCode(functionName, new GetFunctionCodeRequest({})));
    expect(refusal).toMatchObject({ code: 'InvalidArgument', message: expect.stringContaining('has no code') });
  });
});

describe('a URL that cannot be', () => {
  test.each([
    ['http://169.254.169.254/latest/meta-data', /must not lead to a private, loopback or link-local address/],
    ['http://[::1]:8383/', /privateTargets \(actual: 'http:\/\/\[::1\]:8383\/'\)/],
    ['file:///etc/passwd', /must be an http or https URL/],
  ])('%s is refused when the function is made, and when it is changed', async (url, message) => {
    expect(await refusalOf(deploy(url))).toMatchObject({
      code: 'InvalidArgument',
      status: 400,
      message: expect.stringMatching(message),
    });
    const functionName = await deploy('https://example.com/');
    const body = new UpdateFunctionInput({ environmentVariables: { MEANWHILE_URL: url } });
    const refusal = await refusalOf(bench.sdk().updateFunction(functionName, new UpdateFunctionRequest({ body })));
    expect(refusal.message).toMatch(message);
  });

  test('is a name of this machine where the operator has listed nothing: it fails without a connection', async () => {
    let connections = 0;
    const port = await listen((_, response) => response.end());
    servers.at(-1)?.on('connection', () => (connections += 1));
    const strict = new Bench();
    strict.server = await startServer();
    const functionName = await deploy(`http://localhost:${port}`, {}, strict.sdk());
    const { headers, body } = await strict.sdk().invoke(functionName, { payload: '' });
    expect(headers['x-fc-error-type']).toBe('InitializationError');
    expect(JSON.parse(body.toString())).toEqual({
      errorType: 'AddressNotAllowed',
      errorMessage: expect.stringContaining('privateTargets'),
    });
    const taskId = await submit(strict.sdk(), functionName);
    await untilTask(strict.sdk(), { functionName, taskId, status: 'Failed' });
    expect(connections).toBe(0);
    await strict.server.stop();
  });

  test('is the name of nothing, as which it is waited for', async () => {
    const functionName = await deploy('http://nowhere.invalid/');
    expect((await refusalOf(bench.sdk().invoke(functionName, { payload: '' }))).code).toBe('ResourceThrottled');
  });

  test('with a code package is refused: nothing would run it', async () => {
    const body = new CreateFunctionInput({
      functionName: uniqueName('http'),
      runtime: 'http',
      handler: 'index.handler',
      code: await fixtureCode('echo'),
      environmentVariables: { MEANWHILE_URL: 'https://example.com/' },
    });
    const refusal = await refusalOf(bench.sdk().createFunction(new CreateFunctionRequest({ body })));
    expect(refusal).toMatchObject({ code: 'InvalidArgument', message: expect.stringContaining('has no code') });
  });
});
