import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/*
 * A gate that never bites looks like a gate that holds. Each row below is one import, written into a file of its own
 * in an empty project that has our configuration; dependency-cruiser must refuse or allow it.
 */

const root = join(import.meta.dirname, '../..');

/** rule · the file that imports · what it imports (a path from the root, or a package or builtin). */
const refused: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['core', 'src/core/a.ts', 'src/telemetry/logger.ts'],
  ['core', 'src/core/a.test.ts', 'src/store/memory/store.ts'],
  ['core-is-pure', 'src/core/b.ts', 'node:crypto'],
  ['core-is-pure', 'src/core/c.ts', 'pino'],
  ['telemetry', 'src/telemetry/a.ts', 'src/core/task.ts'],
  ['store', 'src/store/memory/a.ts', 'src/runtime/runtime.ts'],
  ['store', 'src/store/memory/b.ts', 'src/config/settings.ts'],
  ['runtime', 'src/runtime/a.ts', 'src/store/store.ts'],
  ['destination', 'src/destination/http/a.ts', 'src/runtime/runtime.ts'],
  ['service', 'src/service/a.ts', 'src/store/memory/store.ts'],
  ['service', 'src/service/b.ts', 'src/dispatcher/claimer.ts'],
  ['service-tests', 'src/service/a.test.ts', 'src/store/sqlite/store.ts'],
  ['dispatcher', 'src/dispatcher/a.ts', 'src/service/get-task.ts'],
  ['dispatcher', 'src/dispatcher/b.ts', 'src/runtime/nodejs/runtime.ts'],
  ['dispatcher-tests', 'src/dispatcher/a.fixture.ts', 'src/http/server.ts'],
  ['http', 'src/http/a.ts', 'src/store/store.ts'],
  ['http', 'src/http/b.ts', 'src/dispatcher/claimer.ts'],
  ['http-tests', 'src/http/a.test.ts', 'src/runtime/runtime.ts'],
  ['config', 'src/config/a.ts', 'src/http/server.ts'],
  ['cli', 'src/cli/a.ts', 'src/core/task.ts'],
  ['cli', 'src/cli/b.ts', 'src/main.ts'],
  ['cli-serve', 'src/cli/serve.ts', 'src/http/server.ts'],
  ['main-is-the-root', 'src/http/c.ts', 'src/main.ts'],
  ['dialects-are-islands', 'src/http/fc-2016-08-15/a.ts', 'src/http/fc-2023-03-30/dialect.ts'],
  ['dialects-are-islands', 'src/http/fc-2016-08-15/b.ts', 'src/http/server.ts'],
  ['shared-knows-no-dialect', 'src/http/shared/a.ts', 'src/http/fc-2023-03-30/dialect.ts'],
  ['store-engines-are-islands', 'src/store/postgres/a.ts', 'src/store/sqlite/store.ts'],
  ['conformance-knows-no-engine', 'src/store/conformance/a.ts', 'src/store/memory/store.ts'],
  ['product-imports-no-test-code', 'src/store/sqlite/a.ts', 'src/store/conformance/suite.ts'],
  ['product-imports-no-test-code', 'src/dispatcher/c.ts', 'src/dispatcher/records.fixture.ts'],
  ['nothing-imports-test', 'src/main-a.ts', 'test/support/server.ts'],
  ['nothing-imports-bench', 'test/support/a.ts', 'bench/load.ts'],
  ['tests-from-outside', 'test/acceptance/a.ts', 'src/core/task.ts'],
  ['tests-from-outside', 'test/fault/a.ts', 'src/store/store.ts'],
  ['clients-from-outside', 'examples/a.ts', 'src/core/task.ts'],
  ['server-knows-no-client', 'src/http/d.ts', 'examples/client.ts'],
  ['no-dev-dependency-in-product', 'src/http/e.ts', 'fast-check'],
  ['no-unresolvable', 'src/http/f.ts', 'no-such-package'],
];

const allowed: readonly (readonly [from: string, to: string])[] = [
  ['src/core/x.ts', 'src/core/task.ts'],
  ['src/core/x.test.ts', 'fast-check'],
  ['src/store/sqlite/x.ts', 'src/telemetry/logger.ts'],
  ['src/store/sqlite/x.test.ts', 'src/store/conformance/suite.ts'],
  ['src/store/conformance/x.ts', 'src/store/store.ts'],
  ['src/store/conformance/y.ts', 'vitest'],
  ['src/service/x.ts', 'src/store/store.ts'],
  ['src/service/x.test.ts', 'src/store/memory/store.ts'],
  ['src/dispatcher/x.ts', 'src/destination/destination.ts'],
  ['src/http/x.test.ts', 'src/store/memory/store.ts'],
  ['src/http/fc-2016-08-15/x.ts', 'src/http/shared/exchange.ts'],
  ['src/http/fc-2016-08-15/y.ts', 'src/http/authentication/signature.ts'],
  ['src/cli/commands/serve.ts', 'src/main.ts'],
  ['src/main.ts', 'src/http/server.ts'],
  ['test/simulation/x.ts', 'src/core/task.ts'],
  ['test/acceptance/x.ts', 'test/support/server.ts'],
];

let project: string;
let violations: Set<string>;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'import-rule-'));
  for (const name of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json']) {
    await cp(join(root, name), join(project, name));
  }
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
  for (const [from, to] of allImports()) {
    await writeImport(from, to);
  }
  violations = await cruise();
}, 30_000);

afterAll(async () => {
  await rm(project, { recursive: true });
});

test.for(refused)('%s: %s must not import %s', ([rule, from]) => {
  expect(violations).toContain(`${rule}: ${from}`);
});

test.for(allowed)('%s may import %s', ([from]) => {
  expect([...violations].filter((violation) => violation.endsWith(`: ${from}`))).toEqual([]);
});

test('an import cycle is refused even when only types go round', () => {
  expect(violations).toContain('no-circular: src/core/cycle-a.ts');
});

function allImports(): (readonly [from: string, to: string])[] {
  return [
    ...refused.map(([, from, to]) => [from, to] as const),
    ...allowed,
    ['src/core/cycle-a.ts', 'src/core/cycle-b.ts'],
    ['src/core/cycle-b.ts', 'src/core/cycle-a.ts'],
  ];
}

/** Writes the importing file, and the imported one unless an earlier row did: it exports one empty type. */
async function writeImport(from: string, to: string): Promise<void> {
  const isOurs = /^(src|test|bench|examples)\//.test(to);
  const specifier = isOurs ? `./${relative(dirname(from), to)}` : to;
  await write(from, `import type * as imported from '${specifier}';\nexport type { imported };\n`);
  if (isOurs && !allImports().some(([other]) => other === to)) {
    await write(to, 'export interface Empty {}\n');
  }
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true });
  await writeFile(join(project, path), content);
}

/** Every broken rule as `rule: file`. */
async function cruise(): Promise<Set<string>> {
  const folders = ['src', 'test', 'bench', 'examples'];
  const output = await run(join(root, 'node_modules/.bin/depcruise'), ['--output-type', 'json', ...folders]);
  const { summary } = JSON.parse(output) as { summary: { violations: { rule: { name: string }; from: string }[] } };
  return new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
}

/** What a command prints; its exit status is the number of violations, so it says nothing new. */
function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: project, maxBuffer: 2 ** 26 }, (_error, stdout) => resolve(stdout));
  });
}
