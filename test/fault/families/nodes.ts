/** Three servers over one PostgreSQL, with a fault of a node, of its way to the database, or of the database. */
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import type { FaultKind } from '../nodes/fault-kind.ts';
import { cutOff, halfOpen, killed, paused } from '../nodes/node-faults.ts';
import { SeveralNodes } from '../nodes/several-nodes.ts';
import type { Verdict } from '../verdict.ts';
import type { FaultFamily, Round, RoundReport } from './family.ts';

/** By the number of the round, in turn. The first take least time. */
const KINDS: readonly FaultKind[] = [killed, paused, cutOff, halfOpen];

export const nodes: FaultFamily = {
  name: 'nodes',
  promise: 'what any node acknowledged survives, ends once, and never runs on two nodes at once',
  trials: 'faults of nodes and of their database',
  rounds: { commit: 3, nightly: 50, release: 500 },
  run,
};

async function run({ seed, number, progress }: Round): Promise<RoundReport> {
  const kind = KINDS[(number - 1) % KINDS.length];
  if (kind === undefined) throw new Error('no kind of fault');
  const random = new SeededRandom(seed + number);
  progress?.('starting');
  const rig = await SeveralNodes.begin({ random, ...kind.needs });
  let verdict: Verdict | undefined;
  try {
    progress?.(kind.name);
    const { broken, counts } = await kind.inflict(rig);
    progress?.(`${kind.name}: healing`);
    await rig.untilAllServe();
    progress?.(`${kind.name}: comparing`);
    const found = await rig.verdict({ neverTwoAtOnce: kind.mayRunTwiceAtOnce !== true });
    verdict = { ...found, broken: [...broken, ...found.broken].map((fault) => `${kind.name}: ${fault}`) };
    const { submissions } = rig.load;
    return {
      trials: 1,
      broken: verdict.broken,
      folder: rig.folder,
      counts: { submissions: submissions.length, ...counts },
    };
  } catch (error) {
    throw new Error(`${kind.name}: ${String(error)}; evidence: ${rig.folder}`, { cause: error });
  } finally {
    await rig.close(verdict);
  }
}
