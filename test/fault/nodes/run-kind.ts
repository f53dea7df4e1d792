/** One round of a kind of fault: load, the fault, healing, the comparison. */
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import type { Round, RoundReport } from '../families/family.ts';
import type { Verdict } from '../verdict.ts';
import type { FaultKind } from './fault-kind.ts';
import { SeveralNodes, type SeveralNodesOptions } from './several-nodes.ts';

export async function runKind(
  kind: FaultKind,
  { seed, number, progress }: Round,
  options: Omit<SeveralNodesOptions, 'random'> = {},
): Promise<RoundReport> {
  progress?.('starting');
  const settings = [...(kind.needs?.settings ?? []), ...(options.settings ?? [])];
  const random = new SeededRandom(seed + number);
  const rig = await SeveralNodes.begin({ ...kind.needs, ...options, settings, random });
  let verdict: Verdict | undefined;
  try {
    progress?.(kind.name);
    const { broken, counts } = await kind.inflict(rig);
    progress?.(`${kind.name}: healing`);
    await rig.untilAllServe();
    progress?.(`${kind.name}: comparing`);
    const found = await rig.verdict({ neverTwoAtOnce: kind.mayRunTwiceAtOnce !== true });
    verdict = { ...found, broken: [...broken, ...found.broken].map((fault) => `${kind.name}: ${fault}`) };
    const { submissions, refusals } = rig.load;
    const refused = [...refusals.values()].reduce((sum, count) => sum + count, 0);
    const all = { submissions: submissions.length, refused, [kind.name]: 1, ...counts };
    return { trials: 1, broken: verdict.broken, folder: rig.folder, counts: all };
  } catch (error) {
    throw new Error(`${kind.name}: ${String(error)}; evidence: ${rig.folder}`, { cause: error });
  } finally {
    await rig.close(verdict);
  }
}
