import { describe, expect, test } from 'vitest';
import { acceptTask } from '../../core/accept.ts';
import type { Task } from '../../core/task.ts';
import { encodeTask } from './task-codec.ts';

const PLACE = { region: 'local', account: '123' };
const ENQUEUED: Task = acceptTask({
  account: '123',
  functionName: 'f1',
  taskId: 'task-1',
  qualifier: 'prod',
  requestId: 'r-1',
  tracked: true,
  hops: 0,
  payloadForm: 'event',
  config: undefined,
  delayMs: 0,
  nowMs: 1000,
});
const FAILED: Task = {
  ...ENQUEUED,
  status: 'Failed',
  endedAtMs: 3000,
  durationMs: 7,
  retryCount: 2,
  instanceId: 'c-1',
  error: 'UnhandledInvocationError',
  history: [
    ...ENQUEUED.history,
    { status: 'Retrying', atMs: 2000, error: 'UnhandledInvocationError', message: 'boom' },
    { status: 'Failed', atMs: 3000, error: 'UnhandledInvocationError', message: null },
  ],
};

const resultOf = (text: string, totalBytes = text.length, logTail = '') => ({
  bytes: Buffer.from(text),
  totalBytes,
  logTail,
});

describe('a task', () => {
  test('that waits has an end of 0, and neither payload nor result unless they were read', () => {
    const encoded = encodeTask({ task: ENQUEUED, payload: null, result: null }, PLACE);
    expect(encoded).toMatchObject({ endTime: 0, instanceId: '', taskErrorMessage: '', destinationStatus: '' });
    expect(encoded).not.toHaveProperty('taskPayload');
    expect(encoded).not.toHaveProperty('returnPayload');
    expect(encoded).not.toHaveProperty('meanwhile');
  });

  test('that failed shows what happened, and at its end the log', () => {
    const result = resultOf('{"errorMessage":"boom"}', undefined, 'last line\n');
    const encoded = encodeTask({ task: FAILED, payload: Buffer.from('in'), result }, PLACE);
    expect(encoded).toMatchObject({
      functionArn: 'acs:fc:local:123:functions/f1',
      qualifier: 'prod',
      status: 'Failed',
      startedTime: 1000,
      endTime: 3000,
      durationMs: 7,
      alreadyRetriedTimes: 2,
      taskErrorMessage: 'UnhandledInvocationError',
      taskPayload: 'in',
      returnPayload: '{"errorMessage":"boom"}',
      events: [
        { eventId: 1, status: 'Enqueued', timestamp: 1000, eventDetail: '' },
        {
          eventId: 2,
          status: 'Retrying',
          timestamp: 2000,
          eventDetail: '{"Error":"UnhandledInvocationError","ErrorMessage":"boom"}',
        },
        {
          eventId: 3,
          status: 'Failed',
          timestamp: 3000,
          eventDetail: '{"Error":"UnhandledInvocationError","logTail":"last line\\n"}',
        },
      ],
    });
  });

  test('keeps the byte order mark that its payload or its result begins with', () => {
    const encoded = encodeTask(
      { task: FAILED, payload: Buffer.from('\ufeffin'), result: resultOf('\ufeffout') },
      PLACE,
    );
    expect(encoded).toMatchObject({ taskPayload: '\ufeffin', returnPayload: '\ufeffout' });
  });

  test('whose result was cut says how long it was', () => {
    const encoded = encodeTask({ task: FAILED, payload: null, result: resultOf('abc', 5000) }, PLACE);
    expect(encoded).toMatchObject({ returnPayload: 'abc', meanwhile: { returnPayloadBytes: 5000 } });
  });
});
