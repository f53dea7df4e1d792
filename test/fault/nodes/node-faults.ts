/** What happens to one node while the others and the database go on. */
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import type { LinkMode } from './database-link.ts';
import type { Bite, FaultKind } from './fault-kind.ts';
import { LEASE_MS, type SeveralNodes } from './several-nodes.ts';

const WRITES_LOST = 'meanwhile_task_writes_lost_total';
const LEASES_LOST = 'meanwhile_leases_lost_total';

/** kill -9; another server takes the place, at once on the same folder, or on a new one after the others have rescued. */
export const killed: FaultKind = {
  name: 'killed',
  inflict: async (rig) => {
    const { node, taskIds } = await rig.findBusyNode();
    const dataDir = await node.kill();
    const again = rig.random.chance(0.5);
    if (!again) await rig.untilRunAgain(taskIds);
    await node.start(again ? dataDir : undefined);
    await rig.untilRunAgain(taskIds);
    return { broken: [] };
  },
};

/** SIGSTOP for longer than the lease: what the node then writes of its tasks must be rejected. */
export const paused: FaultKind = {
  name: 'paused',
  mayRunTwiceAtOnce: true,
  inflict: async (rig) => {
    const { node, taskIds } = await rig.findBusyNode();
    const before = await node.metric(WRITES_LOST);
    node.server.signal('SIGSTOP');
    try {
      await rig.untilRunAgain(taskIds);
    } finally {
      node.server.signal('SIGCONT');
    }
    await node.untilHealthy();
    const rejected = await until('stale writes are rejected', async () => {
      const since = (await node.metric(WRITES_LOST)) - before;
      return since > 0 && since;
    }).catch(() => 0);
    const broken = rejected > 0 ? [] : ['no stale write of the paused node was rejected'];
    return { broken, counts: { 'stale writes rejected': rejected } };
  },
};

export const cutOff: FaultKind = { name: 'cut off', inflict: (rig) => cut(rig, 'refuse') };
export const halfOpen: FaultKind = { name: 'half-open', inflict: (rig) => cut(rig, 'swallow') };

/** The node must end what it runs before others may run it, and find back by itself. */
async function cut(rig: SeveralNodes, mode: LinkMode): Promise<Bite> {
  const { node, taskIds } = await rig.findBusyNode();
  const before = await node.metric(LEASES_LOST);
  for (const link of node.links) link.set(mode);
  const reason = await node.untilUnhealthy();
  await rig.untilRunAgain(taskIds);
  await delay(rig.random.integer(0, LEASE_MS / 5));
  for (const link of node.links) link.set('pass');
  await node.untilHealthy();
  const lost = (await node.metric(LEASES_LOST)) - before;
  const broken = lost > 0 ? [] : ['the node that was cut off kept its lease'];
  if (!/database|lease/.test(reason)) broken.push(`its health does not say why: ${reason}`);
  return { broken };
}
