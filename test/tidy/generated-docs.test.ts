import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED_PAGES } from '../../scripts/docs/generated-pages.ts';

const root = join(import.meta.dirname, '../..');

test.for(Object.entries(GENERATED_PAGES))('%s says what the source says (npm run write-docs)', async ([path, page]) => {
  expect(await readFile(join(root, path), 'utf8')).toBe(page());
});
