import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { responseOfResult } from './http-response.ts';
import { MIB } from './limits.ts';

function answered(body: string) {
  return responseOfResult(Buffer.from(JSON.stringify({ statusCode: 200, body, isBase64Encoded: true })));
}

describe('a body in base64', () => {
  test('is sent as the bytes that it stands for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const response = answered(Buffer.from(bytes).toString('base64'));
        expect('body' in response && Buffer.from(response.body)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test.each([1, 5, 20])('may have %i MiB', (mebibytes) => {
    const bytes = Buffer.alloc(mebibytes * MIB, 'bytes');
    const response = answered(bytes.toString('base64'));
    expect('body' in response && bytes.equals(response.body)).toBe(true);
  });

  test.each(['a', 'YQ', 'YQ=', 'YWI', 'YWJj=', '====', 'YQ==YQ==', 'YW J', 'YWJ-', '=YWJ'])(
    'that is none (%j) is a problem, not an answer',
    (body) => {
      expect(answered(body)).toEqual({ problem: 'a body that is not base64, as isBase64Encoded says' });
    },
  );
});
