/** What goes wrong with the nodes of a seed, and when. */
import type { Cluster } from './cluster.ts';
import type { SimulatedNode } from './node/simulated-node.ts';

/** Lengths of pauses and cuts, in leases: below the renewal, about the lease, and well beyond it. */
const FAULT_LEASES = [0.3, 0.6, 0.9, 1.1, 2, 4] as const;
/** Due times are the wall clock's, so a step delays what was due by as much: no longer than the healed world waits. */
const CLOCK_STEPS_MS = [-60_000, -1_500, 1_500, 60_000] as const;

/** Share of the requests that a fault of their node follows, and within which time. */
const STRUCK_REQUESTS = 0.08;
const REQUEST_MS = 60;

export function scheduleFaults(cluster: Cluster): void {
  const { world, swarm } = cluster;
  const again = (): void => {
    world.after(world.random.integer(200, swarm.calmMs), '', () => {
      if (cluster.isHealed) return;
      const node = cluster.nodes[world.random.integer(0, swarm.nodeCount - 1)];
      if (node !== undefined) strike(cluster, node);
      again();
    });
  };
  again();
  // The worst moment for a fault is while something is under way.
  cluster.onRequest = (node) => {
    if (!world.random.chance(STRUCK_REQUESTS)) return;
    world.after(world.random.integer(1, REQUEST_MS), '', () => {
      if (!cluster.isHealed) strike(cluster, node);
    });
  };
}

/** No fault lasts beyond this. */
export function heal(cluster: Cluster): void {
  cluster.isHealed = true;
  cluster.world.note('healed');
  for (const { process } of cluster.nodes) process.cutUntilMs = 0;
}

function strike(cluster: Cluster, node: SimulatedNode): void {
  const { world, swarm } = cluster;
  const leases = world.random.pick(FAULT_LEASES);
  const lastsMs = Math.ceil(swarm.leaseMs * leases);
  const possible: readonly ((() => void) | false)[] = [
    swarm.crashes &&
      (() => {
        cluster.crash(node);
      }),
    swarm.drains &&
      (() => {
        cluster.drain(node, world.random.integer(0, 3_000));
      }),
    swarm.pauses &&
      (() => {
        node.process.pause(lastsMs);
        if (leases > 1) world.coverage.hit('a node was paused longer than its lease');
      }),
    swarm.cuts &&
      (() => {
        world.note(`${node.process.nodeId} is cut off for ${lastsMs} ms`);
        node.process.cutUntilMs = world.nowMs + lastsMs;
      }),
    swarm.clockSteps &&
      (() => {
        node.process.stepClock(world.random.pick(CLOCK_STEPS_MS));
        world.coverage.hit('a clock stepped');
      }),
  ];
  const [first, ...others] = possible.filter((fault) => fault !== false);
  if (first !== undefined) world.random.pick([first, ...others])();
}
