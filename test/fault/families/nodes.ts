/** Three servers over one PostgreSQL, with a fault of a node, of its way to the database, or of the database. */
import { FAULT_KINDS } from '../nodes/fault-kinds.ts';
import { runKind } from '../nodes/run-kind.ts';
import type { FaultFamily, Round, RoundReport } from './family.ts';

export const nodes: FaultFamily = {
  name: 'nodes',
  promise: 'what any node acknowledged survives, ends once, and never runs on two nodes at once',
  trials: 'faults of nodes and of their database',
  rounds: { commit: 1, nightly: 50, release: 500 },
  run,
};

/** All kinds in turn, from another one on with each seed. */
async function run(round: Round): Promise<RoundReport> {
  const kind = FAULT_KINDS[(round.seed + round.number) % FAULT_KINDS.length];
  if (kind === undefined) throw new Error('there is no kind of fault');
  return await runKind(kind, round);
}
