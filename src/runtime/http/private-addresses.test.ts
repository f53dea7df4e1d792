import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parsePrivateTargets, type PrivateTargets, NO_PRIVATE_TARGETS } from '../../core/reachable-targets.ts';
import { machineClock } from '../runtime.fixture.ts';
import { connectToTarget } from './connect-to-target.ts';
import { targetProblem } from './target-url.ts';

/*
 * A server that connects to where callers say must not become a way into the network around it. Each row is a URL of the
 * kind that gets through a guard that is less than whole; all of them mean to reach the canary, which hears nothing.
 */

const LITERALS = [
  // Loopback, as WHATWG URLs spell, fold and do not fold it.
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1'],
  ...['017700000001', '127.000.000.001', '①②⑦.⓪.⓪.①', '%31%32%37.0.0.1', '127。0。0。1'],
  ...['0.0.0.0', '0', '0x0', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ...['[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]'],
  ...['[2001:0:4136:e378:8000:63bf:3fff:fdd2]', '[100::1]', '[ff02::1]', '[fe80::1]', '[fc00::1]', '[fd00:ec2::254]'],
  // Private, carrier-grade, link-local, metadata, multicast, reserved.
  ...['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255', '100.64.0.1'],
  ...['100.100.100.200', '169.254.169.254', '169.254.0.1', '2852039166', '0xa9fea9fe', '[::ffff:169.254.169.254]'],
  ...['[::ffff:a9fe:a9fe]', '192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
  ...['240.0.0.1', '255.255.255.255', '[2001:db8::1]', '[::ffff:0:10.0.0.1]', '[::ffff:10.0.0.1]'],
];

/** By resolved addresses; the canary listens on 127.0.0.1 alone. */
const NAMES: readonly (readonly [string, readonly string[]])[] = [
  ['localhost', ['127.0.0.1']],
  ['localhost.', ['127.0.0.1']],
  ['127.0.0.1.nip.io', ['127.0.0.1']],
  ['sub.localhost', ['::1', '127.0.0.1']],
  ['mapped.example', ['::ffff:127.0.0.1']],
  ['metadata.google.internal', ['169.254.169.254']],
  ['intern.example', ['10.0.0.1', 'fd00::1']],
  ['zone.example', ['fe80::1%lo']],
];

const REFUSED_URLS = [
  ...[
    'ftp://1.1.1.1/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_x',
    'javascript:1',
    'unix:/var/run/docker.sock',
  ],
  ...['http+unix://%2Fvar%2Frun%2Fdocker.sock/', '//1.1.1.1/', '1.1.1.1', '', ' ', 'http://'],
  ...['http://user@1.1.1.1/', 'http://u:p@1.1.1.1/', 'http://1.1.1.1@127.0.0.1/', 'http://1.1.1.1/#frag'],
  ...['http://a b/', 'http://1.1.1.1:99999/', 'http://[::1%25lo]/', `http://1.1.1.1/${'a'.repeat(2048)}`],
];

/** A server that must not hear from us. */
async function openCanary() {
  let heard = 0;
  const server = createServer((socket) => {
    heard += 1;
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as { port: number }).port, heard: () => heard };
}

type Answers = readonly (readonly string[])[];

/** @param answers of the resolver, one a question */
function connectTo(url: string, answers: Answers, privateTargets: PrivateTargets = NO_PRIVATE_TARGETS) {
  let asked = 0;
  const lookup = async (): Promise<LookupAddress[]> => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const { signal } = new AbortController();
  return connectToTarget(new URL(url), { clock: machineClock, lookup, privateTargets, timeoutMs: 5_000, signal });
}

const settingsAt = (url: string) => ({ environment: { MEANWHILE_URL: url }, initializer: null, preStop: null });

describe('without a word of the operator', () => {
  test.each(LITERALS)('%s is refused in the settings, and when it is called', async (host) => {
    const canary = await openCanary();
    const url = `http://${host}:${canary.port}/`;
    expect(targetProblem(settingsAt(url), NO_PRIVATE_TARGETS)).toMatch(
      /must not lead to a private, loopback|must be an/,
    );
    if (URL.canParse(url)) expect(await connectTo(url, [['127.0.0.1']])).toEqual({ kind: 'not-allowed' });
    expect(canary.heard()).toBe(0);
  });

  test.each(NAMES)('%s, which resolves to %j, is refused when it is called', async (name, addresses) => {
    const canary = await openCanary();
    for (const scheme of ['http', 'https']) {
      const connected = await connectTo(`${scheme}://${name}:${canary.port}/`, [addresses]);
      expect(connected).toEqual({ kind: 'not-allowed' });
    }
    expect(canary.heard()).toBe(0);
  });

  test('a name that resolves to something public first and to loopback a moment later leads to the first', async () => {
    const canary = await openCanary();
    // Nothing answers there from here: the address is of a block that is kept for documents, allowed for the test.
    const listed = parsePrivateTargets('192.0.2.0/24') as PrivateTargets;
    const controller = new AbortController();
    let asked = 0;
    const connecting = connectToTarget(new URL(`http://rebind.example:${canary.port}/`), {
      clock: machineClock,
      lookup: async () => [{ address: (asked += 1) === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }],
      privateTargets: listed,
      timeoutMs: 100,
      signal: controller.signal,
    });
    expect((await connecting).kind).toBe('unreached');
    expect([asked, canary.heard()]).toEqual([1, 0]);
  });

  test('of a name with a public and a private address only the public one is connected to', async () => {
    const canary = await openCanary();
    const listed = parsePrivateTargets('127.0.0.2') as PrivateTargets;
    const url = `http://both.example:${canary.port}/`;
    const connected = await connectTo(url, [['127.0.0.1', '127.0.0.2']], listed);
    expect(connected).toMatchObject({ kind: 'unreached', reason: expect.stringContaining('127.0.0.2') });
    expect(canary.heard()).toBe(0);
  });
});

describe('what can be no URL of a function', () => {
  test.each(REFUSED_URLS)('%j is refused with what to do', (url) => {
    expect(targetProblem(settingsAt(url), NO_PRIVATE_TARGETS)).toMatch(/^environmentVariables\.MEANWHILE_URL must /);
  });

  test.each([
    ['no URL', { environment: {} }, /needs environmentVariables\.MEANWHILE_URL/],
    [
      'a short secret',
      { environment: { MEANWHILE_URL: 'http://a/', MEANWHILE_SIGNING_SECRET: 'short' } },
      /at least 16/,
    ],
    ['a hook', { initializer: { handler: '', timeoutSeconds: 3 } }, /leave out its hooks/],
  ])('%s is refused', (_, more, message) => {
    expect(targetProblem({ ...settingsAt('http://1.1.1.1/'), ...more }, NO_PRIVATE_TARGETS)).toMatch(message);
  });

  test.each(['http://example.com', 'https://example.com:8443/a?b=c', 'http://1.1.1.1/', 'http://[2606:4700::1111]/'])(
    '%s is taken',
    (url) => {
      expect(targetProblem(settingsAt(url), NO_PRIVATE_TARGETS)).toBeUndefined();
    },
  );
});

describe('what the operator has listed', () => {
  test.each([
    ['127.0.0.0/8', 'http://127.0.0.1'],
    ['127.0.0.1', 'http://[::ffff:127.0.0.1]'],
    ['localhost', 'http://localhost'],
    ['localhost', 'http://LOCALHOST.'],
    ['127.0.0.0/8', 'http://named.example'],
  ])('%s lets %s through', async (listed, url) => {
    const canary = await openCanary();
    const targets = parsePrivateTargets(listed) as PrivateTargets;
    expect(targetProblem(settingsAt(`${url}:${canary.port}`), targets)).toBeUndefined();
    const connected = await connectTo(`${url}:${canary.port}`, [['127.0.0.1']], targets);
    expect(connected.kind).toBe('connected');
    if (connected.kind === 'connected') connected.socket.destroy();
  });

  test('a name does not let its address through under another', async () => {
    const targets = parsePrivateTargets('localhost') as PrivateTargets;
    expect(await connectTo('http://127.0.0.1:9', [], targets)).toEqual({ kind: 'not-allowed' });
    expect(await connectTo('http://other.example:9', [['127.0.0.1']], targets)).toEqual({ kind: 'not-allowed' });
  });
});

test('a name that does not resolve, or not in time, is not reached', async () => {
  const { signal } = new AbortController();
  const rules = { clock: machineClock, privateTargets: NO_PRIVATE_TARGETS, timeoutMs: 50, signal };
  const url = new URL('http://nowhere.example/');
  const failing = { ...rules, lookup: () => Promise.reject(new Error('getaddrinfo ENOTFOUND nowhere.example')) };
  expect(await connectToTarget(url, failing)).toEqual({
    kind: 'unreached',
    reason: 'getaddrinfo ENOTFOUND nowhere.example',
  });
  const silent = { ...rules, lookup: () => new Promise<never>(() => undefined) };
  expect(await connectToTarget(url, silent)).toEqual({
    kind: 'unreached',
    reason: 'no connection within 0.05 seconds',
  });
});
