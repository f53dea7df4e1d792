/** What a service of 2.0 is, through whichever SDK. */
import { describe, expect, test } from 'vitest';
import { uniqueName } from '../../support/functions.ts';
import { createService, createServiceFunction } from '../../support/services.ts';
import type { OlderBench } from './older-bench.ts';

const EVERYTHING = {
  description: 'd',
  internetAccess: false,
  role: 'acs:ram::1:role/x',
  logConfig: { project: 'p', logstore: 'l', enableRequestMetrics: true },
  vpcConfig: { vpcId: 'v', vSwitchIds: ['s'], securityGroupId: 'g' },
  nasConfig: { userId: 1, groupId: 2, mountPoints: [{ serverAddr: 'a:/', mountDir: '/mnt/a' }] },
  ossMountConfig: { mountPoints: [{ bucketName: 'bucket', mountDir: '/mnt/b', readOnly: true }] },
  tracingConfig: { type: 'Jaeger', params: { endpoint: 'e' } },
};

export function serviceSuite(bench: OlderBench): void {
  describe('a service', () => {
    test('is given back as it was made, with a tag that changes with it', async () => {
      const { api } = bench;
      const serviceName = uniqueName('svc');
      const created = await api.call('CreateService', { body: { serviceName, ...EVERYTHING } });
      expect(created.json).toMatchObject({
        serviceName,
        ...EVERYTHING,
        serviceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        useSLRAuthentication: false,
        createdTime: expect.stringMatching(/Z$/),
        lastModifiedTime: expect.stringMatching(/Z$/),
      });
      const found = await api.call('GetService', { service: serviceName });
      expect(found.json).toEqual(created.json);
      expect(found.headers['etag']).toBe(created.headers['etag']);
      const updated = await api.call('UpdateService', {
        service: serviceName,
        body: { ...EVERYTHING, description: 'e' },
      });
      expect(updated.json).toMatchObject({ ...EVERYTHING, description: 'e' });
      expect(updated.headers['etag']).not.toBe(created.headers['etag']);
    });

    test('keeps what an update leaves out', async () => {
      const { api } = bench;
      const service = await createService(api, EVERYTHING);
      const { json } = await api.call('UpdateService', { service, body: { role: 'acs:ram::1:role/y' } });
      expect(json).toMatchObject({ ...EVERYTHING, role: 'acs:ram::1:role/y' });
    });

    test('tells its functions where their logs go, as it is and as it was published', async () => {
      const { api } = bench;
      const service = await createService(api, { logConfig: { project: 'p-1', logstore: 'l-1' } });
      const place = await createServiceFunction(api, { service });
      const toldTo = async (qualifier?: string) => {
        const payload = '{"context":true}';
        const { bytes } = await api.call('InvokeFunction', { ...place, ...(qualifier && { qualifier }), payload });
        const context = JSON.parse(bytes.toString()) as { service: { logProject: string; logStore: string } };
        return [context.service.logProject, context.service.logStore];
      };
      expect(await toldTo()).toEqual(['p-1', 'l-1']);
      await api.call('PublishServiceVersion', { service, body: {} });
      await api.call('UpdateService', { service, body: { logConfig: { project: 'p-2', logstore: 'l-2' } } });
      expect(await toldTo()).toEqual(['p-2', 'l-2']);
      expect(await toldTo('1')).toEqual(['p-1', 'l-1']);
    });

    test('of a name that exists, or that cannot be, is refused', async () => {
      const { api } = bench;
      const serviceName = await createService(api);
      expect(await api.refusal('CreateService', { body: { serviceName } })).toMatchObject({
        code: 'ServiceAlreadyExists',
        status: 409,
        message: expect.stringContaining(serviceName),
      });
      for (const name of ['1a', 'a.b', 'a$b', 'a'.repeat(129), '-']) {
        expect(await api.refusal('CreateService', { body: { serviceName: name } }), name).toMatchObject({
          code: 'InvalidArgument',
          status: 400,
        });
      }
      const tooLong = { description: 'd'.repeat(257) };
      for (const operation of ['UpdateService', 'PublishServiceVersion']) {
        expect(await api.refusal(operation, { service: serviceName, body: tooLong }), operation).toMatchObject({
          code: 'InvalidArgument',
        });
      }
    });

    test('is changed and deleted by the holder of its tag alone', async () => {
      const { api } = bench;
      const service = await createService(api);
      const { headers } = await api.call('GetService', { service });
      const current = { 'If-Match': headers['etag'] ?? '' };
      await api.call('UpdateService', { service, body: { description: '2' }, headers: current });
      const stale = { code: 'PreconditionFailed', status: 412 };
      const change = { service, body: { description: '3' }, headers: current };
      expect(await api.refusal('UpdateService', change)).toMatchObject(stale);
      expect(await api.refusal('DeleteService', { service, headers: current })).toMatchObject(stale);
      const publish = { service, body: { description: 'v' }, headers: current };
      expect(await api.refusal('PublishServiceVersion', publish)).toMatchObject(stale);
      expect((await api.call('GetService', { service })).json['description']).toBe('2');
      await api.call('DeleteService', { service });
    });

    test('is missing after its deletion', async () => {
      const { api } = bench;
      const service = await createService(api);
      await api.call('DeleteService', { service });
      const missing = { code: 'ServiceNotFound', status: 404, message: expect.stringContaining(service) };
      for (const operation of ['GetService', 'DeleteService', 'ListServiceVersions', 'ListAliases', 'ListFunctions']) {
        expect(await api.refusal(operation, { service }), operation).toMatchObject(missing);
      }
      const body = { description: 'd' };
      for (const operation of ['UpdateService', 'PublishServiceVersion']) {
        expect(await api.refusal(operation, { service, body }), operation).toMatchObject(missing);
      }
    });

    test('is not deleted while it has functions, versions or aliases', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { service } = place;
      const left = async () => (await api.refusal('DeleteService', { service })).message;
      expect(await api.refusal('DeleteService', { service })).toMatchObject({ code: 'ServiceNotEmpty', status: 409 });
      await api.call('PublishServiceVersion', { service, body: { description: 'v' } });
      await api.call('CreateAlias', { service, body: { aliasName: 'prod', versionId: '1' } });
      expect(await left()).toContain('functions, versions, aliases');
      await api.call('DeleteFunction', place);
      expect(await left()).toContain('versions, aliases');
      await api.call('DeleteAlias', { service, id: 'prod' });
      await api.call('DeleteServiceVersion', { service, id: '1' });
      await api.call('DeleteService', { service });
    });
  });

  describe('the list of services', () => {
    test('is in order of the names, by prefix and start, page by page', async () => {
      const { api } = bench;
      const prefix = uniqueName('list');
      for (const end of ['b', 'a', 'c']) await createService(api, { ...EVERYTHING, serviceName: `${prefix}-${end}` });
      const list = async (query: object) => {
        const { json } = await api.call('ListServices', { query: { prefix, ...query } });
        const services = json['services'] as { serviceName: string }[];
        return { names: services.map(({ serviceName }) => serviceName.slice(-1)), nextToken: json['nextToken'] };
      };
      expect((await list({})).names).toEqual(['a', 'b', 'c']);
      expect((await list({ startKey: `${prefix}-b` })).names).toEqual(['b', 'c']);
      const first = await list({ limit: 2 });
      expect(first.names).toEqual(['a', 'b']);
      expect(await list({ limit: 2, nextToken: first.nextToken })).toEqual({ names: ['c'] });
    });

    test.each([{ limit: 0 }, { limit: 101 }, { nextToken: 'x' }, { startKey: '\0' }])('refuses %j', async (query) => {
      expect(await bench.api.refusal('ListServices', { query })).toMatchObject({
        code: 'InvalidArgument',
        status: 400,
      });
    });
  });

  describe('tags', () => {
    test('are put on a service, read, listed and taken away', async () => {
      const { api } = bench;
      const service = await createService(api);
      const resourceArn = `acs:fc:local:1000000000000000:services/${service}`;
      await api.call('TagResource', { body: { resourceArn, tags: { color: 'red', size: '1' } } });
      await api.call('TagResource', { body: { resourceArn: `services/${service}`, tags: { color: 'blue' } } });
      const read = async () => (await api.call('GetResourceTags', { query: { resourceArn } })).json;
      expect(await read()).toEqual({ resourceArn, tags: { color: 'blue', size: '1' } });

      const other = await createService(api);
      await api.call('TagResource', { body: { resourceArn: `services/${other}`, tags: { color: 'green' } } });
      const { json: page } = await api.call('ListTaggedResources', { query: { limit: 1 } });
      const { json: rest } = await api.call('ListTaggedResources', {
        query: { limit: 100, nextToken: page['nextToken'] },
      });
      expect([...(page['resources'] as object[]), ...(rest['resources'] as object[])]).toHaveLength(2);
      expect(rest['nextToken']).toBeUndefined();

      await api.call('UntagResource', { body: { resourceArn, tagKeys: ['size', 'none'], all: false } });
      expect((await read())['tags']).toEqual({ color: 'blue' });
      await api.call('UntagResource', { body: { resourceArn, tagKeys: [], all: true } });
      expect((await read())['tags']).toEqual({});
    });

    test('need a service of the own account, and keys and values of a size', async () => {
      const { api } = bench;
      const service = await createService(api);
      const tags = { a: 'b' };
      const missing = 'services/no-such-service';
      expect(await api.refusal('TagResource', { body: { resourceArn: missing, tags } })).toMatchObject({
        code: 'ServiceNotFound',
      });
      expect(
        await api.refusal('UntagResource', { body: { resourceArn: missing, tagKeys: ['a'], all: false } }),
      ).toMatchObject({ code: 'ServiceNotFound' });
      expect(await api.refusal('GetResourceTags', { query: { resourceArn: missing } })).toMatchObject({
        code: 'ServiceNotFound',
      });
      for (const resourceArn of ['x', `acs:fc:local:2000:services/${service}`, `acs:mns:::services/${service}`]) {
        for (const [operation, call] of [
          ['TagResource', { body: { resourceArn, tags } }],
          ['UntagResource', { body: { resourceArn, tagKeys: ['a'], all: false } }],
          ['GetResourceTags', { query: { resourceArn } }],
        ] as const) {
          expect(await api.refusal(operation, call), `${operation} ${resourceArn}`).toMatchObject({
            code: 'InvalidArgument',
          });
        }
      }
      const long = { ['k'.repeat(129)]: 'v' };
      expect(
        await api.refusal('TagResource', { body: { resourceArn: `services/${service}`, tags: long } }),
      ).toMatchObject({
        code: 'InvalidArgument',
      });
      const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, 'v']));
      expect(
        await api.refusal('TagResource', { body: { resourceArn: `services/${service}`, tags: many } }),
      ).toMatchObject({
        code: 'InvalidArgument',
      });
      expect(await api.refusal('ListTaggedResources', { query: { limit: 101 } })).toMatchObject({
        code: 'InvalidArgument',
      });
    });
  });
}
