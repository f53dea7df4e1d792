/*
 * Prints one line, `N passed, N failed`, and exits non-zero unless something passed and nothing failed.
 *
 *   node scripts/print-test-count.mjs RESULTS.json [STATUS]
 *
 * RESULTS.json is what vitest's json reporter wrote. STATUS is the exit status of whatever ran the tests: when that
 * failed and no test did (a lint error, a crash before the report), the run itself counts as one failure.
 */
import { readFileSync } from 'node:fs';

const [path, status = '0'] = process.argv.slice(2);
const counted = countTests(readFiles(path));
const passed = counted.passed;
const failed = counted.failed === 0 && status !== '0' ? 1 : counted.failed;

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** The reported test files; none when there is no report to read. */
function readFiles(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return [];
  }
}

function countTests(files) {
  const tests = files.flatMap((file) => file.assertionResults);
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + files.filter(failedAsAWhole).length,
  };
}

/** A file that could not be loaded, or whose hooks failed, is failed without any failed test in it. */
function failedAsAWhole(file) {
  return file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
}
