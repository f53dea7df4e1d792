/** `docs/api/coverage.md`: the list of coverage for readers. `npx vitest run test/acceptance/coverage.test.ts -u` writes it. */
import type { Claim } from '../support/claims.ts';
import { BUILT, claimsOf, NOT_BUILT } from './coverage.ts';
import * as older from './fc-2/coverage.ts';

export function coveragePage(): string {
  return [
    '# What the acceptance suite covers',
    '',
    'Written from `test/acceptance/coverage.ts` and the models of the official SDK. Each file ends with a test that holds',
    'its rows against what it sent and what came back: every request member, response member and error below went over the',
    'wire, or the suite fails. What every operation shares (signatures, broken requests, accounts) is tested once, in',
    '`authentication`, `bad-input` and `accounts`; what functions do when they run in `execution`, `retries`, `destinations`',
    'and `restart`.',
    '',
    '## 3.0: operations',
    '',
    '| operation | request | tested in | members sent, members and headers seen | errors of its own |',
    '|---|---|---|---|---|',
    ...Object.entries(BUILT).map(([operation, row]) => {
      const claims = claimsOf(operation, row);
      const count = (kind: Claim['kind']) => claims.filter((claim) => claim.kind === kind).length;
      const { method, path, file, errors } = row;
      const counts = `${count('request')}, ${count('response')}`;
      return `| ${operation} | \`${method} ${path}\` | ${file} | ${counts} | ${errors.join(', ')} |`;
    }),
    '',
    '## 3.0: members that are not built',
    '',
    '| operation | member | why |',
    '|---|---|---|',
    ...Object.entries(BUILT).flatMap(([operation, { gaps = {} }]) =>
      Object.entries(gaps).map(([member, reason]) => `| ${operation} | \`${member}\` | ${reason} |`),
    ),
    '',
    '## 3.0: operations that are not built',
    '',
    'Each answers 400 `OperationNotSupported` with its name: `unsupported-operations` calls them all.',
    '',
    `${NOT_BUILT.join(', ')}.`,
    '',
    ...olderSections(),
  ].join('\n');
}

/** Both versions of 2.0: one list, gone through with each of the two SDKs. */
function olderSections(): readonly string[] {
  return [
    '## 2.0: operations',
    '',
    'Written from `test/acceptance/fc-2/coverage.ts` and the models of the SDK of 2021-04-06. One suite runs through the SDK of each version, `fc-2021-04-06` and',
    '`fc-2016-08-15`, and each ends with a test that holds this list against what that SDK sent and what came back; members that an SDK has no field for are',
    'its own gap. What the SDKs cannot send is in `wire` and, for the FC signature, in `signature`; that all three versions see one object is in `dialect-matrix`.',
    '',
    '| operation | members sent, members and headers seen | errors of its own |',
    '|---|---|---|',
    ...Object.entries(older.BUILT).map(([operation, row]) => {
      const claims = older.claimsOf(operation, row);
      const count = (kind: Claim['kind']) => claims.filter((claim) => claim.kind === kind).length;
      return `| ${operation} | ${count('request')}, ${count('response')} | ${row.errors.join(', ')} |`;
    }),
    '',
    '## 2.0: members that are not built',
    '',
    '| operation | member | why |',
    '|---|---|---|',
    ...Object.entries(older.BUILT).flatMap(([operation, { gaps = {} }]) =>
      Object.entries(gaps).map(([member, reason]) => `| ${operation} | \`${member}\` | ${reason} |`),
    ),
    '',
    '## 2.0: operations that are not built',
    '',
    `${older.NOT_BUILT.join(', ')}.`,
    '',
  ];
}
