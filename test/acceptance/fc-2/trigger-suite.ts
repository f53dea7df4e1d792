/** What a trigger of 2.0 is, through whichever SDK. */
import { describe, expect, test } from 'vitest';
import { createServiceFunction, type Place } from '../../support/services.ts';
import type { OlderBench } from './older-bench.ts';

const CONFIG = { authType: 'anonymous', disableURLInternet: false, methods: ['GET', 'POST'] };

export function triggerSuite(bench: OlderBench): void {
  /** As each SDK sends it and is answered: text to the one, the object itself to the other. */
  const written = (config: object): unknown => (bench.api.version === '2016-08-15' ? config : JSON.stringify(config));
  const bodyOf = (members: object = {}) => ({
    triggerName: 'http',
    triggerType: 'http',
    triggerConfig: written(CONFIG),
    description: 'd',
    qualifier: 'LATEST',
    invocationRole: 'acs:ram::1:role/x',
    sourceArn: 'acs:oss:::b',
    ...members,
  });
  const create = async (place: Place, members: object = {}) =>
    await bench.api.call('CreateTrigger', { ...place, body: bodyOf(members) });

  describe('a trigger', () => {
    test('is given back as it was made, with its URLs, and changes its tag with itself', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const created = await create(place);
      const name = `${place.service}-${place.function}`;
      const target = {
        status: 'OK',
        targetArn: `acs:fc:local:1000000000000000:services/${place.service}/functions/${place.function}`,
      };
      expect(created.json).toEqual({
        ...bodyOf(),
        triggerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        // The newer SDK reads these of an update alone.
        ...(api.version === '2016-08-15' && target),
        domainName: expect.stringMatching(new RegExp(`^${name}-[a-z]{10}$`)),
        urlInternet: expect.stringMatching(new RegExp(`^http://${name}-[a-z]{10}\\.localhost:\\d+$`)),
        urlIntranet: `${bench.server.url}/2016-08-15/proxy/${place.service}/${place.function}/`,
        createdTime: expect.stringMatching(/Z$/),
        lastModifiedTime: expect.stringMatching(/Z$/),
      });
      const found = await api.call('GetTrigger', { ...place, id: 'http' });
      expect(found.json).toEqual(created.json);
      expect(found.headers['etag']).toBe(created.headers['etag']);
      const change = { triggerConfig: written({ authType: 'function' }), invocationRole: 'r', qualifier: 'LATEST' };
      const updated = await api.call('UpdateTrigger', { ...place, id: 'http', body: { ...change, description: 'e' } });
      expect(updated.json).toMatchObject({
        ...change,
        ...target,
        description: 'e',
        triggerConfig: written({ authType: 'function', disableURLInternet: false, methods: ['GET'] }),
        urlInternet: created.json['urlInternet'],
      });
      expect(updated.headers['etag']).not.toBe(created.headers['etag']);
    });

    test('of a version of the service stands for that version', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { service } = place;
      await api.call('PublishServiceVersion', { service, body: {} });
      const { json } = await create(place, { qualifier: '1' });
      expect(json).toMatchObject({
        qualifier: '1',
        urlIntranet: expect.stringContaining(`/proxy/${service}.1/`),
      });
      const body = bodyOf({ triggerName: 'other' });
      expect(await api.refusal('CreateTrigger', { ...place, body: { ...body, qualifier: '2' } })).toMatchObject({
        code: 'VersionNotFound',
      });
      expect(await api.refusal('CreateTrigger', { ...place, body: { ...body, qualifier: 'prod' } })).toMatchObject({
        code: 'AliasNotFound',
      });
    });

    test('is changed and deleted by the holder of its tag alone', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { headers: tagged } = await create(place);
      const headers = { 'If-Match': tagged['etag'] ?? '' };
      const item = { ...place, id: 'http' };
      await api.call('UpdateTrigger', { ...item, body: { description: '2' }, headers });
      const stale = { code: 'PreconditionFailed', status: 412 };
      expect(await api.refusal('UpdateTrigger', { ...item, body: { description: '3' }, headers })).toMatchObject(stale);
      expect(await api.refusal('DeleteTrigger', { ...item, headers })).toMatchObject(stale);
      const { headers: fresh } = await api.call('GetTrigger', item);
      await api.call('DeleteTrigger', { ...item, headers: { 'If-Match': fresh['etag'] ?? '' } });
      for (const operation of ['GetTrigger', 'UpdateTrigger', 'DeleteTrigger']) {
        expect(await api.refusal(operation, item), operation).toMatchObject({ code: 'TriggerNotFound', status: 404 });
      }
    });

    test('keeps its function, and so its service, from being deleted', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      await create(place);
      expect(await api.refusal('DeleteFunction', place)).toMatchObject({ code: 'FunctionNotEmpty', status: 409 });
      expect(await api.refusal('DeleteService', place)).toMatchObject({ code: 'ServiceNotEmpty', status: 409 });
    });

    test('that cannot be, or is there, is refused', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      await create(place);
      expect(await api.refusal('CreateTrigger', { ...place, body: bodyOf() })).toMatchObject({
        code: 'TriggerAlreadyExists',
        status: 409,
      });
      const invalid = { code: 'InvalidArgument', status: 400 };
      const wrong = [{ triggerType: 'oss' }, { triggerConfig: written({ methods: ['TRACE'] }) }];
      for (const members of wrong) {
        expect(await api.refusal('CreateTrigger', { ...place, body: bodyOf(members) })).toMatchObject(invalid);
      }
      const body = { triggerConfig: written({ authType: 'jwt' }) };
      expect(await api.refusal('UpdateTrigger', { ...place, id: 'http', body })).toMatchObject(invalid);
      expect(await api.refusal('ListTriggers', { ...place, query: { limit: 0 } })).toMatchObject(invalid);
    });

    test('of a function or service that does not exist is refused by the name of what is missing', async () => {
      const { api } = bench;
      const { service } = await createServiceFunction(api);
      const calls = {
        CreateTrigger: { body: bodyOf() },
        GetTrigger: { id: 'http' },
        UpdateTrigger: { id: 'http', body: {} },
        DeleteTrigger: { id: 'http' },
        ListTriggers: {},
      };
      for (const [operation, call] of Object.entries(calls)) {
        expect(await api.refusal(operation, { service, function: 'none', ...call }), operation).toMatchObject({
          code: 'FunctionNotFound',
        });
        expect(await api.refusal(operation, { service: 'none', function: 'f', ...call }), operation).toMatchObject({
          code: 'ServiceNotFound',
        });
      }
    });
  });

  test('triggers are listed by name, in pages, from a name on', async () => {
    const { api } = bench;
    const place = await createServiceFunction(api);
    for (const qualifier of ['1', '2']) {
      await api.call('PublishServiceVersion', { service: place.service, body: {} });
      await create(place, { triggerName: `t-${qualifier}`, qualifier });
    }
    await create(place, { triggerName: 'other' });
    const list = async (query: object) => (await api.call('ListTriggers', { ...place, query })).json;
    const first = await list({ limit: 1, prefix: 't-' });
    expect(first).toMatchObject({ triggers: [{ triggerName: 't-1', description: 'd' }] });
    const second = await list({ limit: 1, prefix: 't-', nextToken: first['nextToken'] });
    expect(second).toMatchObject({ triggers: [{ triggerName: 't-2' }] });
    expect(second['nextToken']).toBeUndefined();
    expect((await list({ startKey: 't-2' }))['triggers']).toMatchObject([{ triggerName: 't-2' }]);
    expect((await list({}))['triggers']).toHaveLength(3);
  });
}
