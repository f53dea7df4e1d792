/** Writes the pages that are made from the source: `npm run write-docs`. A test fails when one is out of date. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GENERATED_PAGES } from './docs/generated-pages.ts';

const root = join(import.meta.dirname, '..');

for (const [path, page] of Object.entries(GENERATED_PAGES)) {
  await writeFile(join(root, path), page());
  console.log(path);
}
