import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from './config.ts';
import { ConfigError, type ConfigSources, loadConfig } from './load-config.ts';

const NOTHING: ConfigSources = { flags: {}, env: {} };

let folder: string;
let fileCount = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meanwhile-config-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function configFile(content: string): Promise<string> {
  fileCount += 1;
  const path = join(folder, `${fileCount}.json`);
  await writeFile(path, content);
  return path;
}

function problemsOf(sources: Partial<ConfigSources>): readonly string[] {
  try {
    loadConfig({ ...NOTHING, ...sources });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('with nothing given, every setting has its documented default', () => {
  const { instancesMax, ...config } = loadConfig(NOTHING);
  expect(config).toEqual({
    listen: { host: '127.0.0.1', port: 8383 },
    dataDir: resolve('data'),
    store: { engine: 'sqlite' },
    storePasswordFile: null,
    storeConnectionsMax: 10,
    accessKeyId: null,
    accessKeySecret: null,
    triggerBaseUrl: null,
    signatures: 'all',
    accountId: '1000000000000000',
    region: 'local',
    asyncPayloadBytesMax: 131_072,
    delaySecondsMax: 3_600,
    retentionDays: 7,
    instanceIdleSeconds: 60,
    isolation: 'auto',
    functionNetwork: 'shared',
    privateTargets: null,
    backlogMax: 10_000_000,
    leaseSeconds: 30,
    stopGraceSeconds: 30,
    hangSeconds: 60,
    logLevel: 'info',
    functionLogs: 'log',
  } satisfies Omit<Config, 'instancesMax'>);
  expect(instancesMax).toBeGreaterThanOrEqual(8);
  expect(instancesMax).toBeLessThanOrEqual(100);
});

test('a config cannot be changed', () => {
  expect(Object.isFrozen(loadConfig(NOTHING))).toBe(true);
});

test('a flag beats the environment, which beats the file, which beats the default', async () => {
  const config = await configFile('{"retentionDays": 1, "leaseSeconds": 41, "region": "of-file"}');
  const { retentionDays, leaseSeconds, region, stopGraceSeconds } = loadConfig({
    flags: { config, 'retention-days': '3' },
    env: { MEANWHILE_RETENTION_DAYS: '2', MEANWHILE_LEASE_SECONDS: '42' },
  });
  expect({ retentionDays, leaseSeconds, region, stopGraceSeconds }).toEqual({
    retentionDays: 3,
    leaseSeconds: 42,
    region: 'of-file',
    stopGraceSeconds: 30,
  });
});

test('the environment can name the config file', async () => {
  const env = { MEANWHILE_CONFIG: await configFile('{"region": "of-file"}') };
  expect(loadConfig({ flags: {}, env }).region).toBe('of-file');
});

test('an empty environment variable is not set', () => {
  expect(loadConfig({ flags: {}, env: { MEANWHILE_REGION: '' } }).region).toBe('local');
});

test('an empty path is refused, and not taken for the working directory', async () => {
  expect(problemsOf({ flags: { 'data-dir': '' } })).toEqual(['--data-dir must be a path, not ""']);
  const config = await configFile('{"dataDir": ""}');
  expect(problemsOf({ flags: { config } })).toEqual([`"dataDir" in ${config} must be a path, not ""`]);
});

test('every problem is reported at once, with the value and where it came from', async () => {
  const config = await configFile('{"retentionDays": "soon", "retention": 3, "logLevel": true}');
  const problems = problemsOf({
    flags: { config, listen: 'nowhere' },
    env: { MEANWHILE_LEASE_SECONDS: '1' },
  });
  expect(problems).toEqual([
    expect.stringContaining(`"retention" in ${config} is no setting; the settings are listen, `),
    `"logLevel" in ${config} must be a text or a number, not true`,
    '--listen must be `host:port`, with an IPv6 address in brackets, not "nowhere"',
    `"retentionDays" in ${config} must be a whole number from 1 to 3,650 (days), not "soon"`,
    'MEANWHILE_LEASE_SECONDS must be a whole number from 5 to 3,600 (seconds), not "1"',
  ]);
});

test.for([
  ['not JSON', '{"region": ', 'is not valid JSON'],
  ['no object', '["region"]', 'must hold one JSON object'],
] as const)('a config file that is %s is refused', async ([, content, problem]) => {
  expect(problemsOf({ flags: { config: await configFile(content) } })).toEqual([expect.stringContaining(problem)]);
});

test('a config file that does not exist is refused by its path', () => {
  const path = join(folder, 'missing.json');
  expect(problemsOf({ flags: { config: path } })).toEqual([
    expect.stringContaining(`cannot read the config file ${path}`),
  ]);
});

describe('the secret', () => {
  const SECRET = 'päss word';

  test('is not shown when it is refused', () => {
    const problems = problemsOf({ env: { MEANWHILE_ACCESS_KEY_ID: 'ak', MEANWHILE_ACCESS_KEY_SECRET: SECRET } });
    expect(problems).toEqual([
      'MEANWHILE_ACCESS_KEY_SECRET must be 1 to 256 printable characters without spaces, not (hidden)',
    ]);
  });

  test('is not shown when the file around it is broken', async () => {
    const config = await configFile(`{"accessKeySecret": "${SECRET}" "region": "r"}`);
    expect(problemsOf({ flags: { config } }).join()).not.toContain(SECRET.slice(0, 3));
  });

  test('is not shown when it has the wrong type', async () => {
    const config = await configFile(`{"accessKeySecret": ["${SECRET}"]}`);
    expect(problemsOf({ flags: { config } }).join()).not.toContain(SECRET);
  });
});

test.for([
  ['accessKeyId', 'accessKeySecret', { MEANWHILE_ACCESS_KEY_ID: 'ak' }],
  ['accessKeySecret', 'accessKeyId', { MEANWHILE_ACCESS_KEY_SECRET: 'sk' }],
] as const)('%s without %s is refused', ([given, missing, env]) => {
  expect(problemsOf({ env })).toEqual([expect.stringContaining(`${given} is given without ${missing}`)]);
});

test.for(['0.0.0.0:8383', '[::]:8383', '192.168.1.5:0', 'example.org:80'])(
  'listening on %s needs a key pair',
  (listen) => {
    expect(problemsOf({ flags: { listen } })).toEqual([expect.stringContaining('no key pair is given')]);
    const env = { MEANWHILE_ACCESS_KEY_ID: 'ak', MEANWHILE_ACCESS_KEY_SECRET: 'sk' };
    expect(problemsOf({ flags: { listen }, env })).toEqual([]);
  },
);

test.for(['127.0.0.1:0', '127.1.2.3:1', '[::1]:65535', 'localhost:8383'])('listening on %s needs none', (listen) => {
  expect(problemsOf({ flags: { listen } })).toEqual([]);
});

test.for(['8383', ':8383', '127.0.0.1', '127.0.0.1:65536', '127.0.0.1:-1', '::1:8383', 'http://127.0.0.1:1'])(
  'an address like %s is refused',
  (listen) => {
    expect(problemsOf({ flags: { listen } })).toEqual([expect.stringContaining('--listen must be `host:port`')]);
  },
);

test('private targets are ranges, addresses and names', () => {
  const { privateTargets } = loadConfig({ flags: { 'private-targets': '10.0.0.0/8, billing.internal' }, env: {} });
  expect(privateTargets).toEqual({
    ranges: [{ address: [10, 0, 0, 0], prefixBits: 8 }],
    names: new Set(['billing.internal']),
  });
  expect(problemsOf({ env: { MEANWHILE_PRIVATE_TARGETS: 'http://billing' } })).toEqual([
    expect.stringContaining('MEANWHILE_PRIVATE_TARGETS must be ranges (`10.0.0.0/8`), addresses and host names'),
  ]);
});

test('a PostgreSQL store is named by its address, which is shown in no message', () => {
  const url = 'postgres://me:hunter2@db-1:5432,db-2/m?schema=tasks';
  expect(loadConfig({ flags: {}, env: { MEANWHILE_STORE: url } }).store).toEqual({ engine: 'postgres', url });
  const problems = problemsOf({ env: { MEANWHILE_STORE: 'postgres:/me:hunter2@db' } });
  expect(problems).toEqual([
    expect.stringContaining('MEANWHILE_STORE must be `sqlite`, or the address of a PostgreSQL'),
  ]);
  expect(problems.join()).not.toContain('hunter2');
});

test('a password file for SQLite is a mistake', () => {
  const problems = problemsOf({ flags: { 'store-password-file': '/run/secrets/password' } });
  expect(problems).toEqual([expect.stringContaining('MEANWHILE_STORE')]);
});
