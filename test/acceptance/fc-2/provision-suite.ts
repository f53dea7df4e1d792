/** Instances that are kept up, through whichever SDK of 2.0. */
import { describe, expect, test } from 'vitest';
import { createServiceFunction } from '../../support/services.ts';
import { until } from '../../support/until.ts';
import type { OlderBench } from './older-bench.ts';

export function provisionSuite(bench: OlderBench): void {
  describe('the instances that a function is provisioned with', () => {
    test('are set, read and listed, and come up', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const none = await api.call('GetProvisionConfig', { ...place, qualifier: 'LATEST' });
      expect(none.json).toMatchObject({ target: 0, current: 0 });
      const body = { target: 1, alwaysAllocateCPU: true, scheduledActions: [], targetTrackingPolicies: [] };
      const made = await api.call('PutProvisionConfig', { ...place, qualifier: 'LATEST', body });
      const resource = `1000000000000000#${place.service}#LATEST#${place.function}`;
      expect(made.json).toMatchObject({ resource, target: 1, alwaysAllocateCPU: true });
      await until('the instance is up', async () => {
        const { json } = await api.call('GetProvisionConfig', { ...place, qualifier: 'LATEST' });
        return json['current'] === 1 && json['currentError'] === '';
      });
      const query = { serviceName: place.service, qualifier: 'LATEST', nextToken: '' };
      const { json } = await api.call('ListProvisionConfigs', { query });
      expect(json['provisionConfigs']).toMatchObject([{ resource, target: 1, current: 1, currentError: '' }]);
      expect(json['nextToken']).toBeUndefined();
      const second = await createServiceFunction(api, { service: place.service });
      await api.call('PutProvisionConfig', { ...second, qualifier: 'LATEST', body: { target: 0 } });
      const page = await api.call('ListProvisionConfigs', { query: { ...query, limit: 1 } });
      expect(page.json['nextToken']).toEqual(expect.any(String));
      const other = await api.call('ListProvisionConfigs', { query: { serviceName: 'none' } });
      expect(other.json['provisionConfigs']).toEqual([]);
      await api.call('PutProvisionConfig', { ...place, qualifier: 'LATEST', body: { target: 0 } });
    });

    test('are forgotten with the alias or version that they were set for', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const { service } = place;
      await api.call('PublishServiceVersion', { service, body: {} });
      await api.call('CreateAlias', { service, body: { aliasName: 'prod', versionId: '1' } });
      for (const qualifier of ['1', 'prod']) {
        await api.call('PutProvisionConfig', { ...place, qualifier, body: { target: 1 } });
      }
      await api.call('DeleteAlias', { service, id: 'prod' });
      await api.call('DeleteServiceVersion', { service, id: '1' });
      const { json } = await api.call('ListProvisionConfigs', { query: { serviceName: service } });
      expect(json['provisionConfigs']).toEqual([]);
    });

    test('are refused for what is not there, and with rules that nobody follows', async () => {
      const { api } = bench;
      const place = await createServiceFunction(api);
      const target = { body: { target: 1 } };
      const calls = [
        [{ ...place, service: 'none', qualifier: 'LATEST' }, 'ServiceNotFound'],
        [{ ...place, function: 'none', qualifier: 'LATEST' }, 'FunctionNotFound'],
        [{ ...place, qualifier: '7' }, 'VersionNotFound'],
        [{ ...place, qualifier: 'dev' }, 'AliasNotFound'],
      ] as const;
      for (const [call, code] of calls) {
        expect(await api.refusal('PutProvisionConfig', { ...call, ...target })).toMatchObject({ code, status: 404 });
        expect(await api.refusal('GetProvisionConfig', call)).toMatchObject({ code, status: 404 });
      }
      const wrong = { code: 'InvalidArgument', status: 400 };
      for (const body of [{ target: -1 }, { target: 1, scheduledActions: [{ name: 'a', target: 2 }] }]) {
        const call = { ...place, qualifier: 'LATEST', body };
        expect(await api.refusal('PutProvisionConfig', call)).toMatchObject(wrong);
      }
      expect(await api.refusal('ListProvisionConfigs', { query: { limit: 101 } })).toMatchObject(wrong);
    });
  });
}
