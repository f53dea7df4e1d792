/** What a function of a service is, through whichever SDK. */
import { beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '../../support/functions.ts';
import {
  createService,
  createServiceFunction,
  serviceFunctionBody,
  submitTo,
  untilTaskOf,
  createTaskPlace,
} from '../../support/services.ts';
import { until } from '../../support/until.ts';
import type { OlderBench } from './older-bench.ts';

const KEPT = {
  description: 'd',
  cpu: 0.35,
  diskSize: 10_240,
  caPort: 9000,
  initializer: 'index.initialize',
  initializationTimeout: 7,
  instanceConcurrency: 2,
  instanceSoftConcurrency: 2,
  instanceType: 'c1',
  gpuMemorySize: 1024,
  environmentVariables: { A: '1' },
  layers: ['acs:fc:local:1000000000000000:layers/kept/versions/1'],
  customRuntimeConfig: { command: ['/code/boot'], args: ['-x'] },
  customContainerConfig: {
    image: 'i',
    command: '["/code/server"]',
    args: '["-a","b"]',
    instanceID: 'cri-1',
    accelerationType: 'Default',
    webServerMode: true,
  },
  customDNS: { nameServers: ['1.1.1.1'], searches: ['a.b'], dnsOptions: [{ name: 'ndots', value: '1' }] },
  customHealthCheckConfig: { httpGetUrl: '/ready', periodSeconds: 2 },
  instanceLifecycleConfig: {
    preFreeze: { handler: 'index.preFreeze', timeout: 3 },
    preStop: { handler: 'index.preStop', timeout: 5 },
  },
};

export function functionSuite(bench: OlderBench): void {
  beforeAll(async () => {
    const { code } = await serviceFunctionBody();
    await bench.api.call('CreateLayerVersion', { service: 'kept', body: { code } });
  });

  describe('a function', () => {
    test('is given back as it was made, without its code, from every operation', async () => {
      const { api } = bench;
      const service = await createService(api);
      const functionName = uniqueName('f');
      const { code, ...settings } = await serviceFunctionBody();
      const body = { functionName, ...settings, ...KEPT, code };
      const created = await api.call('CreateFunction', { service, body });
      const expected = {
        functionName,
        ...settings,
        ...KEPT,
        layersArnV2: KEPT.layers,
        functionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        codeSize: expect.any(Number),
        codeChecksum: expect.stringMatching(/^\d+$/),
        createdTime: expect.stringMatching(/Z$/),
        lastModifiedTime: expect.stringMatching(/Z$/),
      };
      expect(created.json).toEqual(expected);
      expect((await api.call('GetFunction', { service, function: functionName })).json).toEqual(expected);
      expect((await api.call('ListFunctions', { service })).json['functions']).toEqual([expected]);
      const changed = { ...KEPT, handler: 'index.other', runtime: 'nodejs20', memorySize: 1024, timeout: 5 };
      const { functionName: _, ...update } = { functionName, ...changed, code };
      const updated = await api.call('UpdateFunction', { service, function: functionName, body: update });
      expect(updated.json).toEqual({ ...expected, ...changed });
    });

    test('keeps what an update leaves out, also inside what 3.0 has as one', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api, { more: KEPT });
      await api.call('UpdateFunction', { ...place, body: { caPort: 9001 } });
      await api.call('UpdateFunction', { ...place, body: { initializationTimeout: 8 } });
      const { json } = await api.call('GetFunction', place);
      expect(json).toMatchObject({ ...KEPT, caPort: 9001, initializationTimeout: 8 });
      await api.call('UpdateFunction', { ...place, body: { initializer: '' } });
      expect((await api.call('GetFunction', place)).json).not.toHaveProperty('initializer');
    });

    test('is changed and deleted by the holder of its tag alone', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { headers } = await api.call('GetFunction', place);
      const held = { 'If-Match': headers['etag'] ?? '' };
      await api.call('UpdateFunction', { ...place, body: { timeout: 9 }, headers: held });
      const stale = { code: 'PreconditionFailed', status: 412 };
      const change = { ...place, body: { timeout: 8 }, headers: held };
      expect(await api.refusal('UpdateFunction', change)).toMatchObject(stale);
      expect(await api.refusal('DeleteFunction', { ...place, headers: held })).toMatchObject(stale);
      const { headers: fresh } = await api.call('GetFunction', place);
      await api.call('DeleteFunction', { ...place, headers: { 'If-Match': fresh['etag'] ?? '' } });
    });

    test('needs a service, a name of its own and settings that can be', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const body = { ...(await serviceFunctionBody()), functionName: place.function };
      expect(await api.refusal('CreateFunction', { service: place.service, body })).toMatchObject({
        code: 'FunctionAlreadyExists',
        status: 409,
        message: expect.stringContaining(`'${place.function}' already exists in service '${place.service}'`),
      });
      expect(await api.refusal('CreateFunction', { service: 'no-such-service', body })).toMatchObject({
        code: 'ServiceNotFound',
        status: 404,
      });
      const wrong: readonly object[] = [
        { functionName: 'a$b' },
        { functionName: 'a.b' },
        { runtime: 'java8' },
        { memorySize: 100 },
        { timeout: 0 },
        { customContainerConfig: { command: 'no list' } },
        { code: { zipFile: 'bm8gemlw' } },
        { code: { ossBucketName: 'bucket', ossObjectName: 'o' } },
      ];
      for (const members of wrong) {
        const call = { service: place.service, body: { ...body, functionName: uniqueName('f'), ...members } };
        expect(await api.refusal('CreateFunction', call), JSON.stringify(members)).toMatchObject({
          code: 'InvalidArgument',
          status: 400,
        });
      }
      expect(await api.refusal('UpdateFunction', { ...place, body: { timeout: 0 } })).toMatchObject({
        code: 'InvalidArgument',
      });
    });

    test('of a wrong checksum is refused, and of the right one taken', async () => {
      const { api } = bench;
      // A zip holds the time at which it was made: the same one must go with its checksum.
      const body = { ...(await serviceFunctionBody()), functionName: uniqueName('f') };
      const place = await createServiceFunction(api, { function: body.functionName, more: body });
      const checksum = String((await api.call('GetFunction', place)).json['codeChecksum']);
      const update = (sent: string) => ({
        ...place,
        body: { code: body.code },
        headers: { 'X-Fc-Code-Checksum': sent },
      });
      await api.call('UpdateFunction', update(checksum));
      expect(await api.refusal('UpdateFunction', update('1'))).toMatchObject({ code: 'InvalidArgument' });
      const again = { ...body, functionName: uniqueName('f') };
      const headers = { 'X-Fc-Code-Checksum': checksum };
      await api.call('CreateFunction', { service: place.service, body: again, headers });
    });

    test('that is missing, or whose service is, is told apart', async () => {
      const { api } = bench;
      const service = await createService(api);
      const body = { timeout: 5 };
      for (const operation of ['GetFunction', 'UpdateFunction', 'DeleteFunction', 'GetFunctionCode', 'ListInstances']) {
        const call = operation === 'UpdateFunction' ? { body } : {};
        expect(await api.refusal(operation, { service, function: 'none', ...call }), operation).toMatchObject({
          code: 'FunctionNotFound',
          status: 404,
          message: expect.stringContaining(`function 'none' does not exist in service '${service}'`),
        });
        const elsewhere = { service: 'no-such-service', function: 'none', ...call };
        expect(await api.refusal(operation, elsewhere), operation).toMatchObject({
          code: 'ServiceNotFound',
          status: 404,
        });
      }
      const place = await createServiceFunction(api, { service });
      for (const operation of ['GetFunction', 'GetFunctionCode']) {
        expect(await api.refusal(operation, { ...place, qualifier: '9' })).toMatchObject({ code: 'VersionNotFound' });
        expect(await api.refusal(operation, { ...place, qualifier: 'none' })).toMatchObject({ code: 'AliasNotFound' });
      }
    });

    test('gives its code back', async () => {
      const { api } = bench;
      const { code } = await serviceFunctionBody();
      const place = await createServiceFunction(api, { more: { code } });
      const { json } = await api.call('GetFunctionCode', place);
      const zip = Buffer.from(await (await fetch(String(json['url']))).arrayBuffer());
      expect(zip.toString('base64')).toBe(code.zipFile);
      expect(json['checksum']).toBe((await api.call('GetFunction', place)).json['codeChecksum']);
    });

    test('runs its initializer', async () => {
      const { api } = bench;
      const more = { initializer: 'index.initialize', environmentVariables: { INITIALIZE_FAILS: 'no' } };
      const { headers } = await api.call('InvokeFunction', {
        ...(await createServiceFunction(api, { more })),
        payload: '{}',
      });
      expect(headers['x-fc-error-type']).toMatch(/./);
    });
  });

  describe('the list of functions', () => {
    test('has those of one service, by prefix and start, page by page', async () => {
      const { api } = bench;
      const service = await createService(api);
      await createServiceFunction(api, { service: await createService(api, { serviceName: `${service}-2` }) });
      for (const name of ['b1', 'a1', 'b2']) await createServiceFunction(api, { service, function: name, more: KEPT });
      const list = async (query: object) => {
        const { json } = await api.call('ListFunctions', { service, query });
        const names = (json['functions'] as { functionName: string }[]).map(({ functionName }) => functionName);
        return [names, json['nextToken']] as const;
      };
      expect((await list({}))[0]).toEqual(['a1', 'b1', 'b2']);
      expect((await list({ prefix: 'b' }))[0]).toEqual(['b1', 'b2']);
      expect((await list({ startKey: 'b1' }))[0]).toEqual(['b1', 'b2']);
      const [first, nextToken] = await list({ limit: 2 });
      expect(first).toEqual(['a1', 'b1']);
      expect(await list({ limit: 2, nextToken })).toEqual([['b2'], undefined]);
      expect(await api.refusal('ListFunctions', { service, query: { limit: 101 } })).toMatchObject({
        code: 'InvalidArgument',
      });
    });
  });

  describe('instances', () => {
    test('are listed while they live, by id', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { headers } = await api.call('InvokeFunction', { ...place, payload: '{}' });
      const instanceId = headers['x-fc-instance-id'];
      const list = async (query: object) =>
        (await api.call('ListInstances', { ...place, qualifier: 'LATEST', query })).json['instances'];
      for (const limit of [10, 0]) expect(await list({ limit })).toEqual([{ instanceId, versionId: '0' }]);
      expect(await list({ instanceIds: [instanceId] })).toEqual([{ instanceId, versionId: '0' }]);
      expect(await list({ instanceIds: ['none'] })).toEqual([]);
    });
  });

  describe('an on-demand configuration', () => {
    test('is put, read, listed and deleted, under a tag', async () => {
      const { api } = bench;
      const place = { ...(await createServiceFunction(api)), qualifier: 'LATEST' };
      const put = { ...place, body: { maximumInstanceCount: 3 } };
      const { json, headers } = await api.call('PutFunctionOnDemandConfig', put);
      const resource = `1000000000000000#${place.service}#LATEST#${place.function}`;
      expect(json).toEqual({ resource, maximumInstanceCount: 3 });
      const found = await api.call('GetFunctionOnDemandConfig', place);
      expect([found.json, found.headers['etag']]).toEqual([json, headers['etag']]);
      const other = {
        ...(await createServiceFunction(api, { service: place.service, function: 'z' })),
        qualifier: 'LATEST',
      };
      await api.call('PutFunctionOnDemandConfig', { ...other, body: { maximumInstanceCount: 1 } });
      const list = async (query: object) =>
        (await api.call('ListOnDemandConfigs', { query: { prefix: place.service, ...query } })).json;
      const page = await list({ limit: 1 });
      expect(page['configs']).toEqual([json]);
      const last = await list({ nextToken: page['nextToken'] });
      expect([last['configs'], last['nextToken']]).toEqual([[expect.anything()], undefined]);
      expect((await list({ startKey: `${place.service}$z` }))['configs']).toHaveLength(1);

      const held = { 'If-Match': headers['etag'] ?? '' };
      await api.call('PutFunctionOnDemandConfig', { ...put, body: { maximumInstanceCount: 4 }, headers: held });
      const stale = { code: 'PreconditionFailed', status: 412 };
      expect(await api.refusal('PutFunctionOnDemandConfig', { ...put, headers: held })).toMatchObject(stale);
      expect(await api.refusal('DeleteFunctionOnDemandConfig', { ...place, headers: held })).toMatchObject(stale);
      await api.call('DeleteFunctionOnDemandConfig', place);
      expect(await api.refusal('GetFunctionOnDemandConfig', place)).toMatchObject({
        code: 'OnDemandConfigNotFound',
        status: 404,
      });
    });

    test.each([2_147_483_648, Number.MAX_SAFE_INTEGER])('may be as much as %i, and tasks run', async (most) => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      const put = { ...place, qualifier: 'LATEST', body: { maximumInstanceCount: most } };
      expect((await api.call('PutFunctionOnDemandConfig', put)).json['maximumInstanceCount']).toBe(most);
      expect(await untilTaskOf(api, place, await submitTo(api, place))).toMatchObject({ status: 'Succeeded' });
    });

    test('is one of the function, not of an alias', async () => {
      const { api } = bench;
      const place = { ...(await createServiceFunction(api)), qualifier: 'prod' };
      expect(
        await api.refusal('PutFunctionOnDemandConfig', { ...place, body: { maximumInstanceCount: 3 } }),
      ).toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining('qualifier must be LATEST'),
      });
      expect(await api.refusal('ListOnDemandConfigs', { query: { limit: 101 } })).toMatchObject({
        code: 'InvalidArgument',
      });
      const body = { maximumInstanceCount: 3 };
      for (const operation of [
        'PutFunctionOnDemandConfig',
        'GetFunctionOnDemandConfig',
        'DeleteFunctionOnDemandConfig',
      ]) {
        const call = { qualifier: 'LATEST', function: 'none', ...(operation.startsWith('Put') && { body }) };
        expect(await api.refusal(operation, { ...call, service: place.service })).toMatchObject({
          code: 'FunctionNotFound',
        });
        expect(await api.refusal(operation, { ...call, service: 'none' })).toMatchObject({ code: 'ServiceNotFound' });
      }
    });

    test('of 0 holds tasks back until it is gone', async () => {
      const { api } = bench;
      const place = await createTaskPlace(api);
      const qualified = { ...place, qualifier: 'LATEST' };
      await api.call('PutFunctionOnDemandConfig', { ...qualified, body: { maximumInstanceCount: 0 } });
      const id = await submitTo(api, place);
      const status = async () => (await api.call('GetStatefulAsyncInvocation', { ...place, id })).json['status'];
      expect(await status()).toBe('Enqueued');
      await api.call('DeleteFunctionOnDemandConfig', qualified);
      await until('the task ran', async () => (await status()) === 'Succeeded');
      expect(await untilTaskOf(api, place, id)).toMatchObject({ status: 'Succeeded' });
    });
  });
}
