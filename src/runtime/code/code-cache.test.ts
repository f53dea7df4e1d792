import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';
import { ZipFile } from 'yazl';
import { describe, expect, test } from 'vitest';
import { crc64 } from '../../core/crc64.ts';
import { MIB } from '../../core/limits.ts';
import { probeLauncher } from '../process/parent-death.ts';
import { testFolder, zipOf } from '../runtime.fixture.ts';
import { CodeCache } from './code-cache.ts';

async function openCache(stored: ReadonlyMap<string, Buffer> = new Map()) {
  const folder = join(await testFolder(), 'code');
  let loads = 0;
  const cache = new CodeCache({
    folder,
    launcher: await probeLauncher(),
    loadPackage: (sha256) => {
      loads += 1;
      return Promise.resolve(stored.get(sha256));
    },
  });
  await cache.open();
  return { cache, folder, loads: () => loads };
}

/** All that lies there but the file that shields packages from what lies above. */
const packagesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name !== 'package.json');

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function problemOf(zip: Buffer): Promise<string> {
  const { cache, folder } = await openCache();
  const report = await cache.admit(zip);
  expect(await packagesIn(folder)).toEqual([]);
  return 'problem' in report ? report.problem : 'none';
}

/** The zip with every occurrence of one name, of the same length, replaced by another. */
function renamed(zip: Buffer, from: string, to: string): Buffer {
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

describe('a package that is admitted', () => {
  test('is named by its hash and lies there read-only, as it was packed', async () => {
    const { cache, folder } = await openCache();
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from('exports.x = 1;'), 'lib/index.js', { mode: 0o100644 });
    zip.addBuffer(Buffer.from('#!/bin/sh'), 'run', { mode: 0o104777 });
    zip.addEmptyDirectory('empty/');
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk as Uint8Array));
    const bytes = Buffer.concat(chunks);

    const expected = { sha256: sha256Of(bytes), sizeBytes: bytes.length, checksum: crc64(bytes) };
    expect(await cache.admit(bytes)).toEqual({ package: expected });
    const tree = join(folder, expected.sha256);
    expect((await readdir(tree)).sort()).toEqual(['empty', 'lib', 'run']);
    expect(await readFile(join(tree, 'lib/index.js'), 'utf8')).toBe('exports.x = 1;');
    const mode = (path: string): string => (statSync(join(tree, path)).mode & 0o7777).toString(8);
    expect(['', 'lib', 'lib/index.js', 'run'].map(mode)).toEqual(['555', '555', '444', '555']);
    expect(await packagesIn(folder)).toEqual([expected.sha256]);
  });

  test('may be admitted again', async () => {
    const { cache } = await openCache();
    const zip = await zipOf({ 'index.js': '1' });
    expect(await cache.admit(zip)).toEqual(await cache.admit(zip));
  });
});

