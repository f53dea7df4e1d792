import { expect, test } from 'vitest';
import { BUILT, NOT_BUILT } from './coverage.ts';
import { requestHeaders, requestMembers, responseMembers, sdkOperations } from './sdk-members.ts';

test('every operation of the official SDK is built or named as not built', () => {
  expect([...Object.keys(BUILT), ...NOT_BUILT].sort()).toEqual([...sdkOperations()].sort());
});

test('every gap is a member that the SDK has', () => {
  const unknown = Object.entries(BUILT).flatMap(([operation, { gaps = {} }]) => {
    const members = [...requestMembers(operation), ...requestHeaders(operation), ...responseMembers(operation)];
    return Object.keys(gaps).filter((gap) => !members.includes(gap));
  });
  expect(unknown).toEqual([]);
});

test('the models of the SDK are read: a well-known member of each kind is found', () => {
  expect(requestMembers('ListStatefulAsyncInvocations')).toContain('invocationIdPrefix');
  expect(requestMembers('PutFunctionAsyncInvokeConfig')).toContain('destinationConfig.onFailure.destination');
  expect(requestHeaders('InvokeFunction')).toContain('X-Fc-Stateful-Async-Invocation-Enable');
  expect(responseMembers('ListStatefulAsyncInvocations')).toContain('invocations[].events[].eventDetail');
});
