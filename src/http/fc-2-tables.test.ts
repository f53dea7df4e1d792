import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { OPERATIONS_2016_08_15 } from './fc-2016-08-15/dialect.ts';
import { OPERATIONS_2021_04_06 } from './fc-2021-04-06/dialect.ts';

describe.each([
  ['2021-04-06', OPERATIONS_2021_04_06],
  ['2016-08-15', OPERATIONS_2016_08_15],
])('%s', (version, operations) => {
  test('has a page that lists every operation', () => {
    const document = readFileSync(new URL(`../../docs/api/fc-${version}.md`, import.meta.url), 'utf8');
    const rows = document.split('\n').filter((line) => /^\| \w+ \| `[A-Z]+` \|/.test(line));
    expect(rows).toEqual(operations.map(({ name, method, path }) => `| ${name} | \`${method}\` | \`${path}\` |`));
  });
});

test('2021-04-06 answers every method of its SDK', () => {
  const sdk = createRequire(import.meta.url)('@alicloud/fc-open20210406') as {
    readonly default: { prototype: object };
  };
  const methods = Object.getOwnPropertyNames(sdk.default.prototype)
    .filter((name) => name.endsWith('WithOptions'))
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1).replace('WithOptions', ''));
  // In the metadata, and not in this SDK.
  const own = OPERATIONS_2021_04_06.map(({ name }) => name).filter((name) => name !== 'DescribeRegions');
  expect(own.sort()).toEqual(methods.sort());
});
