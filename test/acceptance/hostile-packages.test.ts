import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fixtureZip } from '../support/code-package.ts';
import { functionInput, uniqueName } from '../support/functions.ts';
import { DEVICE, hostileZip, SYMLINK } from '../support/hostile-zip.ts';
import { type WireError, wireError } from '../support/raw-client.ts';
import { useServer } from './use-server.ts';

const bench = useServer();

const CODE = Buffer.from('exports.handler = async () => "ran";');
const HANDLER = { name: 'index.js', content: CODE };
const MIB = 1024 * 1024;

async function create(zip: Buffer) {
  const functionName = uniqueName('package');
  const input = await functionInput('echo', { functionName });
  const document = { ...(input.toMap() as object), code: { zipFile: zip.toString('base64') } };
  return { functionName, answer: await bench.raw().sendJson('POST', '/2023-03-30/functions', document) };
}

async function refusal(zip: Buffer): Promise<WireError> {
  return wireError((await create(zip)).answer);
}

test('a zip of these tests that is not hostile is taken: it is the hostility that is refused', async () => {
  const { functionName, answer } = await create(hostileZip([HANDLER, { name: 'lib/a.js', content: CODE }]));
  expect(answer.status, answer.body.toString()).toBe(200);
  expect((await bench.sdk().invoke(functionName)).body.toString()).toBe('ran');
});

describe('a code package is refused when', () => {
  test.each([
    ['it climbs out of its folder', { name: '../../escaped-from-package' }, 'escaped-from-package'],
    ['it climbs out from within', { name: 'a/../../escaped-from-package' }, 'escaped-from-package'],
    ['it names an absolute path', { name: '/tmp/escaped-from-package' }, 'escaped-from-package'],
    ['it has backslashes', { name: '..\\escaped-from-package' }, 'escaped-from-package'],
    ['it names a drive', { name: 'C:escaped-from-package' }, 'escaped-from-package'],
    ['it links elsewhere', { name: 'link', content: Buffer.from('/etc/passwd'), mode: SYMLINK }, 'link'],
    ['it holds a device', { name: 'device', mode: DEVICE }, 'device'],
    ['it is encrypted', { name: 'secret', content: CODE, flags: 1 }, 'secret'],
    ['a name has a control character', { name: 'a\u0001b' }, ''],
    ['a name has a NUL', { name: 'a\u0000b' }, ''],
    ['a name is too long', { name: 'a'.repeat(300) }, ''],
    ['a path is too deep', { name: `${'d/'.repeat(40)}x` }, ''],
    ['a file is twice in it', HANDLER, 'index.js'],
    ['a file is twice in it under two names', { name: './index.js', content: CODE }, 'index.js'],
    ['it states a smaller size than it has', { name: 'liar', content: Buffer.alloc(MIB), statedBytes: 10 }, ''],
  ])('%s', async (_, entry, named) => {
    const error = await refusal(hostileZip([HANDLER, entry]));
    expect(error).toEqual({ status: 400, code: 'InvalidArgument', message: expect.stringContaining(named) });
    expect(existsSync('/tmp/escaped-from-package')).toBe(false);
  });

  test('it unpacks to far more than it is', async () => {
    const bomb = { name: 'bomb', content: Buffer.alloc(64 * MIB) };
    expect(await refusal(hostileZip([HANDLER, bomb]))).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test.each([
    ['is empty', async () => Buffer.alloc(0)],
    ['is no zip', async () => Buffer.from('not a zip')],
    ['is cut short', async () => (await fixtureZip('echo')).subarray(0, -30)],
    ['has lost its beginning', async () => (await fixtureZip('echo')).subarray(10)],
    ['is another archive', async () => Buffer.from('H4sIAAAAAAAAAwMAAAAAAAAAAAA=', 'base64')],
  ])('it %s', async (_, zip) => {
    const error = await refusal(await zip());
    expect(error).toEqual({ status: 400, code: 'InvalidArgument', message: expect.stringMatching(/zip/i) });
  });
});

test.each([
  ['climbs out of its folder', { name: '../../escaped-from-package' }],
  ['links elsewhere', { name: 'nodejs', content: Buffer.from('/etc'), mode: SYMLINK }],
  ['holds a device', { name: 'device', mode: DEVICE }],
  ['unpacks to far more than it is', { name: 'bomb', content: Buffer.alloc(64 * MIB) }],
])('a layer that %s is refused by the same rules', async (_, entry) => {
  const document = { code: { zipFile: hostileZip([HANDLER, entry]).toString('base64') } };
  const answer = await bench.raw().sendJson('POST', `/2023-03-30/layers/${uniqueName('layer')}/versions`, document);
  const message: unknown = expect.stringContaining(`Entry "${entry.name}"`);
  expect(wireError(answer)).toEqual({ status: 400, code: 'InvalidArgument', message });
  expect(existsSync('/tmp/escaped-from-package')).toBe(false);
});
