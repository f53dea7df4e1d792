/**
 * A process of its own for one package: reads a zip that nobody vouches for, so that what goes wrong with it goes wrong
 * here. Arguments: the zip file and an empty folder. Prints one `ExtractionReport` as JSON.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { crc64 } from '../../core/crc64.ts';
import type { ExtractionReport } from './extraction.ts';
import { InflationLimit } from './inflation-limit.ts';
import { openArchive, PackageProblem } from './package-archive.ts';
import { writeTree } from './write-tree.ts';

const [, , zipFile = '', folder = ''] = process.argv;
const report = await extract();
process.stdout.write(JSON.stringify(report));

async function extract(): Promise<ExtractionReport> {
  const bytes = readFileSync(zipFile);
  const fd = openSync(zipFile, 'r');
  try {
    await writeTree(await openArchive(fd), folder, new InflationLimit(bytes.length));
  } catch (error) {
    if (error instanceof PackageProblem) return { problem: error.message };
    throw error;
  } finally {
    closeSync(fd);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { package: { sha256, sizeBytes: bytes.length, checksum: crc64(bytes) } };
}
