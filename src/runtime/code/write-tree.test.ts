import { access, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testFolder, type ZipContent, zipOf } from '../runtime.fixture.ts';
import { InflationLimit } from './inflation-limit.ts';
import { openArchive, PackageProblem } from './package-archive.ts';
import { removeTree } from './remove-tree.ts';
import { writeTree } from './write-tree.ts';

/** Extracts in a folder between two others; gives what lies beside it afterwards, and the error. */
async function extractBetween(zip: Buffer, folder: string): Promise<{ beside: string[]; error: unknown }> {
  const work = await mkdtemp(join(folder, 'work-'));
  await writeFile(join(work, 'package.zip'), zip);
  await mkdir(join(work, 'tree'));
  const file = await open(join(work, 'package.zip'));
  let error: unknown;
  try {
    await writeTree(await openArchive(file.fd), join(work, 'tree'), new InflationLimit(zip.length));
  } catch (caught) {
    error = caught;
  } finally {
    await file.close();
  }
  const beside = (await readdir(work)).sort();
  await removeTree(work);
  return { beside, error };
}

test('a damaged package is extracted or refused, and touches nothing beside its folder', async () => {
  const folder = await testFolder();
  const zip = await zipOf({ 'index.js': 'exports.handler = 1;', 'lib/a.js': 'a'.repeat(500), 'lib/b.js': 'bcd' });
  const damage = fc.array(fc.record({ at: fc.nat(zip.length - 1), byte: fc.nat(255) }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(20), async (bytes, cutOff) => {
      const damaged = Buffer.from(zip.subarray(0, zip.length - (cutOff > 15 ? cutOff : 0)));
      for (const { at, byte } of bytes) if (at < damaged.length) damaged[at] = byte;
      const { beside, error } = await extractBetween(damaged, folder);
      expect(beside).toEqual(['package.zip', 'tree']);
      if (error !== undefined) expect(error).toBeInstanceOf(PackageProblem);
    }),
    { numRuns: 150 },
  );
  expect(await readdir(folder)).toEqual([]);
});

/** Extracts into a folder that the first call made, where something may be already. */
async function extractInto(tree: string, files: ZipContent): Promise<void> {
  const zip = await zipOf(files);
  await writeFile(`${tree}.zip`, zip);
  const file = await open(`${tree}.zip`);
  try {
    await writeTree(await openArchive(file.fd), tree, new InflationLimit(zip.length));
  } finally {
    await file.close();
  }
}

test('names that differ in case are two files where the file system keeps them apart', async () => {
  const tree = join(await testFolder(), 'tree');
  await mkdir(tree);
  await writeFile(join(tree, 'probe'), '');
  const foldsCase = await access(join(tree, 'PROBE')).then(
    () => true,
    () => false,
  );
  await rm(join(tree, 'probe'));
  const extracting = extractInto(tree, { LICENSE: 'one', License: 'other' });
  if (foldsCase) await expect(extracting).rejects.toThrow(/^Entry "License" of the code package has a name that is/);
  else await extracting;
  expect(await readFile(join(tree, 'LICENSE'), 'utf8')).toBe('one');
});

test.each([
  ['a file', 'LICENSE', () => ({ LICENSE: 'mine' })],
  ['a folder', 'lib', () => ({ 'lib/a.js': 'mine' })],
])('%s that is there already, under whatever name, is refused and not replaced', async (_, there, files) => {
  const tree = join(await testFolder(), 'tree');
  await mkdir(tree);
  await writeFile(join(tree, there), 'before');
  await expect(extractInto(tree, files())).rejects.toThrow(
    / of the code package has a name that is the same as that of/,
  );
  expect(await readFile(join(tree, there), 'utf8')).toBe('before');
});
