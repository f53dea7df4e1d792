/** The controls of `nodes`: its faults with a guard taken out, which the checker must find. */
import { rm } from 'node:fs/promises';
import { CONTROLS } from '../nodes/controls.ts';
import { runKind } from '../nodes/run-kind.ts';
import type { FaultFamily, Round, RoundReport } from './family.ts';

export const unguarded: FaultFamily = {
  name: 'unguarded',
  promise: 'nodes without one of their guards are found to break a promise',
  trials: 'guards taken out',
  rounds: { commit: 1, nightly: CONTROLS.length, release: CONTROLS.length },
  run,
};

/** The number of the round says which guard it is. */
async function run(round: Round): Promise<RoundReport> {
  const control = CONTROLS[(round.number - 1) % CONTROLS.length];
  if (control === undefined) throw new Error('there is no control');
  const { without, kind, options, finds } = control;
  const { broken, folder } = await runKind(kind, round, options).catch(unfinished);
  const found = broken.filter((sentence) => finds.test(sentence)).length;
  const counts = { [`promises broken without ${without}`]: found };
  if (found === 0) {
    const sentence = `without ${without}, ${kind.name}: nothing was found that is like ${String(finds)}`;
    return { trials: 1, broken: [sentence, ...broken], counts, ...(folder !== undefined && { folder }) };
  }
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  return { trials: 1, broken: [], counts };
}

/** What a round waited for in vain may be just what the guard would have brought. */
function unfinished(error: unknown): { readonly broken: readonly string[]; readonly folder?: string } {
  const folder = /; evidence: (\S+)$/.exec(String(error))?.[1];
  return { broken: [String(error)], ...(folder !== undefined && { folder }) };
}
