import { describe, expect, test } from 'vitest';
import { jsonOf } from '../../support/raw-client.ts';
import { zipOf } from '../../support/code-package.ts';
import { Sdk2016 } from '../../support/sdk-2016.ts';
import {
  createService,
  createServiceFunction,
  createTaskPlace,
  serviceFunctionBody,
  submitTo,
} from '../../support/services.ts';
import { useOlderServer } from '../fc-2/older-bench.ts';
import { wireSuite } from '../fc-2/wire-suite.ts';

const bench = useOlderServer((target, log) => new Sdk2016(target, log));

wireSuite(bench);

test('an endpoint that ends in a slash gives paths with two, which are forgiven', async () => {
  const api = new Sdk2016({ host: `${bench.server.host}/` }, bench.log);
  expect((await api.call('ListServices')).json['services']).toBeInstanceOf(Array);
});

test.each(['color', 'env:prod', '团队', 'a b'])('services are found by the tag %s in the query', async (key) => {
  const service = await createService(bench.api);
  await createService(bench.api);
  const body = { resourceArn: `services/${service}`, tags: { [key]: 'red' } };
  await bench.api.call('TagResource', { body });
  const { json } = await bench.api.call('ListServices', { query: { [`tag_${key}`]: 'red' } });
  expect(json['services']).toMatchObject([{ serviceName: service }]);
  const other = await bench.api.call('ListServices', { query: { [`tag_${key}`]: 'blue' } });
  expect(other.json['services']).toEqual([]);
});

test.each(['POST', 'DELETE'])('%s /tag answers with JSON, which the Python SDK reads', async (method) => {
  const service = await createService(bench.api);
  const body = { resourceArn: `services/${service}`, tags: { a: 'b' }, tagKeys: ['a'] };
  const answer = await bench.raw.sendJson(method, '/2016-08-15/tag', body);
  expect(answer.status).toBe(200);
  expect(jsonOf(answer)).toEqual({ requestId: answer.headers['x-fc-request-id'] });
});

test('a server that fails with text is read as text, one that fails with JSON as an object', async () => {
  const server = `
    require('http').createServer((request, response) => {
      response.setHeader('x-fc-status', '404');
      request.pipe(response);
    }).listen(process.env.FC_SERVER_PORT);`;
  const place = await createServiceFunction(bench.api, {
    more: {
      runtime: 'custom',
      customRuntimeConfig: { command: ['node', 'server.js'] },
      code: { zipFile: (await zipOf({ 'server.js': server })).toString('base64') },
    },
  });
  const { client } = new Sdk2016({ host: bench.server.host }, bench.log);
  const failWith = async (payload: string) => {
    const path = `/services/${place.service}/functions/${place.function}/invocations`;
    const { data, headers } = await client.post(path, payload);
    return [data, headers['x-fc-error-type']];
  };
  expect(await failWith('not here')).toEqual(['not here', 'UnhandledInvocationError']);
  expect(await failWith('{"errorMessage":"no"}')).toEqual([{ errorMessage: 'no' }, 'UnhandledInvocationError']);
});

test('a list of tasks holds 50 unless told otherwise', async () => {
  const place = await createTaskPlace(bench.api);
  const delayed = { 'x-fc-async-delay': '600' };
  await Promise.all(Array.from({ length: 51 }, () => submitTo(bench.api, place, { headers: delayed })));
  const target = `/2016-08-15/services/${place.service}/functions/${place.function}/stateful-async-invocations`;
  expect(jsonOf(await bench.raw.send({ target }))['invocations']).toHaveLength(50);
});

describe('an operation of Function Compute that is not built says so by its name', () => {
  test.each([
    ['CreateCustomDomain', 'createCustomDomain', ['d']],
    ['ListCustomDomains', 'listCustomDomains', []],
    ['GetCustomDomain', 'getCustomDomain', ['d']],
    ['UpdateCustomDomain', 'updateCustomDomain', ['d']],
    ['DeleteCustomDomain', 'deleteCustomDomain', ['d']],
    ['ListReservedCapacities', 'listReservedCapacities', []],
    ['GetAccountSettings', 'getAccountSettings', []],
    ['GetTempCodeBucketToken', 'getTempCodeBucketPermission', ['s', 'f', 'e1']],
    ['GetTempBucketToken', 'getTempBucketToken', []],
    ['GetAccountConfigs', 'getAccountConfigs', [{}]],
  ] as const)('%s', async (operation, method, values) => {
    const client = new Sdk2016({ host: bench.server.host }, bench.log).client as unknown as Readonly<
      Record<string, (...parts: unknown[]) => Promise<unknown>>
    >;
    await expect(client[method]?.call(client, ...values)).rejects.toMatchObject({
      code: 'OperationNotSupported',
      message: expect.stringContaining(operation),
    });
  });
});

test('a layer is read by its ARN, whose slashes the SDK encodes', async () => {
  const api = new Sdk2016({ host: bench.server.host }, bench.log);
  const { code } = await serviceFunctionBody();
  const { json } = await api.call('CreateLayerVersion', { service: 'by-arn', body: { code } });
  const { data } = await (api.client as unknown as LayerClient).getLayerVersionByArn(String(json['arn']));
  expect(data).toMatchObject({ layerName: 'by-arn', version: 1, arnV2: json['arn'] });
});

interface LayerClient {
  getLayerVersionByArn(arn: string): Promise<{ readonly data: unknown }>;
}
