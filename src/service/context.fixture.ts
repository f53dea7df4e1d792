/** A context over the memory store, with an engine that only remembers what it was told. */
import { createHash } from 'node:crypto';
import { crc64 } from '../core/crc64.ts';
import type { FunctionRecord } from '../core/resources.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createFunction, type CreateFunctionInput } from './create-function.ts';
import { FunctionDirectory } from './function-directory.ts';
import { functionSource } from './resource-store.ts';
import type { Caller, Engine, InstanceView, PackageAdmission, ServiceContext } from './service-context.ts';

export const CALLER: Caller = { account: '1000', requestId: 'request-1' };
export const STRANGER: Caller = { account: '2000', requestId: 'request-2' };

/** Any bytes but these pass for a zip. */
export const BROKEN_ZIP = Buffer.from('broken');

export interface Bench {
  readonly context: ServiceContext;
  readonly store: Store;
  /** Moves by hand. */
  readonly time: { nowMs: number };
  /** `changed` calls: function name, with `!` where what runs is to be ended. */
  readonly changes: string[];
  /** What the engine says it has. */
  readonly instances: InstanceView[];
}

/** @param override parts of the store that a test makes misbehave */
export function newBench(override: (store: Store) => Partial<Store> = () => ({})): Bench {
  const time = { nowMs: Date.UTC(2026, 0, 1) };
  const now = () => time.nowMs;
  const inner = createMemoryStore({ now });
  const store: Store = { ...inner, ...override(inner) };
  const changes: string[] = [];
  const instances: InstanceView[] = [];
  const engine: Partial<Engine> = {
    limitsChanged: (key) => void changes.push(key.functionName),
    provisionChanged: () => void changes.push('provision'),
    changed: (key, options) => void changes.push(`${key.functionName}${options?.abort === true ? '!' : ''}`),
    instances: async (key) => (key.account === CALLER.account ? instances : []),
  };
  let uuids = 0;
  const context: ServiceContext = {
    store,
    engine: engine as Engine,
    functions: new FunctionDirectory({
      source: functionSource(store),
      now,
      random: () => 0.5,
      maxAgeMs: Number.POSITIVE_INFINITY,
    }),
    packages: admission,
    destinations: {
      services: ['fc', 'mns'],
      check: (arn) => (arn.resource.includes('bad') ? 'must name something good' : undefined),
    },
    settings: {
      region: 'local',
      accountId: '1000000000000000',
      triggerBaseUrl: null,
      asyncPayloadBytesMax: 131_072,
      delaySecondsMax: 3600,
      backlogMax: 1000,
      sealingKey: new Uint8Array(32).fill(7),
    },
    now,
    random: () => 0.5,
    newUuid: () => `${String((uuids += 1)).padStart(8, '0')}-0000-4000-8000-000000000000`,
  };
  return { context, store, time, changes, instances };
}

const admission: PackageAdmission = {
  runtimes: ['custom', 'http', 'nodejs20'],
  needsCode: (runtime) => runtime !== 'http',
  settingsProblem: ({ environment }) => (environment['BAD'] === undefined ? undefined : 'its BAD is bad'),
  admit: async (zip) =>
    Buffer.from(zip).equals(BROKEN_ZIP)
      ? { problem: 'it is broken' }
      : {
          package: {
            sha256: createHash('sha256').update(zip).digest('hex'),
            sizeBytes: zip.byteLength,
            checksum: crc64(zip),
          },
        },
};

export function newFunctionInput(functionName: string, more: Partial<CreateFunctionInput> = {}): CreateFunctionInput {
  return {
    functionName,
    settings: { runtime: 'nodejs20', handler: 'index.handler' },
    code: { zip: Buffer.from('a zip'), checksum: null },
    tags: [],
    ...more,
  };
}

export async function givenFunction(bench: Bench, functionName = 'f'): Promise<FunctionRecord> {
  const record = await createFunction(bench.context, CALLER, newFunctionInput(functionName));
  bench.changes.length = 0;
  return record;
}
