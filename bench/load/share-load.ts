/** One load over several nodes at once, each with its part of the tasks and of the connections. */
import type { Added, Load } from '../contender.ts';

type Add = (load: Load) => Promise<Added>;

/** As one load: from the first request of any node to the last answer of all. */
export async function shareLoad(load: Load, nodes: readonly Add[]): Promise<Added> {
  const added = await Promise.all(
    nodes.map((add, index) =>
      add({
        ...load,
        count: partOf(load.count, index, nodes.length),
        connections: Math.max(1, partOf(load.connections, index, nodes.length)),
      }),
    ),
  );
  const startedAtMs = Math.min(...added.map((one) => one.startedAtMs));
  const endedAtMs = Math.max(...added.map((one) => one.startedAtMs + one.seconds * 1000));
  return {
    startedAtMs,
    seconds: (endedAtMs - startedAtMs) / 1000,
    latenciesMs: Float64Array.from(added.flatMap((one) => [...one.latenciesMs])),
  };
}

/** Parts differ by one at most, and add up. */
function partOf(whole: number, index: number, parts: number): number {
  return Math.floor(((index + 1) * whole) / parts) - Math.floor((index * whole) / parts);
}
