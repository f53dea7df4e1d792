import { describe, expect, test } from 'vitest';
import { Fields } from './fields.ts';

const fields = new Fields({
  Text: 'abc',
  whole: 3,
  half: 0.5,
  yes: true,
  nothing: null,
  map: { A: '1', a: '2' },
  weights: { '1': 0.5 },
  list: ['x'],
  inner: { deep: [{ n: 9 }] },
});

describe('a reader', () => {
  test('matches names without regard to case', () => {
    expect([fields.text('text'), fields.text('TEXT'), fields.has('tExT')]).toEqual(['abc', 'abc', true]);
  });

  test('takes null for not given', () => {
    expect([fields.has('nothing'), fields.text('nothing'), fields.integer('none', { min: 0, max: 1 })]).toEqual([
      false,
      undefined,
      undefined,
    ]);
  });

  test('gives what is there', () => {
    expect(fields.integer('whole', { min: 0, max: 8 })).toBe(3);
    expect(fields.number('half', { min: 0, max: 1 })).toBe(0.5);
    expect(fields.boolean('yes')).toBe(true);
    expect(fields.choice('text', ['abc', 'd'])).toBe('abc');
    expect(fields.textMap('map')).toEqual({ A: '1', a: '2' });
    expect(fields.numberMap('weights', { min: 0, max: 1 })).toEqual({ '1': 0.5 });
    expect(fields.textList('list')).toEqual(['x']);
    expect(
      fields
        .object('inner')
        ?.objects('deep')
        ?.map((entry) => entry.json('n')),
    ).toEqual([9]);
  });

  test.each<[() => unknown, string]>([
    [() => fields.text('whole'), 'whole must be a string (actual: 3)'],
    [() => fields.text('text', { lengthMax: 2 }), 'text must have at most 2 characters (actual: 3)'],
    [() => fields.text('text', { lengthMin: 4, lengthMax: 9 }), 'text must have 4 to 9 characters (actual: 3)'],
    [() => fields.integer('half', { min: 0, max: 8 }), 'half must be an integer from 0 to 8 (actual: 0.5)'],
    [() => fields.integer('whole', { min: 4, max: 8 }), 'whole must be an integer from 4 to 8 (actual: 3)'],
    [() => fields.integer('text', { min: 4, max: 8 }), "text must be an integer from 4 to 8 (actual: 'abc')"],
    [() => fields.number('whole', { min: 0, max: 1 }), 'whole must be a number from 0 to 1 (actual: 3)'],
    [() => fields.boolean('text'), "text must be true or false (actual: 'abc')"],
    [() => fields.choice('text', ['a', 'b']), "text must be one of a, b (actual: 'abc')"],
    [() => fields.textMap('list'), 'list must be an object of strings (actual: an array)'],
    [() => fields.textMap('weights'), 'weights must be an object of strings (actual: an object)'],
    [() => fields.textList('map'), 'map must be an array of strings (actual: an object)'],
    [() => fields.object('list'), 'list must be an object (actual: an array)'],
    [() => fields.object('inner')?.objects('deep')?.[0]?.text('n'), 'inner.deep[0].n must be a string (actual: 9)'],
    [() => new Fields({ a: 1, A: 2 }), 'A is given more than once'],
  ])('names the member, what is allowed and what came (%#)', (read, message) => {
    expect(read).toThrow(expect.objectContaining({ code: 'InvalidArgument', message }));
  });
});
