import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FunctionRecord } from '../../core/resources.ts';
import { Fields } from '../shared/fields.ts';
import { encodeFunction } from './function-codec.ts';
import { decodeCreateFunction, decodeUpdateFunction } from './function-codec-input.ts';
import { decodePassive } from './function-codec-passive.ts';

const text = fc.string({ maxLength: 40 });
const texts = fc.array(text, { maxLength: 3 });
const textMap = fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9]{0,7}$/), text, { maxKeys: 4 });
const hook = fc.record({ handler: text, timeoutSeconds: fc.integer({ min: 1, max: 90 }) });
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });

const passive = some({
  cpu: fc.integer({ min: 1, max: 320 }).map((steps) => Number((steps * 0.05).toFixed(2))),
  diskSize: fc.constantFrom(512, 10_240),
  internetAccess: fc.boolean(),
  role: text,
  vpcConfig: some({ vpcId: text, vSwitchIds: texts, securityGroupId: text, role: text }),
  logConfig: some({ project: text, logstore: text, enableRequestMetrics: fc.boolean(), logBeginRule: text }),
  nasConfig: some({
    userId: fc.integer({ min: -1, max: 65_534 }),
    mountPoints: fc.array(some({ serverAddr: text, mountDir: text, enableTLS: fc.boolean() }), { maxLength: 2 }),
  }),
  tracingConfig: some({ type: text, params: textMap }),
  customRuntimeConfig: some({ command: texts, args: texts, port: fc.integer({ min: 1, max: 65_535 }) }),
  customDNS: some({ nameServers: texts, dnsOptions: fc.array(some({ name: text, value: text }), { maxLength: 2 }) }),
  gpuConfig: some({ gpuType: text, gpuMemorySize: fc.integer({ min: 0, max: 65_536 }) }),
  idleTimeout: fc.nat(600),
  disableOndemand: fc.boolean(),
});

const records: fc.Arbitrary<FunctionRecord> = fc.record({
  account: fc.constant('1000'),
  functionName: fc.constant('f'),
  functionId: fc.uuid(),
  revision: fc.nat(),
  nextVersionId: fc.nat(),
  restriction: fc.constant(null),
  tags: fc.uniqueArray(fc.record({ key: fc.string({ minLength: 1, maxLength: 9 }), value: text }), {
    maxLength: 5,
    selector: ({ key }) => key,
  }),
  createdAtMs: fc.nat(2_000_000_000).map((seconds) => seconds * 1000),
  modifiedAtMs: fc.nat(2_000_000_000).map((seconds) => seconds * 1000),
  runtime: fc.constantFrom('nodejs20', 'custom'),
  handler: fc.string({ minLength: 1, maxLength: 128 }),
  code: fc.constant({ sha256: 'ab', sizeBytes: 5, checksum: '7' }),
  timeoutSeconds: fc.integer({ min: 1, max: 86_400 }),
  memoryMb: fc.integer({ min: 2, max: 512 }).map((steps) => steps * 64),
  environment: textMap,
  initializer: fc.option(hook),
  preStop: fc.option(hook),
  description: text,
  instanceConcurrency: fc.integer({ min: 1, max: 200 }),
  passive,
});

/** What a tool does that reads a function and sends it back. */
function sentBack(record: FunctionRecord): Fields {
  const shown = encodeFunction({ record, settings: record, modifiedAtMs: record.modifiedAtMs }, 'local');
  // Answers show layers as objects, requests as names; a caller has to convert those by hand.
  const { layers: _, ...rest } = JSON.parse(JSON.stringify(shown)) as Record<string, unknown>;
  return new Fields({ instanceLifecycleConfig: {}, ...rest });
}

it('reads back every setting that it shows', () => {
  fc.assert(
    fc.property(records, (record) => {
      const { settings } = decodeUpdateFunction(sentBack(record), 'f');
      const { runtime, handler, timeoutSeconds, memoryMb, environment, description, instanceConcurrency } = record;
      const { initializer, preStop } = record;
      expect(settings).toMatchObject({
        ...{ runtime, handler, timeoutSeconds, memoryMb, description, instanceConcurrency, initializer, preStop },
        passive: record.passive,
      });
      expect(settings.environment).toEqual(environment);
      expect(decodeCreateFunction(sentBack(record)).tags).toEqual(record.tags);
    }),
  );
});

it('stores members without effect as it was given them, and reads them from itself unchanged', () => {
  fc.assert(
    fc.property(passive, (given) => {
      const once = decodePassive(new Fields(given));
      expect(once).toEqual(given);
      expect(decodePassive(new Fields(once))).toEqual(once);
    }),
  );
});

it('reads members of any case', () => {
  fc.assert(
    fc.property(passive, fc.func(fc.boolean()), (given, upper) => {
      const cased = Object.entries(given).map(([name, value]) => [upper(name) ? name.toUpperCase() : name, value]);
      expect(decodePassive(new Fields(Object.fromEntries(cased) as Record<string, unknown>))).toEqual(given);
    }),
  );
});
