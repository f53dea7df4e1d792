import { type TestProjectInlineConfiguration, defineConfig } from 'vitest/config';

const SECOND_MS = 1000;

/** Where to write the results as JSON as well, for .ci/run; unset otherwise. */
const reportPath = process.env['MEANWHILE_TEST_REPORT'];

/** Where PostgreSQL is had from, by those that need it. */
const POSTGRES: TestConfig = { globalSetup: ['test/support/postgres-door.ts'] };
const SERVERS: TestConfig = { setupFiles: ['test/support/end-servers.ts'] };

/**
 * What of the acceptance suite runs on PostgreSQL as well: what the store has most to do with. MEANWHILE_TEST_STORE_ALL=1
 * makes it all.
 */
const ON_POSTGRES =
  process.env['MEANWHILE_TEST_STORE_ALL'] === '1'
    ? ['**/*']
    : ['tasks', 'stop', 'invoke', 'functions', 'restart', 'dialect-matrix', 'concurrency', 'destinations', 'retries'];

type TestConfig = NonNullable<TestProjectInlineConfiguration['test']>;

interface OneFileAtATime {
  readonly order: number;
  readonly timeoutMs: number;
  readonly files?: readonly string[];
  readonly more?: TestConfig;
}

export default defineConfig({
  test: {
    // A suite that has no file yet is no failure; test/tidy makes sure that none is forgotten here.
    passWithNoTests: true,
    reporters: reportPath === undefined ? ['default'] : ['default', ['json', { outputFile: reportPath }]],
    projects: [
      suite('tidy', { include: ['test/tidy/**/*.test.ts'] }),
      // No time decides a test; instances of Python take seconds to start where eight suites share two cores.
      suite('unit', {
        include: ['src/**/*.test.ts'],
        globalSetup: ['test/support/postgres-door.ts'],
        testTimeout: 30 * SECOND_MS,
        hookTimeout: 30 * SECOND_MS,
      }),
      suite('simulation', { include: ['test/simulation/**/*.test.ts'], testTimeout: 120 * SECOND_MS }),

      // These start servers and measure what those do in time, so their files run one at a time and last.
      oneFileAtATime('acceptance', { order: 2, timeoutMs: 60 * SECOND_MS, more: { ...POSTGRES, ...SERVERS } }),
      oneFileAtATime('acceptance-postgres', {
        order: 2,
        timeoutMs: 60 * SECOND_MS,
        files: ON_POSTGRES.map((name) => `test/acceptance/${name}.test.ts`),
        more: { ...POSTGRES, ...SERVERS, env: { MEANWHILE_TEST_STORE: 'postgres' } },
      }),
      oneFileAtATime('fault', { order: 3, timeoutMs: 600 * SECOND_MS, more: SERVERS }),
      oneFileAtATime('bench', { order: 4, timeoutMs: 120 * SECOND_MS, files: ['bench/**/*.test.ts'] }),
    ],
  },
});

function suite(name: string, test: TestConfig): TestProjectInlineConfiguration {
  // Not order 0: on a machine with few cores vitest takes that for "one at a time" and runs it after all others.
  return { test: { name, environment: 'node', sequence: { groupOrder: 1 }, ...test } };
}

function oneFileAtATime(
  name: string,
  { order, timeoutMs, files = [`test/${name}/**/*.test.ts`], more }: OneFileAtATime,
): TestProjectInlineConfiguration {
  return suite(name, {
    include: [...files],
    ...more,
    fileParallelism: false,
    sequence: { groupOrder: order },
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
  });
}
