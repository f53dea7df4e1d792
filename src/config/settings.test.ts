import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Setting, integer } from './setting.ts';
import { defaultInstancesMax, environmentNameOf, flagOf, SETTING_NAMES, SETTINGS } from './settings.ts';

test.for([
  ['listen', 'listen', 'MEANWHILE_LISTEN'],
  ['dataDir', 'data-dir', 'MEANWHILE_DATA_DIR'],
  ['asyncPayloadBytesMax', 'async-payload-bytes-max', 'MEANWHILE_ASYNC_PAYLOAD_BYTES_MAX'],
] as const)('%s is --%s and %s', ([name, flag, variable]) => {
  expect([flagOf(name), environmentNameOf(name)]).toEqual([flag, variable]);
});

test.for(SETTING_NAMES)('the default of %s is acceptable, and its sentences are whole', (name) => {
  const { kind, defaultText, doc }: Setting<unknown> = SETTINGS[name];
  if (defaultText !== null) expect(kind.read(defaultText)).toBeDefined();
  expect(doc).toMatch(/^[A-Z`].*\.$/);
});

test.for([
  [0, 8],
  [2 * 2 ** 30, 8],
  [4 * 2 ** 30, 16],
  [64 * 2 ** 30, 100],
] as const)('%i bytes of memory carry %i instances', ([memoryBytes, instances]) => {
  expect(defaultInstancesMax(memoryBytes)).toBe(instances);
});

test('a whole number is read back as it was written, and nothing outside of its bounds is', () => {
  const kind = integer({ min: 5, max: 1_000 });
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 2_000 }), (value) => {
      expect(kind.read(String(value))).toBe(value >= 5 && value <= 1_000 ? value : undefined);
    }),
  );
});

test.for(['', ' 7', '7.0', '1e2', '0x10', '٧', '9007199254740993'])('%j is no whole number', (text) => {
  expect(integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).read(text)).toBeUndefined();
});
