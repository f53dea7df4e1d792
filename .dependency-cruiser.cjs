/*
 * The import rule of ARCHITECTURE.md: which folder may import which. Type-only and dynamic imports count as well.
 *
 * Read `only(from, allowed)` as: files in `from` import nothing of src/ but `allowed`. Where npm packages or Node's
 * own modules are barred too, a rule of its own says so.
 */

/** Test code beside the product's: tests, what they build records and fakes with, and the shared store suite. */
const TEST_CODE = '\\.(test|fixture)\\.ts$|^src/store/conformance/';

const PORTS = '^src/(store/store|runtime/runtime|destination/destination)\\.ts$';
const STORE_PORT = '^src/store/store\\.ts$';
/** The real things without processes or files, which tests of inner layers use instead of fakes. */
const REAL_PARTS = ['^src/store/memory/', '^src/destination/function/'];
const SERVE_COMMAND = '^src/cli/(commands/)?serve\\.ts$';
const DIALECT = '^src/http/(fc-[^/]+)/';
const STORE_ENGINE = '^src/store/(memory|sqlite|postgres)/';

function forbid(name, from, to) {
  return { name, severity: 'error', from, to };
}

function only(name, from, ...allowed) {
  return forbid(name, { path: from }, { path: '^src/', pathNot: allowed });
}

/** A layer whose unit tests may use some real parts, so the rule is stated twice: for the product and for tests. */
function onlyWithRealPartsInTests(folder, ...allowed) {
  const path = `^src/${folder}/`;
  return [
    forbid(folder, { path, pathNot: TEST_CODE }, { path: '^src/', pathNot: allowed }),
    forbid(
      `${folder}-tests`,
      { path: `${path}.*\\.(test|fixture)\\.ts$` },
      { path: '^src/', pathNot: [...allowed, STORE_PORT, ...REAL_PARTS] },
    ),
  ];
}

const layers = [
  only('core', '^src/core/', '^src/core/'),
  forbid(
    'core-is-pure',
    { path: '^src/core/', pathNot: TEST_CODE },
    { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
  ),
  only('telemetry', '^src/telemetry/', '^src/telemetry/'),
  only('store', '^src/store/', '^src/(core|store|telemetry)/'),
  only('runtime', '^src/runtime/', '^src/(core|runtime|telemetry)/'),
  only('destination', '^src/destination/', '^src/(core|destination|telemetry)/'),
  ...onlyWithRealPartsInTests('service', '^src/(core|service|telemetry)/', STORE_PORT),
  ...onlyWithRealPartsInTests('dispatcher', '^src/(core|dispatcher|telemetry)/', PORTS),
  ...onlyWithRealPartsInTests('http', '^src/(core|http|service|telemetry)/'),
  only('config', '^src/config/', '^src/(config|core)/'),
  only('watchdog', '^src/watchdog/', '^src/watchdog/'),

  // The command line talks to a server over HTTP; only the command that starts one may load it.
  forbid('cli', { path: '^src/cli/', pathNot: SERVE_COMMAND }, { path: '^src/', pathNot: '^src/(cli|config)/' }),
  only('cli-serve', SERVE_COMMAND, '^src/(cli|config)/', '^src/main\\.ts$', '^src/telemetry/logger\\.ts$'),
  forbid(
    'main-is-the-root',
    { path: '^src/', pathNot: ['^src/main\\.test\\.ts$', SERVE_COMMAND] },
    { path: '^src/main\\.ts$' },
  ),
];

const islands = [
  forbid(
    'dialects-are-islands',
    { path: DIALECT },
    { path: '^src/http/', pathNot: '^src/http/($1|shared|authentication)/' },
  ),
  forbid(
    'shared-knows-no-dialect',
    { path: '^src/http/(shared|authentication)/' },
    { path: '^src/http/(fc-[^/]+|admin)/' },
  ),
  forbid('store-engines-are-islands', { path: STORE_ENGINE }, { path: STORE_ENGINE, pathNot: '^src/store/$1/' }),
  only(
    'conformance-knows-no-engine',
    '^src/store/conformance/',
    '^src/core/',
    '^src/store/conformance/',
    '^src/store/[^/]+\\.ts$',
  ),
];

const testsAndTools = [
  forbid('product-imports-no-test-code', { path: '^src/', pathNot: TEST_CODE }, { path: TEST_CODE }),
  forbid('nothing-imports-test', { pathNot: '^test/' }, { path: '^test/' }),
  forbid('nothing-imports-bench', { pathNot: '^bench/' }, { path: '^bench/' }),

  // Acceptance and fault suites meet the server as a user does. Simulation and tidy look inside.
  forbid('tests-from-outside', { path: '^test/', pathNot: '^test/(simulation|tidy)/' }, { path: '^src/' }),
  forbid('clients-from-outside', { path: '^examples/' }, { path: '^(src|bench|scripts)/' }),
  forbid('server-knows-no-client', { path: '^src/' }, { path: '^(examples|scripts)/' }),
];

const hygiene = [
  forbid('no-circular', {}, { circular: true }),
  // What drives a contender imports its package, which is installed on the machines that measure.
  forbid('no-unresolvable', { pathNot: '^bench/contenders/.*\\.mjs$' }, { couldNotResolve: true }),
  forbid('no-dev-dependency-in-product', { path: '^(src|bin)/', pathNot: TEST_CODE }, { dependencyTypes: ['npm-dev'] }),
  forbid('no-undeclared-dependency', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
];

module.exports = {
  forbidden: [...layers, ...islands, ...testsAndTools, ...hygiene],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Fixtures are what users bring; they import what their platform offers.
    // The packages of the benchmarks' contenders are installed beside them, on the machines that measure.
    exclude: { path: ['^test/fixtures/', '^bench/contenders/node_modules/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    // Counts imports of types, which are gone once the source runs.
    tsPreCompilationDeps: true,
  },
};
