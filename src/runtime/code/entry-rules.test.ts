import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countProblem, type EntryFacts, EntryRules, extractedMode, plainName } from './entry-rules.ts';

function entry(name: string, facts: Partial<EntryFacts> = {}): EntryFacts {
  const nameBytes = Buffer.byteLength(name);
  return { name, nameBytes, unixMode: 0, encrypted: false, compressionMethod: 8, ...facts };
}

/** What is wrong with the last of these entries. */
function problem(...entries: (string | EntryFacts)[]): string | undefined {
  const rules = new EntryRules();
  return entries.map((one) => rules.check(typeof one === 'string' ? entry(one) : one)).at(-1);
}

describe('an entry passes', () => {
  test.each([
    ['index.js'],
    ['lib/a/b.js'],
    ['node_modules/@scope/package/index.js'],
    ['lib/'],
    ['..hidden/...js'],
    ['名前/ファイル.js'],
    [`${'d/'.repeat(31)}f`],
    ['x'.repeat(255)],
  ])('with the name %j', (name) => {
    expect(problem(name)).toBeUndefined();
  });

  test('for a directory that files before it implied', () => {
    expect(problem('lib/a.js', 'lib/')).toBeUndefined();
  });

  test.each([
    ['LICENSE', 'License'],
    ['é.js', 'e\u0301.js'],
    ['lib/a.js', 'Lib/a.js'],
  ])('beside one whose name is nearly the same: %j and %j', (...names) => {
    expect(problem(...names)).toBeUndefined();
  });

  test.each([0o100644, 0o100777, 0o104755])('with the file mode %o', (unixMode) => {
    expect(problem(entry('run', { unixMode }))).toBeUndefined();
  });
});

test.each([
  ['./index.js', 'index.js'],
  ['././lib/', 'lib/'],
  ['./', ''],
  ['.//etc/passwd', '/etc/passwd'],
  ['./../x', '../x'],
  ['.hidden/./x', '.hidden/./x'],
])('the name %j is read as %j', (written, plain) => {
  expect(plainName(written)).toBe(plain);
});

describe('an entry is refused', () => {
  test.each([
    ['', 'has no name'],
    ['/', 'has no name'],
    ['../x', 'leads out of the package'],
    ['a/../../x', 'leads out of the package'],
    ['a/..', 'leads out of the package'],
    ['/etc/passwd', 'has an absolute path'],
    ['C:/x', 'has an absolute path'],
    ['a\\b', 'has a backslash'],
    ['a//b', 'has an empty or . part'],
    ['./a', 'has an empty or . part'],
    ['a\u0000b', 'has a control character'],
    ['a\u001b[2J', 'has a control character'],
    ['a\ufffd', 'has a control character'],
    ['x'.repeat(256), 'has a name longer than 255 bytes'],
    ['語'.repeat(86), 'has a name longer than 255 bytes'],
    [`${`${'x'.repeat(200)}/`.repeat(6)}f`, 'has a path longer than 1024 bytes'],
    [`${'d/'.repeat(32)}f`, 'is deeper than 32 directories'],
  ])('with the name %j', (name, expected) => {
    expect(problem(name)).toMatch(new RegExp(`^${expected.replaceAll('.', '\\.')}`));
  });

  test.each([
    ['a symbolic link', { unixMode: 0o120777 }, 'is a symbolic link'],
    ['a device', { unixMode: 0o060600 }, 'is neither a plain file nor a directory'],
    ['a pipe', { unixMode: 0o010600 }, 'is neither a plain file nor a directory'],
    ['a directory by mode only', { unixMode: 0o040755 }, 'is neither a plain file nor a directory'],
    ['encrypted', { encrypted: true }, 'is encrypted'],
    ['compressed by another method', { compressionMethod: 93 }, 'is compressed by method 93'],
  ])('that is %s', (_title, facts, expected) => {
    expect(problem(entry('x', facts))).toMatch(new RegExp(`^${expected}`));
  });

  test.each([[['a.js', 'a.js']], [['lib/', 'lib/']], [['lib', 'lib/']], [['lib/a', 'lib']]])(
    'that has the name of another: %j',
    (names) => {
      expect(problem(...names)).toMatch(/^has the name of another entry/);
    },
  );

  test('that is inside of a file', () => {
    expect(problem('a', 'a/b')).toBe('is inside of what another entry says is a file');
  });
});

test('more entries than allowed are refused by their number', () => {
  expect(countProblem(100_000)).toBeUndefined();
  expect(countProblem(100_001)).toBe('The code package has 100001 entries; at most 100000 are allowed.');
});

test('whatever passes stays below the folder it is written to', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', ':', 'C', '\u0000', 'ü') }), (name) => {
      fc.pre(problem(plainName(name)) === undefined);
      const segments = plainName(name).replace(/\/$/, '').split('/');
      expect(segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')).toBe(true);
    }),
  );
});

test.each([
  [0, 0o444],
  [0o100600, 0o444],
  [0o100755, 0o555],
  [0o106777, 0o555],
])('a file of mode %o is extracted as %o', (packed, extracted) => {
  expect(extractedMode(packed)).toBe(extracted);
});
