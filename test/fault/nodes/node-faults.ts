/** What happens to one node while the others and the database go on. */
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import type { DatabaseLink, LinkMode } from './database-link.ts';
import type { Bite, FaultKind } from './fault-kind.ts';
import { LEASE_MS, type SeveralNodes } from './several-nodes.ts';
import type { NodeUnderFault } from './node-under-fault.ts';

const RESCUED_MAX_MS = 60_000;
const RESCUED = 'meanwhile_tasks_rescued_total';
const WRITES_LOST = 'meanwhile_task_writes_lost_total';
const LEASES_LOST = 'meanwhile_leases_lost_total';

/** kill -9; another node takes the place at once on the same folder, or after the lease on a new one. */
export const killed: FaultKind = {
  name: 'killed',
  inflict: async (rig) => {
    const node = rig.any();
    await rig.fillWithLongRuns(node);
    const others = rig.nodes.filter((other) => other !== node);
    const before = await rescuedBy(others);
    const dataDir = await node.kill();
    const again = rig.random.chance(0.5);
    if (!again) await until('the others rescue', async () => (await rescuedBy(others)) > before, RESCUED_MAX_MS);
    await node.start(again ? dataDir : undefined);
    return { broken: [], counts: { kills: 1 } };
  },
};

/** SIGSTOP for longer than the lease: what the node then writes of its tasks must be rejected. */
export const paused: FaultKind = {
  name: 'paused',
  mayRunTwiceAtOnce: true,
  inflict: async (rig) => {
    const node = rig.any();
    await rig.fillWithLongRuns(node);
    const others = rig.nodes.filter((other) => other !== node);
    const before = { lost: await node.metric(WRITES_LOST), rescued: await rescuedBy(others) };
    node.server.signal('SIGSTOP');
    try {
      await until('the others rescue', async () => (await rescuedBy(others)) >= before.rescued + 3, RESCUED_MAX_MS);
      await rig.untilTasksRun();
    } finally {
      node.server.signal('SIGCONT');
    }
    await node.untilHealthy();
    const rejected = await until('stale writes are rejected', async () => {
      return (await node.metric(WRITES_LOST)) - before.lost;
    }).catch(() => 0);
    const broken = rejected > 0 ? [] : ['no stale write of the paused node was rejected'];
    return { broken, counts: { pauses: 1, 'stale writes rejected': rejected } };
  },
};

export const cutOff: FaultKind = { name: 'cut off', inflict: (rig) => cut(rig, 'refuse') };
export const halfOpen: FaultKind = { name: 'half-open', inflict: (rig) => cut(rig, 'swallow') };

/** The node must end what it runs before others may run it, and find back by itself. */
async function cut(rig: SeveralNodes, mode: LinkMode): Promise<Bite> {
  const node = rig.any();
  await rig.fillWithLongRuns(node);
  const others = rig.nodes.filter((other) => other !== node);
  const before = { lost: await node.metric(LEASES_LOST), rescued: await rescuedBy(others) };
  setAll(node, mode);
  const reason = await node.untilUnhealthy();
  await until('the others rescue', async () => (await rescuedBy(others)) >= before.rescued + 3, RESCUED_MAX_MS);
  await rig.untilTasksRun();
  await delay(rig.random.integer(0, LEASE_MS / 5));
  setAll(node, 'pass');
  await node.untilHealthy();
  const lost = (await node.metric(LEASES_LOST)) - before.lost;
  const broken = lost > 0 ? [] : ['the node that was cut off kept its lease'];
  if (!/database|lease/.test(reason)) broken.push(`its health does not say why: ${reason}`);
  return { broken, counts: { cuts: 1 } };
}

function setAll(node: NodeUnderFault, mode: LinkMode): void {
  node.links.forEach((link: DatabaseLink) => link.set(mode));
}

async function rescuedBy(nodes: readonly NodeUnderFault[]): Promise<number> {
  const counts = await Promise.all(nodes.map((node) => node.metric(RESCUED)));
  return counts.reduce((sum, count) => sum + count, 0);
}
