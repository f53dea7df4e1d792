/** What no SDK shows: bytes, casing and emptiness of answers, and requests that no SDK sends. */
import { DisableFunctionInvocationRequest } from '@alicloud/fc20230330';
import { describe, expect, test } from 'vitest';
import { jsonOf, wireError } from '../../support/raw-client.ts';
import { createServiceFunction, createTaskPlace, serviceFunctionBody, submitTo } from '../../support/services.ts';
import type { OlderBench } from './older-bench.ts';

export function wireSuite(bench: OlderBench): void {
  const base = () => `/${bench.api.version}`;

  describe('an answer', () => {
    test('without result is empty and has no content type', async () => {
      const { api, raw } = bench;
      const place = await createTaskPlace(api);
      const service = `${base()}/services/${place.service}`;
      const path = `${service}/functions/${place.function}`;
      const id = await submitTo(api, place, { headers: { 'x-fc-async-delay': '600' } });
      const calls = [
        ['PUT', `${path}/stateful-async-invocations/${id}`, '', 200],
        ['DELETE', `${path}/async-invoke-config`, '', 204],
        ['DELETE', `${path}/on-demand-config`, '', 204],
        ['DELETE', path, '', 204],
        ['DELETE', service, '', 204],
      ] as const;
      for (const [method, target, body, status] of calls) {
        const answer = await raw.send({ method, target, body });
        expect([answer.status, answer.body.length, target]).toEqual([status, 0, target]);
        expect(answer.headers, target).not.toHaveProperty('content-type');
      }
    });

    test('of an accepted task is an empty 202 with its id', async () => {
      const place = await createTaskPlace(bench.api);
      const target = `${base()}/services/${place.service}/functions/${place.function}/invocations`;
      const headers = [['x-fc-invocation-type', 'async']] as const;
      const {
        status,
        body,
        headers: answered,
        headerNames,
      } = await bench.raw.send({ method: 'POST', target, headers });
      expect([status, body.length]).toEqual([202, 0]);
      expect(answered).not.toHaveProperty('content-type');
      expect(headerNames).toContain('X-Fc-Request-Id');
      expect(headerNames).toContain('X-Fc-Stateful-Async-Invocation-Id');
      expect(answered['x-fc-stateful-async-invocation-id']).toBe(answered['x-fc-request-id']);
    });

    test('with an entity tag has it under the name that the PHP SDK looks for', async () => {
      const { service } = await createServiceFunction(bench.api);
      const { headerNames } = await bench.raw.send({ target: `${base()}/services/${service}` });
      expect(headerNames).toContain('Etag');
    });

    test('that is an error has the members that every SDK reads', async () => {
      expect(wireError(await bench.raw.send({ target: `${base()}/services/none` }))).toEqual({
        status: 404,
        code: 'ServiceNotFound',
        message: "service 'none' does not exist",
      });
      expect(wireError(await bench.raw.send({ target: `${base()}/nothing` }))).toEqual({
        status: 400,
        code: 'PathNotSupported',
        message: `'${base()}/nothing' against 'GET' is not supported`,
      });
    });
  });

  describe('a refusal', () => {
    test('calls a function by the name that the caller wrote, whatever makes the message', async () => {
      const { api, raw, newer } = bench;
      const place = await createTaskPlace(api);
      const path = `${base()}/services/${place.service}/functions/${place.function}`;
      const invocations = `${path}/invocations`;
      await submitTo(api, place, { taskId: 'taken', headers: { 'x-fc-async-delay': '600' } });
      const async = ['x-fc-invocation-type', 'Async'] as const;
      const named = ['x-fc-async-task-id', 'taken'] as const;
      const answers = [
        await raw.send({ target: `${path}/stateful-async-invocations/none` }),
        await raw.send({ target: `${path}/on-demand-config` }),
        await raw.send({ target: `${path}/triggers/none` }),
        await raw.send({ method: 'POST', target: invocations, headers: [async, named] }),
        await raw.send({ target: `/2016-08-15/proxy/${place.service}/${place.function}/` }),
      ];
      await raw.sendJson('PUT', `${path}/on-demand-config?qualifier=LATEST`, { maximumInstanceCount: 0 });
      answers.push(await raw.send({ method: 'POST', target: invocations }));
      const disable = new DisableFunctionInvocationRequest({ reason: 'a test' });
      await newer.disableFunctionInvocation(`${place.service}$${place.function}`, disable);
      answers.push(await raw.send({ method: 'POST', target: invocations }));
      await raw.send({ method: 'DELETE', target: `${path}/async-invoke-config` });
      answers.push(await raw.send({ target: `${path}/async-invoke-config` }));
      const refusals = answers.map(wireError);
      expect(refusals.map(({ code }) => code)).toEqual([
        'StatefulAsyncInvocationNotFound',
        'OnDemandConfigNotFound',
        'TriggerNotFound',
        'StatefulAsyncInvocationAlreadyExists',
        'TriggerNotFound',
        'ResourceExhausted',
        'FunctionDisabled',
        'AsyncConfigNotExists',
      ]);
      for (const { message } of refusals) {
        expect(message).toContain(place.function);
        expect(message).not.toContain('$');
      }
    });

    test('of a function in what can be no service says that there is none', async () => {
      const body = { functionName: 'f', ...(await serviceFunctionBody()) };
      const answer = await bench.raw.sendJson('POST', `${base()}/services/1x/functions`, body);
      expect(wireError(answer)).toEqual({
        status: 404,
        code: 'ServiceNotFound',
        message: "service '1x' does not exist",
      });
    });
  });

  describe('a request', () => {
    test('may name its members in any case', async () => {
      const place = await createServiceFunction(bench.api);
      const target = `${base()}/services/${place.service}/functions/${place.function}/async-invoke-config`;
      const body = {
        StatefulInvocation: true,
        MaxAsyncRetryAttempts: 1,
        DestinationConfig: { OnSuccess: { Destination: 'acs:fc:::functions/f' } },
      };
      expect(jsonOf(await bench.raw.sendJson('PUT', target, body))).toMatchObject({
        statefulInvocation: true,
        maxAsyncRetryAttempts: 1,
        destinationConfig: { onSuccess: { destination: 'acs:fc:::functions/f' }, onFailure: null },
      });
      const update = `${base()}/services/${place.service}/functions/${place.function}`;
      expect(jsonOf(await bench.raw.sendJson('PUT', update, { InstanceConcurrency: 5 }))).toMatchObject({
        instanceConcurrency: 5,
      });
    });

    test('without a body puts a configuration of defaults, whose numbers are null', async () => {
      const place = await createServiceFunction(bench.api);
      const target = `${base()}/services/${place.service}/functions/${place.function}/async-invoke-config`;
      expect(jsonOf(await bench.raw.send({ method: 'PUT', target }))).toMatchObject({
        statefulInvocation: false,
        maxAsyncRetryAttempts: null,
        maxAsyncEventAgeInSeconds: null,
        destinationConfig: { onSuccess: null, onFailure: null },
      });
    });

    test('may name the task under the header of 3.0, but not two tasks', async () => {
      const place = await createTaskPlace(bench.api);
      const target = `${base()}/services/${place.service}/functions/${place.function}/invocations`;
      const async = ['x-fc-invocation-type', 'Async'] as const;
      const accepted = await bench.raw.send({
        method: 'POST',
        target,
        headers: [async, ['x-fc-async-task-id', 'a-1']],
      });
      expect(accepted.headers['x-fc-stateful-async-invocation-id']).toBe('a-1');
      const both = [async, ['x-fc-async-task-id', 'a'], ['x-fc-stateful-async-invocation-id', 'b']] as const;
      expect(wireError(await bench.raw.send({ method: 'POST', target, headers: both }))).toMatchObject({ status: 400 });
    });

    test.each(['PUT', 'DELETE', 'POST'])('may not change a published version by %s', async (method) => {
      const place = await createServiceFunction(bench.api);
      await bench.api.call('PublishServiceVersion', { service: place.service, body: { description: 'v' } });
      const collection = `${base()}/services/${place.service}.1/functions`;
      const target = method === 'POST' ? collection : `${collection}/${place.function}`;
      const body = { functionName: 'g', runtime: 'nodejs20', handler: 'index.handler' };
      expect(wireError(await bench.raw.sendJson(method, target, body))).toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining('a published version does not change'),
      });
    });

    test.each([
      ['serviceName', 'POST', '/services', {}],
      ['serviceName', 'POST', '/services', { serviceName: 1 }],
      ['description', 'POST', '/services', { serviceName: 's', description: 1 }],
      ['resourceArn', 'POST', '/tag', { tags: { a: 'b' } }],
      ['tags', 'POST', '/tag', { resourceArn: 'services/s' }],
      ['tags', 'POST', '/tag', { resourceArn: 'services/s', tags: { a: 1 } }],
    ])('that has a wrong %s is refused: %s %s %j', async (name, method, path, body) => {
      expect(wireError(await bench.raw.sendJson(method, `${base()}${path}`, body))).toMatchObject({
        status: 400,
        code: 'InvalidArgument',
        message: expect.stringContaining(name),
      });
    });

    test.each(['[]', '"x"', '{', '{"a":1', '\xff'])('whose body is %j is refused', async (body) => {
      const answer = await bench.raw.send({ method: 'POST', target: `${base()}/services`, body });
      expect(wireError(answer)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    });
  });
}
