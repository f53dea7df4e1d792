import { describe, expect, it } from 'vitest';
import type { FunctionSettings } from '../core/resources.ts';
import { newSettings, type SettingsChange } from './function-settings.ts';
import { newBench } from './context.fixture.ts';

const { packages } = newBench().context;

function made(change: SettingsChange): FunctionSettings {
  const required = { runtime: 'custom', handler: 'index.handler' };
  return newSettings(packages, { code: null, layers: [] }, { ...required, ...change });
}

const started = (config: object): SettingsChange => ({ passive: { customRuntimeConfig: config } });

describe('settings that a process can be started with', () => {
  it('have variables of any other name, and 128 KiB of them', () => {
    const odd = { 'a b': '1', 'a-': '', 团队: '' };
    expect(made({ environment: odd }).environment).toEqual(odd);
    // The name, the value, the sign between them and the end.
    const longest = { A: 'x'.repeat(131_072 - 3) };
    expect(made({ environment: longest }).environment).toEqual(longest);
  });

  it('have a command and arguments of any other words', () => {
    const config = { command: ['node', '-e', 'x'.repeat(100_000)], args: ['', '团队'] };
    expect(made(started(config)).passive).toEqual({ customRuntimeConfig: config });
  });

  const wrong: readonly [string, SettingsChange, RegExp][] = [
    ['an empty name', { environment: { '': '1' } }, /^environmentVariables may have no name that is empty/],
    ['a name that begins with -', { environment: { '-u': '1' } }, /begins with - .*\(actual: '-u'\)$/],
    [
      'a value that is too long',
      { environment: { A: 'x'.repeat(140_000) } },
      /^environmentVariables .*\(actual: 140003\)$/,
    ],
    [
      'too many variables',
      { environment: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`A${index}`, 'é'.repeat(700)])) },
      /^environmentVariables may have at most 131072 bytes in all/,
    ],
    ['a NUL in a command', started({ command: ['node\0'] }), /^customRuntimeConfig\.command may not hold a NUL$/],
    ['a NUL in an argument', started({ args: ['a', '\0'] }), /^customRuntimeConfig\.args may not hold a NUL$/],
    [
      'an argument that is too long',
      started({ args: ['x'.repeat(140_000)] }),
      /^customRuntimeConfig\.args .*140001\)$/,
    ],
    ['a NUL in the handler', { handler: 'a\0' }, /^handler may not hold a NUL$/],
  ];
  it.each(wrong)('do not have %s', (_, change, message) => {
    expect(() => made(change)).toThrow(
      expect.objectContaining({ code: 'InvalidArgument', message: expect.stringMatching(message) }),
    );
  });
});