describe('a package is refused, by a sentence with the entry and the rule,', () => {
  test('when it is no zip', async () => {
    expect(await problemOf(Buffer.from('not a zip'))).toMatch(/^The code package is not a zip file that can be read: /);
  });

  test('when an entry leads out of it', async () => {
    const zip = renamed(await zipOf({ 'aa/index.js': '1' }), 'aa/index.js', '../index.js');
    expect(await problemOf(zip)).toBe('Entry "../index.js" of the code package leads out of the package (..).');
  });

  test('when two entries have one name', async () => {
    const zip = renamed(await zipOf({ 'a.js': '1', 'b.js': '2' }), 'b.js', 'a.js');
    expect(await problemOf(zip)).toMatch(/^Entry "a.js" of the code package has the name of another entry/);
  });

  test('when it says the name of another in another way', async () => {
    const zip = renamed(await zipOf({ 'a.js': '1', '..a.js': '2' }), '..a.js', './a.js');
    expect(await problemOf(zip)).toMatch(/^Entry "a.js" of the code package has the name of another entry/);
  });

  test('when data follows its end', async () => {
    const zip = Buffer.concat([await zipOf({ 'a.js': '1' }), Buffer.from('tail')]);
    expect(await problemOf(zip)).toMatch(/^The code package is not a zip file that can be read: /);
  });

  test('when its bytes are not what their checksum says', async () => {
    const zip = await zipOf({ 'a.js': 'x'.repeat(100) });
    const at = zip.indexOf(deflateRawSync(Buffer.from('x'.repeat(100))).subarray(0, 3));
    zip.writeUInt8(zip.readUInt8(at) ^ 0x10, at);
    expect(await problemOf(zip)).toMatch(/^Entry "a.js" of the code package is damaged/);
  });

  test('when an entry has another name in its own header', async () => {
    const zip = await zipOf({ 'a.js': '1' });
    zip.write('b.js', zip.indexOf('a.js'));
    expect(await problemOf(zip)).toBe('Entry "a.js" has another name in its own header.');
  });

  test('when two entries lie over one another', async () => {
    const zip = await zipOf({ 'a.js': '1', 'b.js': '2' });
    // The second directory record points to where the first entry lies, and takes its name.
    const directory = zip.lastIndexOf('b.js') - 46;
    zip.writeUInt32LE(0, directory + 42);
    const message = await problemOf(renamed(zip, 'b.js', 'a.js'));
    expect(message).toMatch(/has the name of another entry|overlaps/);
  });

  test('when an entry lies within the data of another', async () => {
    const inner = await zipOf({ 'b.js': '2' });
    const zip = new ZipFile();
    zip.addBuffer(inner, 'a.bin', { compress: false });
    zip.addBuffer(Buffer.from('2'), 'b.js');
    zip.end();
    const bytes = await buffer(zip.outputStream);
    // The directory says that b.js is the one inside of a.bin, whose own header is right there.
    bytes.writeUInt32LE(bytes.indexOf(inner), bytes.lastIndexOf('b.js') - 46 + 42);
    expect(await problemOf(bytes)).toBe('Entry "b.js" overlaps entry "a.bin".');
  });

  test('when it unpacks to far more than it is', async () => {
    const message = await problemOf(await zipOf({ 'bomb.bin': Buffer.alloc(64 * MIB) }));
    expect(message).toMatch(/^Entry "bomb.bin" of the code package makes the package unpack to more than 100 times/);
  });
});

test('names that begin with ./ are those of the package itself', async () => {
  const { cache, folder } = await openCache();
  const zip = renamed(await zipOf({ '..main.js': 'main', '..lib/a.js': 'a', '..x': '' }), '..main', './main');
  const report = await cache.admit(renamed(renamed(zip, '..lib', './lib'), '..x', './x'));
  if ('problem' in report) throw new Error(report.problem);
  const tree = join(folder, report.package.sha256);
  expect((await readdir(tree)).sort()).toEqual(['lib', 'main.js', 'x']);
  expect(await readFile(join(tree, 'lib/a.js'), 'utf8')).toBe('a');
});

describe('the folder of a package', () => {
  test('is made from the store when it is missing, once for all who ask', async () => {
    const zip = await zipOf({ 'index.js': '1' });
    const { cache, folder, loads } = await openCache(new Map([[sha256Of(zip), zip]]));
    const folders = await Promise.all([cache.ensure(sha256Of(zip)), cache.ensure(sha256Of(zip))]);
    expect(folders).toEqual([join(folder, sha256Of(zip)), join(folder, sha256Of(zip))]);
    expect(loads()).toBe(1);
    await cache.ensure(sha256Of(zip));
    expect(loads()).toBe(1);
  });

  test('is made anew after it was removed', async () => {
    const zip = await zipOf({ 'lib/index.js': '1' });
    const { cache } = await openCache(new Map([[sha256Of(zip), zip]]));
    const folder = await cache.ensure(sha256Of(zip));
    await cache.remove(sha256Of(zip));
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(join(await cache.ensure(sha256Of(zip)), 'lib/index.js'))).toBe(true);
  });

  test('cannot be had when the package is not stored, or is another one', async () => {
    const zip = await zipOf({ 'index.js': '1' });
    const other = sha256Of(Buffer.from('other'));
    const { cache } = await openCache(new Map([[other, zip]]));
    await expect(cache.ensure(sha256Of(zip))).rejects.toThrow('is not stored');
    await expect(cache.ensure(other)).rejects.toThrow('is damaged in the store');
  });

  test('that a killed server left half-made is removed at start', async () => {
    const { cache, folder } = await openCache();
    await mkdir(join(folder, 'extracting-1/tree/lib'), { recursive: true });
    await writeFile(join(folder, 'extracting-1/tree/lib/a.js'), '1');
    await cache.open();
    expect(await packagesIn(folder)).toEqual([]);
  });
});
