import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Query } from './query.ts';

test('what a client encodes is what is read', () => {
  const name = fc.string({ unit: 'grapheme' }).filter((text) => !/[=&\u0000-\u001f\u007f]/.test(text));
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(fc.dictionary(name, text, { noNullPrototype: true }), (parameters) => {
      const query = Query.parse(new URLSearchParams(parameters).toString());
      expect(Object.fromEntries(query.parameters)).toEqual(parameters);
    }),
  );
});

test('a parameter without a value, with an empty one, and none are the same', () => {
  for (const raw of ['', 'limit', 'limit=', '&&limit=&']) {
    const query = Query.parse(raw);
    expect(query.text('limit')).toBe('');
    expect(query.integer('limit', { min: 1, max: 9 })).toBeUndefined();
    expect(query.boolean('limit')).toBeUndefined();
    expect(query.choice('limit', ['a'])).toBeUndefined();
  }
});

test('values are read by their type', () => {
  const query = Query.parse('limit=10&on=true&off=false&order=asc&begin=1640966400000');
  expect(query.integer('limit', { min: 1, max: 10 })).toBe(10);
  expect([query.boolean('on'), query.boolean('off'), query.choice('order', ['asc', 'desc'])]).toEqual([
    true,
    false,
    'asc',
  ]);
  expect(query.integer('begin', { min: 0, max: Number.MAX_SAFE_INTEGER })).toBe(1_640_966_400_000);
});

describe('an integer', () => {
  test.each(['0', '11', '-1', '1.5', '1e1', '0x1', 'NaN', ' 1', '9007199254740993', '1'.repeat(100)])(
    'is refused: %s',
    (text) => {
      const query = Query.parse(new URLSearchParams({ limit: text }).toString());
      expect(() => query.integer('limit', { min: 1, max: 10 })).toThrow(
        /^limit must be an integer from 1 to 10 \(actual: '.{1,65}'\)$/,
      );
    },
  );
});

test.each(['env:prod', '团队', 'a b', 'é', '(x)', 'k'.repeat(200)])('a name may be %s, as that of a tag', (name) => {
  const query = Query.parse(`${encodeURIComponent(name)}=1&limit=2`);
  expect([query.text(name), query.text('limit')]).toEqual(['1', '2']);
});

test.each(['a=1&a=2', 'a=%', 'a=%ff', 'a%3D1=2', 'a%26b=1', 'a%0Ab=1', 'a%7F=1'])('the query %s is refused', (raw) => {
  expect(() => Query.parse(raw)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
});
