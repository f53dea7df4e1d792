import { describe, expect, it } from 'vitest';
import { type Alias, pickVersion } from './resources.ts';

const alias = (additionalVersionWeight: Alias['additionalVersionWeight']): Alias => ({
  aliasName: 'prod',
  versionId: '1',
  description: '',
  additionalVersionWeight,
  createdAtMs: 0,
  modifiedAtMs: 0,
});

describe('an alias', () => {
  it('stands for its version when it has no weights', () => {
    expect(pickVersion(alias(null), 0.01)).toBe('1');
  });

  it.each([
    [0, '2'],
    [0.199, '2'],
    [0.2, '3'],
    [0.499, '3'],
    [0.5, '1'],
    [0.999, '1'],
  ])('gives each version its share: %f is version %s', (random, versionId) => {
    expect(pickVersion(alias({ '2': 0.2, '3': 0.3 }), random)).toBe(versionId);
  });
});
