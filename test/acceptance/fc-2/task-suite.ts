/** Invocations, their configuration, and the tasks that they leave, through whichever SDK. */
import { describe, expect, test } from 'vitest';
import { createServiceFunction, createTaskPlace, getTaskOf, submitTo, untilTaskOf } from '../../support/services.ts';
import type { OlderBench } from './older-bench.ts';

const DESTINATION = 'acs:fc:cn-shanghai::services/s1/functions/f1';

export function taskSuite(bench: OlderBench): void {
  describe('a synchronous invocation', () => {
    test('answers with what the function returned, and how', async () => {
      const place = await createServiceFunction(bench.api, { fixture: 'echo' });
      const { bytes, headers } = await bench.api.call('InvokeFunction', {
        ...place,
        payload: '{"k":1}',
        headers: { 'X-Fc-Invocation-Type': 'Sync', 'X-Fc-Log-Type': 'Tail' },
      });
      expect(bytes.toString()).toBe('{"k":1}');
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'x-fc-instance-id': expect.stringMatching(/./),
        'x-fc-code-checksum': expect.stringMatching(/^\d+$/),
        'x-fc-invocation-duration': expect.stringMatching(/^\d+$/),
        'x-fc-max-memory-usage': expect.stringMatching(/^[\d.]+$/),
        'x-fc-invocation-service-version': 'LATEST',
        'x-fc-log-result': expect.stringMatching(/./),
        'x-fc-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(headers).not.toHaveProperty('x-fc-error-type');
    });

    test('of a function that fails is a success with an error type', async () => {
      const place = await createServiceFunction(bench.api);
      const { headers } = await bench.api.call('InvokeFunction', { ...place, payload: '{"fail":"no"}' });
      expect(headers['x-fc-error-type']).toBe('HandledInvocationError');
    });

    test('knows the names of its service and function', async () => {
      const place = await createServiceFunction(bench.api);
      const { bytes } = await bench.api.call('InvokeFunction', { ...place, payload: '{"context":1}' });
      expect(JSON.parse(bytes.toString())).toMatchObject({
        function: { name: place.function },
        service: { name: place.service },
      });
    });

    test('is refused for what cannot be', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const refusal = async (call: object) =>
        (await api.refusal('InvokeFunction', { ...place, payload: '{}', ...call })).code;
      expect(await refusal({ function: 'none' })).toBe('FunctionNotFound');
      expect(await refusal({ service: 'no-such-service' })).toBe('ServiceNotFound');
      expect(await refusal({ qualifier: '9' })).toBe('VersionNotFound');
      expect(await refusal({ qualifier: 'none' })).toBe('AliasNotFound');
      expect(await refusal({ headers: { 'X-Fc-Invocation-Type': 'Later' } })).toBe('InvalidArgument');
      expect(await refusal({ headers: { 'X-Fc-Log-Type': 'All' } })).toBe('InvalidArgument');
      const async = { 'X-Fc-Invocation-Type': 'Async' };
      expect(await refusal({ headers: { ...async, 'X-Fc-Log-Type': 'Tail' } })).toBe('InvalidArgument');
      expect(await refusal({ headers: { ...async, 'X-Fc-Stateful-Async-Invocation-Id': '1a' } })).toBe(
        'InvalidArgument',
      );
      expect(await refusal({ headers: { ...async, 'X-Fc-Stateful-Async-Invocation-Enable': 'yes' } })).toBe(
        'InvalidArgument',
      );
      expect(await refusal({ headers: async, payload: 'x'.repeat(131_073) })).toBe('EntityTooLarge');
    });
  });

  describe('an asynchronous configuration', () => {
    test('is put, read, listed by qualifier and deleted', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { service } = place;
      await api.call('PublishServiceVersion', { service, body: { description: 'v' } });
      await api.call('CreateAlias', { service, body: { aliasName: 'test', versionId: '1' } });
      const body = {
        statefulInvocation: true,
        maxAsyncEventAgeInSeconds: 300,
        maxAsyncRetryAttempts: 3,
        destinationConfig: { onSuccess: { destination: DESTINATION }, onFailure: { destination: DESTINATION } },
      };
      const put = await api.call('PutFunctionAsyncInvokeConfig', { ...place, qualifier: 'test', body });
      expect(put.json).toEqual({
        service,
        function: place.function,
        qualifier: 'test',
        ...body,
        createdTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        lastModifiedTime: expect.stringMatching(/Z$/),
      });
      expect((await api.call('GetFunctionAsyncInvokeConfig', { ...place, qualifier: 'test' })).json).toEqual(put.json);
      await api.call('PutFunctionAsyncInvokeConfig', { ...place, body: { statefulInvocation: false } });
      const list = async (query: object) => {
        const { json } = await api.call('ListFunctionAsyncInvokeConfigs', { ...place, query });
        const configs = json['configs'] as { qualifier: string }[];
        return { qualifiers: configs.map(({ qualifier }) => qualifier), nextToken: json['nextToken'], configs };
      };
      const first = await list({ limit: 1 });
      expect(first.qualifiers).toEqual(['LATEST']);
      const rest = await list({ limit: 1, nextToken: first.nextToken });
      expect([rest.configs, rest.nextToken]).toEqual([[put.json], '']);
      await api.call('DeleteFunctionAsyncInvokeConfig', { ...place, qualifier: 'test' });
      expect(await api.refusal('GetFunctionAsyncInvokeConfig', { ...place, qualifier: 'test' })).toMatchObject({
        code: 'AsyncConfigNotExists',
        status: 404,
      });
    });

    test('needs a function, a qualifier that exists, and values in their ranges', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const body = { statefulInvocation: true };
      const refusal = async (operation: string, call: object) =>
        (await api.refusal(operation, { ...place, ...call })).code;
      const put = 'PutFunctionAsyncInvokeConfig';
      expect(await refusal(put, { qualifier: '9', body })).toBe('VersionNotFound');
      expect(await refusal(put, { qualifier: 'none', body })).toBe('AliasNotFound');
      for (const members of [
        { maxAsyncRetryAttempts: 9 },
        { maxAsyncRetryAttempts: -1 },
        { maxAsyncEventAgeInSeconds: 0 },
        { maxAsyncEventAgeInSeconds: 604_801 },
        { destinationConfig: { onSuccess: { destination: 'here' } } },
      ]) {
        expect(await refusal(put, { body: members }), JSON.stringify(members)).toBe('InvalidArgument');
      }
      const operations = [
        'GetFunctionAsyncInvokeConfig',
        'DeleteFunctionAsyncInvokeConfig',
        'ListFunctionAsyncInvokeConfigs',
      ];
      for (const operation of [put, ...operations]) {
        const call = operation === put ? { body } : {};
        expect(await refusal(operation, { function: 'none', ...call }), operation).toBe('FunctionNotFound');
        expect(await refusal(operation, { service: 'none', ...call }), operation).toBe('ServiceNotFound');
      }
      expect(await refusal('ListFunctionAsyncInvokeConfigs', { query: { limit: 101 } })).toBe('InvalidArgument');
    });

    test('with task mode on shows its function in the list of those', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      const found: object[] = [];
      let nextToken: unknown = '';
      do {
        const query = { limit: 2, nextToken };
        const { json } = await api.call('ListStatefulAsyncInvocationFunctions', { query });
        found.push(...(json['data'] as object[]));
        nextToken = json['nextToken'];
      } while (nextToken !== undefined);
      expect(found).toContainEqual({ serviceName: place.service, functionName: place.function, qualifier: 'LATEST' });
      await api.call('PutFunctionAsyncInvokeConfig', { ...place, body: { statefulInvocation: false } });
      const { json } = await api.call('ListStatefulAsyncInvocationFunctions', { query: { limit: 100 } });
      expect(JSON.stringify(json)).not.toContain(place.function);
      expect(
        (await api.call('ListStatefulAsyncInvocationFunctions', { query: { limit: 0 } })).json['data'],
      ).toBeInstanceOf(Array);
      expect(await api.refusal('ListStatefulAsyncInvocationFunctions', { query: { limit: 101 } })).toMatchObject({
        code: 'InvalidArgument',
      });
    });
  });

  describe('a task', () => {
    test('is shown with all that is known of it, its times as integers', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      const id = await submitTo(api, place, { taskId: 'job-1', script: { log: 'line', fail: 'no' } });
      const task = await untilTaskOf(api, place, id);
      expect(task).toEqual({
        invocationId: 'job-1',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        serviceName: place.service,
        functionName: place.function,
        qualifier: 'LATEST',
        status: 'Failed',
        startedTime: expect.any(Number),
        endTime: expect.any(Number),
        durationMs: expect.any(Number),
        alreadyRetriedTimes: 0,
        destinationStatus: '',
        invocationErrorMessage: 'HandledInvocationError',
        invocationPayload: '{"log":"line","fail":"no"}',
        returnPayload: expect.stringContaining('"errorMessage":"no"'),
        instanceId: expect.stringMatching(/./),
        events: expect.any(Array),
      });
      for (const name of ['startedTime', 'endTime', 'durationMs'])
        expect(Number.isInteger(task[name]), name).toBe(true);
      const events = task['events'] as { eventId: number; status: string; timestamp: number; eventDetail: string }[];
      expect(events.map(({ eventId, status }) => `${eventId} ${status}`)).toEqual([
        '1 Enqueued',
        '2 Dequeued',
        '3 Running',
        '4 Failed',
      ]);
      expect(JSON.parse(events[3]?.eventDetail ?? '')).toMatchObject({ Error: 'HandledInvocationError' });
    });

    test('of an id that exists is refused, and one queued', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      await submitTo(api, place, { taskId: 'once' });
      const headers = { 'X-Fc-Invocation-Type': 'Async', 'X-Fc-Stateful-Async-Invocation-Id': 'once' };
      expect(await api.refusal('InvokeFunction', { ...place, payload: '{}', headers })).toMatchObject({
        code: 'StatefulAsyncInvocationAlreadyExists',
        status: 409,
      });
      const { json } = await api.call('ListStatefulAsyncInvocations', place);
      expect(json['invocations']).toHaveLength(1);
    });

    test('is made of one invocation without a configuration, when that asks for it', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const enable = { 'X-Fc-Stateful-Async-Invocation-Enable': 'true' };
      const id = await submitTo(api, place, { script: { reply: 1 }, headers: enable });
      expect(await untilTaskOf(api, place, id)).toMatchObject({ invocationId: id, requestId: id, status: 'Succeeded' });
      const headers = { 'X-Fc-Invocation-Type': 'Async', 'X-Fc-Stateful-Async-Invocation-Enable': 'false' };
      const plain = await api.call('InvokeFunction', { ...place, payload: '{}', headers });
      expect(plain.headers).not.toHaveProperty('x-fc-stateful-async-invocation-id');
    });

    test('that is missing, or of another qualifier, is not found', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      const id = await submitTo(api, place);
      const missing = { code: 'StatefulAsyncInvocationNotFound', status: 404 };
      for (const operation of ['GetStatefulAsyncInvocation', 'StopStatefulAsyncInvocation']) {
        expect(await api.refusal(operation, { ...place, id: 'none' })).toMatchObject(missing);
        expect(await api.refusal(operation, { ...place, id, qualifier: 'prod' })).toMatchObject(missing);
        expect(await api.refusal(operation, { ...place, service: 'none', id })).toMatchObject(missing);
      }
      expect((await api.call('GetStatefulAsyncInvocation', { ...place, id, qualifier: 'LATEST' })).json).toMatchObject({
        invocationId: id,
      });
    });

    test('is stopped while it waits and while it runs, and not after its end', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      const waiting = await submitTo(api, place, { headers: { 'x-fc-async-delay': '600' } });
      await api.call('StopStatefulAsyncInvocation', { ...place, id: waiting, qualifier: 'LATEST' });
      expect(await getTaskOf(api, place, waiting)).toMatchObject({ status: 'Stopped' });
      const running = await submitTo(api, place, { script: { waitFor: '/never' } });
      await untilTaskOf(api, place, running, 'Running');
      await api.call('StopStatefulAsyncInvocation', { ...place, id: running });
      expect(await untilTaskOf(api, place, running)).toMatchObject({ status: 'Stopped' });
      const ended = await submitTo(api, place);
      await untilTaskOf(api, place, ended, 'Succeeded');
      expect(await api.refusal('StopStatefulAsyncInvocation', { ...place, id: ended })).toMatchObject({
        code: 'StatefulAsyncInvocationAlreadyCompleted',
        status: 412,
      });
    });
  });

  describe('the list of tasks', () => {
    test('is narrowed by every filter, in either order, page by page', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      for (const taskId of ['job-1', 'job-2', 'job-3', 'other']) {
        const id = await submitTo(api, place, { taskId, script: taskId === 'other' ? { fail: 'no' } : {} });
        await untilTaskOf(api, place, id);
      }
      const list = async (query: object, qualifier?: string) => {
        const call = { ...place, query, ...(qualifier !== undefined && { qualifier }) };
        const { json } = await api.call('ListStatefulAsyncInvocations', call);
        const tasks = json['invocations'] as {
          invocationId: string;
          startedTime: number;
          invocationPayload?: string;
        }[];
        return { ids: tasks.map(({ invocationId }) => invocationId), tasks, nextToken: json['nextToken'] };
      };
      expect((await list({})).ids).toEqual(['other', 'job-3', 'job-2', 'job-1']);
      expect((await list({ sortOrderByTime: 'asc', invocationIdPrefix: 'job-' })).ids).toEqual([
        'job-1',
        'job-2',
        'job-3',
      ]);
      expect((await list({ status: 'Failed' })).ids).toEqual(['other']);
      expect((await list({}, 'LATEST')).ids).toHaveLength(4);
      expect((await list({}, 'prod')).ids).toEqual([]);
      const { tasks } = await list({ invocationIdPrefix: 'job-2' });
      const at = tasks[0]?.startedTime ?? 0;
      expect((await list({ startedTimeBegin: at, startedTimeEnd: at })).ids).toContain('job-2');
      expect((await list({ startedTimeEnd: at - 1 })).ids).not.toContain('job-2');
      expect(tasks[0]?.invocationPayload).toBeUndefined();
      expect((await list({ includePayload: true })).tasks[0]?.invocationPayload).toBe('{"fail":"no"}');
      const first = await list({ limit: 3 });
      expect(first.ids).toHaveLength(3);
      expect(await list({ limit: 3, nextToken: first.nextToken })).toMatchObject({ ids: ['job-1'], nextToken: '' });
    });

    test('is refused for what cannot be, and for a function that is not there', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      for (const query of [{ status: 'Done' }, { limit: 101 }, { sortOrderByTime: 'up' }, { nextToken: 'x' }]) {
        expect(
          await api.refusal('ListStatefulAsyncInvocations', { ...place, query }),
          JSON.stringify(query),
        ).toMatchObject({
          code: 'InvalidArgument',
          status: 400,
        });
      }
      expect(await api.refusal('ListStatefulAsyncInvocations', { ...place, function: 'none' })).toMatchObject({
        code: 'FunctionNotFound',
      });
      expect(await api.refusal('ListStatefulAsyncInvocations', { ...place, service: 'none' })).toMatchObject({
        code: 'ServiceNotFound',
      });
    });
  });
}
