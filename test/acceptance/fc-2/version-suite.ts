/** What versions and aliases of a service are, through whichever SDK. */
import { describe, expect, test } from 'vitest';
import {
  createService,
  createServiceFunction,
  createTaskPlace,
  submitTo,
  untilTaskOf,
} from '../../support/services.ts';
import type { OlderApi } from '../../support/older-api.ts';
import type { OlderBench } from './older-bench.ts';

async function publish(api: OlderApi, service: string, description = 'v'): Promise<string> {
  const { json } = await api.call('PublishServiceVersion', { service, body: { description } });
  return String(json['versionId']);
}

/** A service with the versions 1 and 2. */
async function createVersioned(api: OlderApi): Promise<string> {
  const service = await createService(api);
  await publish(api, service);
  await publish(api, service);
  return service;
}

export function versionSuite(bench: OlderBench): void {
  describe('a published version', () => {
    test('is counted from 1, is never given twice, and has a description', async () => {
      const { api } = bench;
      const service = await createService(api);
      const { json, headers } = await api.call('PublishServiceVersion', { service, body: { description: 'first' } });
      expect(json).toEqual({
        versionId: '1',
        description: 'first',
        createdTime: expect.stringMatching(/Z$/),
        lastModifiedTime: expect.stringMatching(/Z$/),
      });
      expect(headers['etag']).toMatch(/./);
      expect(await publish(api, service)).toBe('2');
      await api.call('DeleteServiceVersion', { service, id: '2' });
      expect(await publish(api, service)).toBe('3');
    });

    test('freezes the service and all its functions', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api, { more: { description: 'old' } });
      const { service } = place;
      const other = await createServiceFunction(api, { service, more: { description: 'old' } });
      await api.call('UpdateService', { service, body: { description: 'old' } });
      await publish(api, service);
      const late = await createServiceFunction(api, { service });
      for (const one of [place, other]) await api.call('UpdateFunction', { ...one, body: { description: 'new' } });
      await api.call('UpdateService', { service, body: { description: 'new' } });
      const description = async (operation: string, call: object) =>
        (await api.call(operation, { service, qualifier: '1', ...call })).json['description'];
      expect(await description('GetService', {})).toBe('old');
      for (const one of [place, other]) expect(await description('GetFunction', one)).toBe('old');
      expect(await description('GetFunction', { ...place, qualifier: 'LATEST' })).toBe('new');
      expect(await api.refusal('GetFunction', { ...late, qualifier: '1' })).toMatchObject({
        code: 'VersionNotFound',
        message: expect.stringContaining(late.function),
      });
      const { json } = await api.call('ListFunctions', { service, qualifier: '1' });
      const listed = json['functions'] as { functionName: string; description: string }[];
      expect(listed.map(({ description: text }) => text)).toEqual(['old', 'old']);
      expect(await api.refusal('ListFunctions', { service, qualifier: '9' })).toMatchObject({
        code: 'VersionNotFound',
      });
    });

    test('is listed by number, in either direction', async () => {
      const { api } = bench;
      const service = await createService(api);
      for (let number = 1; number <= 11; number += 1) await publish(api, service);
      const list = async (query: object) => {
        const { json } = await api.call('ListServiceVersions', { service, query });
        const versions = json['versions'] as { versionId: string }[];
        return { ids: versions.map(({ versionId }) => Number(versionId)), ...json };
      };
      expect(await list({ limit: 3 })).toMatchObject({ ids: [11, 10, 9], direction: 'BACKWARD' });
      const first = await list({ direction: 'FORWARD', limit: 10 });
      expect(first).toMatchObject({ ids: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], direction: 'FORWARD' });
      const rest = await list({
        direction: 'FORWARD',
        limit: 10,
        nextToken: (first as { nextToken?: string }).nextToken,
      });
      expect(rest).toMatchObject({ ids: [11] });
      expect((rest as { nextToken?: string }).nextToken).toBeUndefined();
      expect(await list({ direction: 'FORWARD', startKey: '10' })).toMatchObject({ ids: [10, 11] });
      expect(await list({ startKey: '2' })).toMatchObject({ ids: [2, 1] });
      expect(await api.refusal('ListServiceVersions', { service, query: { direction: 'UP' } })).toMatchObject({
        code: 'InvalidArgument',
      });
    });

    test('that an alias names, or that does not exist, is not deleted', async () => {
      const { api } = bench;
      const service = await createVersioned(api);
      const body = { aliasName: 'prod', versionId: '1', additionalVersionWeight: { '2': 0.1 } };
      await api.call('CreateAlias', { service, body });
      for (const id of ['1', '2']) {
        expect(await api.refusal('DeleteServiceVersion', { service, id })).toMatchObject({
          code: 'VersionInUse',
          status: 409,
        });
      }
      expect(await api.refusal('DeleteServiceVersion', { service, id: '9' })).toMatchObject({
        code: 'VersionNotFound',
      });
      expect(await api.refusal('DeleteServiceVersion', { service: 'no-such-service', id: '1' })).toMatchObject({
        code: 'ServiceNotFound',
      });
      expect(await api.refusal('GetService', { service, qualifier: '9' })).toMatchObject({ code: 'VersionNotFound' });
      expect(await api.refusal('GetService', { service, qualifier: 'none' })).toMatchObject({ code: 'AliasNotFound' });
    });

    test('takes the configurations of its functions along', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      const { service } = place;
      const id = await publish(api, service);
      await api.call('PutFunctionAsyncInvokeConfig', { ...place, qualifier: id, body: { statefulInvocation: true } });
      await api.call('DeleteServiceVersion', { service, id });
      expect(await api.refusal('GetFunctionAsyncInvokeConfig', { ...place, qualifier: id })).toMatchObject({
        code: 'AsyncConfigNotExists',
      });
      expect(await api.refusal('InvokeFunction', { ...place, qualifier: id })).toMatchObject({
        code: 'VersionNotFound',
      });
    });
  });

  describe('an alias', () => {
    test('is given back as it was made, and keeps what an update leaves out', async () => {
      const { api } = bench;
      const service = await createVersioned(api);
      const members = { aliasName: 'prod', versionId: '1', description: 'd', additionalVersionWeight: { '2': 0.25 } };
      const created = await api.call('CreateAlias', { service, body: { ...members, resolvePolicy: 'Random' } });
      expect(created.json).toEqual({
        ...members,
        resolvePolicy: 'Random',
        createdTime: expect.stringMatching(/Z$/),
        lastModifiedTime: expect.stringMatching(/Z$/),
      });
      const found = await api.call('GetAlias', { service, id: 'prod' });
      expect([found.json, found.headers['etag']]).toEqual([created.json, created.headers['etag']]);
      const body = { versionId: '2', description: 'e', additionalVersionWeight: {}, resolvePolicy: 'Random' };
      const updated = await api.call('UpdateAlias', { service, id: 'prod', body });
      expect(updated.json).toMatchObject({ versionId: '2', description: 'e', additionalVersionWeight: {} });
      const weights = { versionId: '2', additionalVersionWeight: { '1': 1 } };
      expect((await api.call('UpdateAlias', { service, id: 'prod', body: weights })).json).toMatchObject({
        description: 'e',
        additionalVersionWeight: { '1': 1 },
      });
    });

    test('sends invocations and tasks to its version, at once after it was pointed elsewhere', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { service } = place;
      await publish(api, service);
      await publish(api, service);
      await api.call('CreateAlias', { service, body: { aliasName: 'prod', versionId: '1' } });
      const versionOf = async () =>
        (await api.call('InvokeFunction', { ...place, qualifier: 'prod', payload: '{}' })).headers[
          'x-fc-invocation-service-version'
        ];
      expect(await versionOf()).toBe('1');
      await api.call('UpdateAlias', { service, id: 'prod', body: { versionId: '2' } });
      expect(await versionOf()).toBe('2');
      await api.call('PutFunctionAsyncInvokeConfig', {
        ...place,
        qualifier: 'prod',
        body: { statefulInvocation: true },
      });
      const id = await submitTo(api, place, { qualifier: 'prod', script: { reply: 1 } });
      expect(await untilTaskOf(api, place, id)).toMatchObject({ status: 'Succeeded', qualifier: 'prod' });
    });

    test('is changed and deleted by the holder of its tag alone', async () => {
      const { api } = bench;
      const service = await createVersioned(api);
      const { headers } = await api.call('CreateAlias', { service, body: { aliasName: 'prod', versionId: '1' } });
      const held = { 'If-Match': headers['etag'] ?? '' };
      await api.call('UpdateAlias', { service, id: 'prod', body: { versionId: '2' }, headers: held });
      const stale = { code: 'PreconditionFailed', status: 412 };
      const change = { service, id: 'prod', body: { versionId: '1' }, headers: held };
      expect(await api.refusal('UpdateAlias', change)).toMatchObject(stale);
      expect(await api.refusal('DeleteAlias', { service, id: 'prod', headers: held })).toMatchObject(stale);
    });

    test('needs a service, a name, a version and weights that can be', async () => {
      const { api } = bench;
      const service = await createVersioned(api);
      const body = { aliasName: 'prod', versionId: '1' };
      await api.call('CreateAlias', { service, body });
      const refusal = async (operation: string, call: object) =>
        (await api.refusal(operation, { service, ...call })).code;
      expect(await refusal('CreateAlias', { body })).toBe('AliasAlreadyExists');
      expect(await refusal('CreateAlias', { body: { aliasName: 'a', versionId: '9' } })).toBe('VersionNotFound');
      expect(await refusal('CreateAlias', { body: { aliasName: 'LATEST', versionId: '1' } })).toBe('InvalidArgument');
      const content = { aliasName: 'a', versionId: '1', resolvePolicy: 'Content' };
      expect(await refusal('CreateAlias', { body: content })).toBe('InvalidArgument');
      expect(await refusal('UpdateAlias', { id: 'prod', body: { versionId: '9' } })).toBe('VersionNotFound');
      const heavy = { versionId: '1', additionalVersionWeight: { '1': 0.5 } };
      const named = 'AdditionalVersionContainsMajorVersion';
      expect(await refusal('UpdateAlias', { id: 'prod', body: heavy })).toBe(named);
      expect(await refusal('CreateAlias', { body: { aliasName: 'a', ...heavy } })).toBe(named);
      const tooMuch = { versionId: '1', additionalVersionWeight: { '2': 1.5 } };
      expect(await refusal('UpdateAlias', { id: 'prod', body: tooMuch })).toBe('InvalidArgument');
      for (const operation of ['GetAlias', 'DeleteAlias']) {
        expect(await refusal(operation, { id: 'none' })).toBe('AliasNotFound');
        expect(await refusal(operation, { service: 'no-such-service', id: 'prod' })).toBe('ServiceNotFound');
      }
      expect(await refusal('UpdateAlias', { id: 'none', body: { versionId: '1' } })).toBe('AliasNotFound');
      const elsewhere = { service: 'no-such-service', id: 'prod', body: { versionId: '1' } };
      expect(await refusal('UpdateAlias', elsewhere)).toBe('ServiceNotFound');
      expect(await refusal('CreateAlias', { ...elsewhere, id: undefined, body })).toBe('ServiceNotFound');
      expect(await refusal('ListAliases', { query: { limit: 101 } })).toBe('InvalidArgument');
    });

    test('is listed by name, by prefix and start, page by page, and gone with its configurations', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { service } = place;
      await publish(api, service);
      await publish(api, service);
      for (const aliasName of ['prod', 'beta', 'alpha']) {
        const body = { aliasName, versionId: '1', description: 'd', additionalVersionWeight: { '2': 0.5 } };
        await api.call('CreateAlias', { service, body });
      }
      const list = async (query: object) => {
        const { json } = await api.call('ListAliases', { service, query });
        return [
          (json['aliases'] as { aliasName: string }[]).map(({ aliasName }) => aliasName),
          json['nextToken'],
        ] as const;
      };
      expect((await list({ prefix: 'p' }))[0]).toEqual(['prod']);
      expect((await list({ startKey: 'b' }))[0]).toEqual(['beta', 'prod']);
      const [names, nextToken] = await list({ limit: 2 });
      expect(names).toEqual(['alpha', 'beta']);
      expect(await list({ limit: 2, nextToken })).toEqual([['prod'], undefined]);

      await api.call('PutFunctionAsyncInvokeConfig', {
        ...place,
        qualifier: 'prod',
        body: { statefulInvocation: true },
      });
      await api.call('DeleteAlias', { service, id: 'prod' });
      expect(await api.refusal('GetFunctionAsyncInvokeConfig', { ...place, qualifier: 'prod' })).toMatchObject({
        code: 'AsyncConfigNotExists',
      });
      expect(await api.refusal('InvokeFunction', { ...place, qualifier: 'prod' })).toMatchObject({
        code: 'AliasNotFound',
      });
    });
  });
}
