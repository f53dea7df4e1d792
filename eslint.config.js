import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/*
 * ESLint finds faults, Biome formats, dependency-cruiser holds the import rule, knip finds dead code.
 * Everything here is an error: a warning is a thing that nobody reads.
 */

const TESTS = ['**/*.test.ts', '**/*.fixture.ts', 'src/store/conformance/**', 'test/**'];
const BOOTSTRAPS = 'src/runtime/**/bootstrap*.{ts,cjs}';

/** process.env is read once, by config; the bootstraps run in a function's own process and read that one's. */
const ENVIRONMENT = {
  object: 'process',
  property: 'env',
  message: 'Settings come from src/config, passed down as arguments.',
};

/** What differs from run to run. The core and the services get it injected, so that a test can hold it still. */
const UNSTABLE_PROPERTIES = [
  ['Date', 'now', 'Take the time as an argument or from the injected clock.'],
  ['performance', 'now', 'Take the time as an argument or from the injected clock.'],
  ['process', 'hrtime', 'Take the time as an argument or from the injected clock.'],
  ['Math', 'random', 'Use the injected source of randomness.'],
].map(([object, property, message]) => ({ object, property, message }));

const UNSTABLE_GLOBALS = [
  ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
    name,
    message: 'Return the time at which something is due; the dispatcher waits for it.',
  })),
  { name: 'crypto', message: 'Use the injected source of ids.' },
  { name: 'fetch', message: 'Only the layers around the core talk to the network.' },
];

const UNSTABLE_IMPORTS = [
  ...['node:timers', 'node:timers/promises'].map((name) => ({
    name,
    message: 'Return the time at which something is due; the dispatcher waits for it.',
  })),
  { name: 'node:perf_hooks', message: 'Take the time as an argument or from the injected clock.' },
  {
    name: 'node:crypto',
    importNames: ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync', 'webcrypto'],
    message: 'Use the injected source of ids or randomness.',
  },
];

const UNSTABLE_SYNTAX = [
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.name="Date"]',
].map((selector) => ({ selector, message: 'Take the time as an argument or from the injected clock.' }));

export default defineConfig(
  // Fixtures are what users bring, in any shape; data and coverage are products.
  { ignores: ['node_modules/', 'coverage/', 'data/', 'test/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },

  {
    name: 'faults',
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-param-reassign': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    name: 'sizes',
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
    },
  },
  {
    name: 'types',
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // Numbers print the same everywhere; objects, null and undefined are what goes wrong in a template.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An async function turns a throw into a rejection, which every port relies on, await in it or not.
      '@typescript-eslint/require-await': 'off',
    },
  },

  // Later blocks replace earlier settings of the same rule, so the narrower folders come after.
  {
    name: 'settings come from one place',
    files: ['src/**'],
    rules: { 'no-restricted-properties': ['error', ENVIRONMENT] },
  },
  {
    name: 'the core and the services are handed time, ids and randomness',
    files: ['src/core/**', 'src/service/**'],
    rules: {
      'no-restricted-globals': ['error', ...UNSTABLE_GLOBALS],
      'no-restricted-imports': ['error', { paths: UNSTABLE_IMPORTS }],
      'no-restricted-properties': ['error', ENVIRONMENT, ...UNSTABLE_PROPERTIES],
      'no-restricted-syntax': ['error', ...UNSTABLE_SYNTAX],
    },
  },
  {
    name: 'where the environment is read',
    files: ['src/config/**', 'src/cli/**', BOOTSTRAPS],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    name: 'where printing is the purpose',
    files: ['bench/**', 'console/**', 'examples/**', 'scripts/**', 'src/cli/**', 'src/telemetry/**', BOOTSTRAPS],
    rules: { 'no-console': 'off' },
  },
  {
    name: 'tests',
    files: TESTS,
    rules: {
      // A describe block is one function, and tests may fake what the product must not touch.
      'max-lines-per-function': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-imports': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
      // expect.any() and its like are typed any; fakes are empty, and throw what real code should not.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Plain JavaScript has no types to lint by: launchers, bootstraps, examples, the console, these settings.
    name: 'javascript',
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
