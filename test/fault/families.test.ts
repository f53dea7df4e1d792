/** Every kind of fault, as often as each change can afford; `npm run fault` runs more of the same rounds. */
import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from './families/all-families.ts';

const SEED = Number(process.env['MEANWHILE_FAULT_SEED'] ?? randomInt(1_000_000));

describe.each(FAMILIES)('$name', ({ name, promise, rounds, missing, run }) => {
  const reason = missing?.();
  const title = reason === undefined ? promise : `${promise} (not run: ${reason})`;

  it.skipIf(reason !== undefined).each(Array.from({ length: rounds.commit }, (_, index) => index + 1))(
    `${title}: round %i`,
    async (number) => {
      const { broken, folder } = await run({ seed: SEED, number });
      const again = `npm run fault -- --only ${name} --seed ${SEED} --round ${number}`;
      expect(broken, `evidence in ${folder ?? 'no folder'}; again: ${again}`).toEqual([]);
    },
  );
});
