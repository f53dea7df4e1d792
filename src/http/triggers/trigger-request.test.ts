import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signedRequest } from './trigger-request.ts';

function textsOf(query: string): readonly string[] {
  const request: Partial<IncomingMessage> = { method: 'GET', url: `/2016-08-15/proxy/s/f/?${query}`, headers: {} };
  return signedRequest(request as IncomingMessage).queryTexts?.() ?? [];
}

describe('what the FC scheme may have signed of a query', () => {
  test.each([
    ['', ['']],
    ['b=2&a=1', ['a=1\nb=2']],
    ['a=', ['a=']],
    ['a=1&&b=x%20y+z', ['a=1\nb=x y z']],
    ['a=1&aaa', ['a=1\naaa', 'a=1\naaa=']],
    ['b&a', ['a\nb', 'a=\nb=']],
  ])('%j: %j', (query, texts) => {
    expect(textsOf(query)).toEqual(texts);
  });

  test.each(['a%3D1=2', 'a%3D1', 'a%0Ab=1', 'a=1%0Ab=2'])(
    'is nothing where it could be that of another: %s',
    (query) => {
      expect(() => textsOf(query)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
    },
  );

  test('is the same for two queries only where they have the same names and values', () => {
    const query = fc.array(fc.constantFrom('a', 'b', '=', '&', '%3D', '%26', '%0A', '%20', '+'), { maxLength: 8 });
    const parameters = (text: string) => [...new URLSearchParams(text)].map((pair) => JSON.stringify(pair)).sort();
    fc.assert(
      fc.property(query, query, (first, second) => {
        const [one, other] = [first.join(''), second.join('')];
        const texts = [one, other].map((text) => {
          try {
            return textsOf(text);
          } catch {
            return [];
          }
        });
        if (texts[0]?.some((text) => texts[1]?.includes(text))) expect(parameters(one)).toEqual(parameters(other));
      }),
      { numRuns: 2000 },
    );
  });
});
