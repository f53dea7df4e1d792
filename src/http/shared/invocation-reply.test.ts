import { expect, test } from 'vitest';
import type { Runnable } from '../../core/resources.ts';
import { executed } from '../running-server.fixture.ts';
import { invocationReply } from './invocation-reply.ts';

const RUNNABLE = { versionId: '0', settings: { code: null } } as Runnable;

function contentTypeOf(document: Uint8Array | string): string | undefined {
  const outcome = { kind: 'function-error', handled: true, document: Buffer.from(document) } as const;
  const reply = invocationReply({ execution: executed(Buffer.alloc(0), { outcome }), runnable: RUNNABLE }, false);
  expect(reply.headers).toHaveProperty('X-Fc-Error-Type');
  return reply.headers?.['Content-Type'];
}

test('an error is called JSON where it is: the 2016 SDK gives it as an object', () => {
  expect(contentTypeOf('{"errorMessage":"no"}')).toBe('application/json');
});

test.each([
  ['text', 'not here'],
  ['HTML', '<h1>404</h1>'],
  ['nothing', ''],
  ['JSON that is cut off', '{"errorMessage":'],
  ['JSON behind a byte order mark', '\ufeff{}'],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
])('an error that is %s is not called JSON: the 2016 SDK would throw on it', (_, document) => {
  expect(contentTypeOf(document)).toBe('application/octet-stream');
});

test('a result is never called JSON', () => {
  const { headers } = invocationReply({ execution: executed(Buffer.from('{}')), runnable: RUNNABLE }, false);
  expect(headers?.['Content-Type']).toBe('application/octet-stream');
});
