import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUILT, NOT_BUILT } from './coverage.ts';
import { coveragePage } from './coverage-page.ts';
import { sdkOperations, sdkRequestMembers, sdkResponseMembers } from './sdk-members.ts';

test('every operation of the official SDK is built or named as not built', () => {
  expect([...Object.keys(BUILT), ...NOT_BUILT].sort()).toEqual([...sdkOperations()].sort());
});

test('the file that covers an operation checks at its end that it did', () => {
  const files = [...new Set(Object.values(BUILT).map(({ file }) => file))];
  const unchecked = files.filter((file) => {
    const source = readFileSync(join(import.meta.dirname, `${file}.test.ts`), 'utf8');
    return !source.trimEnd().endsWith(`testCoverage('${file}', bench);`);
  });
  expect(unchecked).toEqual([]);
});

test('every gap is a member that the SDK has', () => {
  const unknown = Object.entries(BUILT).flatMap(([operation, { gaps = {} }]) => {
    const members = [...sdkRequestMembers(operation), ...sdkResponseMembers(operation)];
    return Object.keys(gaps).filter((gap) => !members.includes(gap));
  });
  expect(unknown).toEqual([]);
});

test('the models of the SDK are read: a well-known member of each kind is found', () => {
  expect(sdkRequestMembers('ListAsyncTasks')).toContain('startedTimeBegin');
  expect(sdkRequestMembers('PutAsyncInvokeConfig')).toContain('destinationConfig.onFailure.destination');
  expect(sdkRequestMembers('InvokeFunction')).toContain('x-fc-async-task-id');
  expect(sdkResponseMembers('ListAsyncTasks')).toContain('tasks[].events[].eventDetail');
});

test('the page for readers is up to date', async () => {
  await expect(coveragePage()).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/api/coverage.md'));
});
