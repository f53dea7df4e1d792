import { describe, expect, it } from 'vitest';
import { destinationDocument } from './destination-document.ts';
import { taskIn } from './task.fixture.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (document: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(document));

describe('the result document', () => {
  it('has payload and result as strings, and names neither error nor condition on success', () => {
    const task = taskIn('Succeeded', { attempt: 2, error: '' });
    const ended = { task, payload: bytes('{"k":1}'), result: bytes('"ok"') };
    expect(read(destinationDocument(ended, 'local', 5_000))).toEqual({
      timestamp: 5_000,
      requestContext: {
        requestId: task.requestId,
        functionArn: 'acs:fc:local:1000000000000000:functions/resize',
        condition: '',
        approximateInvokeCount: 2,
      },
      requestPayload: '{"k":1}',
      responseContext: { statusCode: 200, functionError: '' },
      responsePayload: '"ok"',
    });
  });

  it('keeps the byte order mark that payload or result begins with', () => {
    const ended = { task: taskIn('Succeeded'), payload: bytes('\ufeffin'), result: bytes('\ufeffout') };
    const document = read(destinationDocument(ended, 'local', 1));
    expect(document).toMatchObject({ requestPayload: '\ufeffin', responsePayload: '\ufeffout' });
  });

  it.each([
    ['LATEST', 'services/s/functions/f'],
    ['prod', 'services/s.prod/functions/f'],
  ])('names a function of 2.0 (%s) as that does', (qualifier, resource) => {
    const task = taskIn('Succeeded', { functionName: 's$f', qualifier });
    expect(read(destinationDocument({ task, payload: bytes(''), result: null }, 'local', 1))).toMatchObject({
      requestContext: { functionArn: `acs:fc:local:1000000000000000:${resource}` },
    });
  });

  it.each([
    ['Failed', 'UnhandledInvocationError', 'UnhandledInvocationError'],
    ['Expired', 'EventAgeExceeded', ''],
    ['Stopped', '', ''],
  ] as const)('says why for %s', (status, error, functionError) => {
    const task = taskIn(status, { error, qualifier: 'prod' });
    const result = status === 'Failed' ? bytes('{"errorMessage":"boom"}') : null;
    expect(read(destinationDocument({ task, payload: bytes(''), result }, 'local', 1))).toMatchObject({
      requestContext: { condition: error, functionArn: 'acs:fc:local:1000000000000000:functions/resize/prod' },
      responseContext: { functionError },
    });
  });
});
