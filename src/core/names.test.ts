import { describe, expect, it } from 'vitest';
import {
  isAliasName,
  isFunctionName,
  isTaskId,
  isVersionId,
  nameInService,
  parseQualifier,
  splitServiceFunction,
} from './names.ts';

describe('names', () => {
  it.each(['f', '_f', 'My-func_2', 'a'.repeat(128)])('takes %s for a function and a task', (name) => {
    expect(isFunctionName(name)).toBe(true);
    expect(isTaskId(name)).toBe(true);
  });

  it.each(['', '1f', '-f', 'a.b', 'a/b', '..', 'a b', 'é', 'a\n', 'a'.repeat(129), '%41'])(
    'takes %j for neither',
    (name) => {
      expect(isFunctionName(name)).toBe(false);
      expect(isTaskId(name)).toBe(false);
    },
  );

  it('takes the name of a 2.0 function, with one dollar sign', () => {
    expect(isFunctionName('service$function')).toBe(true);
    expect(isFunctionName('a$b$c')).toBe(false);
    expect(isFunctionName('$f')).toBe(false);
    expect(isTaskId('a$b')).toBe(false);
  });

  it('knows an alias from a version and from LATEST', () => {
    expect(isAliasName('LATEST')).toBe(false);
    expect(isAliasName('12')).toBe(false);
    expect(isVersionId('12')).toBe(true);
    expect(isVersionId('012')).toBe(false);
    expect(isVersionId('12345678901')).toBe(false);
  });

  it.each([
    ['', { kind: 'latest' }],
    ['LATEST', { kind: 'latest' }],
    ['7', { kind: 'version', versionId: '7' }],
    ['prod', { kind: 'alias', aliasName: 'prod' }],
    ['a.b', undefined],
    ['0', undefined],
  ])('reads the qualifier %j', (text, expected) => {
    expect(parseQualifier(text)).toEqual(expected);
  });
});

it('a function of 2.0 is known by its two names in one, and back', () => {
  const names = { serviceName: 's', functionName: 'f' };
  expect(nameInService(names)).toBe('s$f');
  expect(splitServiceFunction('s$f')).toEqual(names);
  expect(splitServiceFunction('f')).toBeUndefined();
});
