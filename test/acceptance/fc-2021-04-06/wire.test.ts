import { expect, test } from 'vitest';
import { wireError } from '../../support/raw-client.ts';
import { Sdk2021 } from '../../support/sdk-2021.ts';
import { createServiceFunction } from '../../support/services.ts';
import { useOlderServer } from '../fc-2/older-bench.ts';
import { wireSuite } from '../fc-2/wire-suite.ts';

const bench = useOlderServer((target, log) => new Sdk2021(target, log));

wireSuite(bench);

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
