/** `docs/api/coverage.md`: the list of coverage for readers. `npx vitest run test/acceptance/coverage.test.ts -u` writes it. */
import { BUILT, type Claim, claimsOf, NOT_BUILT } from './coverage.ts';

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
    '## Operations',
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
    '## Members that are not built',
    '',
    '| operation | member | why |',
    '|---|---|---|',
    ...Object.entries(BUILT).flatMap(([operation, { gaps = {} }]) =>
      Object.entries(gaps).map(([member, reason]) => `| ${operation} | \`${member}\` | ${reason} |`),
    ),
    '',
    '## Operations that are not built',
    '',
    'Each answers 400 `OperationNotSupported` with its name: `unsupported-operations` calls them all.',
    '',
    `${NOT_BUILT.join(', ')}.`,
    '',
  ].join('\n');
}
