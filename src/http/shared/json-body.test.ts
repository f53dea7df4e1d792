import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeJsonBody } from './json-body.ts';

const decode = (text: string) => decodeJsonBody(Buffer.from(text));

test('an absent body, null and an empty object are the same', () => {
  for (const body of ['', 'null', '{}']) expect(decode(body).json('a')).toBeUndefined();
});

test.each(['[]', '1', '"x"', 'true', '{', '{"a":1,}', 'a=b', '{}{}'])('%s is refused', (body) => {
  expect(() => decode(body)).toThrow(/must be a JSON object|not valid JSON/);
});

test('bytes that are no UTF-8 are refused, not replaced', () => {
  expect(() => decodeJsonBody(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))).toThrow('not valid UTF-8');
});

test.each(['__proto__', 'constructor', 'prototype'])('a member named %s is refused at any depth', (name) => {
  expect(() => decode(`{"a":[{"${name}":{"b":1}}]}`)).toThrow(`may not have a member named '${name}'`);
});

test('32 levels are read and 33 are refused before they are parsed', () => {
  const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
  expect(decode(nested(32)).json('a')).toBeInstanceOf(Array);
  expect(() => decode(nested(33))).toThrow('nested deeper than 32 levels');
  expect(() => decode('['.repeat(5_000_000))).toThrow('nested deeper than 32 levels');
});

test('brackets and quotes inside strings are no nesting', () => {
  expect(decode(`{"a":"${'[{'.repeat(100)}\\"${'['.repeat(100)}\\\\"}`).text('a')).toHaveLength(302);
});

test('every document of the API survives', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
  fc.assert(
    fc.property(fc.dictionary(name, fc.jsonValue({ maxDepth: 8 }), { noNullPrototype: true }), (value) => {
      fc.pre(!/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)));
      expect(decode(JSON.stringify({ value })).json('value')).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
