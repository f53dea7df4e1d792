import { expect, test } from 'vitest';
import { wireError } from '../../support/raw-client.ts';
import { Sdk2021 } from '../../support/sdk-2021.ts';
import { createService, createServiceFunction } from '../../support/services.ts';
import { useOlderServer } from '../fc-2/older-bench.ts';
import { wireSuite } from '../fc-2/wire-suite.ts';

const bench = useOlderServer((target, log) => new Sdk2021(target, log));

wireSuite(bench);

test.each(['POST', 'PUT'])('%s /tag answers without a body or a content type', async (method) => {
  const service = await createService(bench.api);
  const body = { resourceArn: `services/${service}`, tags: { a: 'b' }, tagKeys: ['a'] };
  const answer = await bench.raw.sendJson(method, '/2021-04-06/tag', body);
  expect([answer.status, answer.body.length]).toEqual([200, 0]);
  expect(answer.headers).not.toHaveProperty('content-type');
});

test('the qualifier may stand on the service, but not differ from the one in the query', async () => {
  const place = await createServiceFunction(bench.api);
  await bench.api.call('PublishServiceVersion', { service: place.service, body: { description: 'v' } });
  const target = `/2021-04-06/services/${place.service}.1/functions/${place.function}/invocations`;
  const { status, headers } = await bench.raw.send({ method: 'POST', target, body: '{}' });
  expect([status, headers['x-fc-invocation-service-version']]).toEqual([200, '1']);
  expect(wireError(await bench.raw.send({ method: 'POST', target: `${target}?qualifier=2` }))).toMatchObject({
    code: 'InvalidArgument',
    message: "qualifier is '2' in the query and '1' in the path",
  });
});
