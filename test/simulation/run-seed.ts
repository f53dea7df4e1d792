/** One seed: a world with faults, the same world healed, and what came of it. */
import { checkAtRest, hasRoomFault } from './checks/final-rules.ts';
import { Clients } from './clients.ts';
import { Cluster } from './cluster.ts';
import { heal, scheduleFaults } from './faults.ts';
import { type Mutant, NO_MUTANT } from './mutants/mutant.ts';
import { drawSwarm, FAULTS_MS, type Swarm } from './world/swarm.ts';
import { SeededRandom } from './world/seeded-random.ts';
import { START_MS, World } from './world/world.ts';
import type { CoveragePoint } from './world/coverage.ts';

export interface SeedResult {
  readonly seed: number;
  /** Sentences; none for a clean seed. */
  readonly violations: readonly string[];
  readonly events: number;
  /** Virtual time. */
  readonly simulatedMs: number;
  /** The same for every run of a seed. */
  readonly hash: number;
  readonly coverage: ReadonlyMap<CoveragePoint, number>;
  /** Empty unless asked for. */
  readonly trace: readonly string[];
}

/** Healed, something must have gone on within this: retries, the lease of a lost delivery (60 s), and time to run. */
const PROGRESS_MS = 240_000;
/** Some worlds have room for one attempt, a hundred tasks, and hangs of seconds; no more than that is ever needed. */
const PROGRESS_TRIES_MAX = 10;
/** How long the world must be at rest before it is looked at: duties have gone round by then. */
const REST_MS = 3_500;
const ROOM_TRIES_MAX = 10;
/** Makes of a seed the one of its second randomness. */
const APART = 0x5f09;

/** Not for two seeds at once: what is not handled in one would count for both. */
export async function runSeed(
  seed: number,
  { mutant = NO_MUTANT, trace = false }: { readonly mutant?: Mutant; readonly trace?: boolean } = {},
): Promise<SeedResult> {
  const world = new World(seed, { trace });
  const rejected = (reason: unknown): void => {
    world.violated(`a rejection was not handled: ${String(reason)}`);
  };
  process.on('unhandledRejection', rejected);
  try {
    await live(world, drawSwarm(world.random, new SeededRandom(seed ^ APART)), mutant);
  } finally {
    process.off('unhandledRejection', rejected);
  }
  return {
    seed,
    violations: world.violations,
    events: world.eventCount,
    simulatedMs: world.nowMs - START_MS,
    hash: world.hash,
    coverage: world.coverage.counts(),
    trace: world.trace ?? [],
  };
}

async function live(world: World, swarm: Swarm, mutant: Mutant): Promise<void> {
  const cluster = new Cluster(world, swarm, mutant);
  world.note(`swarm ${JSON.stringify(cluster.swarm)}`);
  const clients = new Clients(cluster);
  await cluster.open();
  scheduleFaults(cluster);
  clients.schedule();
  await world.run(START_MS + FAULTS_MS);
  heal(cluster);
  await progress(cluster, clients);
}

async function progress(cluster: Cluster, clients: Clients): Promise<void> {
  const { world, rows, executions } = cluster;
  for (const name of ['late1', 'late2', 'late3'])
    world.after(world.random.integer(0, 5_000), '', () => clients.submit(name));
  await world.run(world.nowMs + 10_000);
  const isAtRest = (): boolean =>
    rows.openCount === 0 &&
    rows.undeliveredCount === 0 &&
    executions.live().size === 0 &&
    cluster.nodes.every(({ isServing, process }) => isServing && process.pausedUntilMs <= world.nowMs);
  const state = (): string => [rows.openCount, rows.undeliveredCount, executions.count].join();
  for (let tries = 0; tries < PROGRESS_TRIES_MAX; tries += 1) {
    const before = state();
    await untilRest(world, isAtRest);
    if (isAtRest() || world.violations.length > 0 || state() === before) break;
  }
  if (world.violations.length > 0) return;
  if (!isAtRest()) {
    world.violated(`no progress: ${unrest(cluster)}`);
    return;
  }
  // A node whose clock is behind still wakes for work that others have done, and looks for it for a moment.
  for (let tries = 0; tries < ROOM_TRIES_MAX && hasRoomFault(cluster); tries += 1) await world.run(world.nowMs + 700);
  checkAtRest(cluster, clients);
}

/** At rest for a while, or for as long as something has to have gone on. */
async function untilRest(world: World, isAtRest: () => boolean): Promise<void> {
  const untilMs = world.nowMs + PROGRESS_MS;
  while (world.nowMs < untilMs && world.violations.length === 0) {
    await world.run(untilMs, isAtRest);
    await world.run(world.nowMs + REST_MS, () => !isAtRest());
    if (isAtRest()) return;
  }
}

function unrest({ rows, executions, nodes }: Cluster): string {
  const open = [...rows.all()].filter(({ task }) => task.endedAtMs === null).map(({ task }) => task);
  const undelivered = [...rows.all()].filter(({ ordered, settled }) => settled < ordered).map(({ task }) => task);
  const named = (tasks: typeof open): string =>
    tasks
      .map(({ functionName, taskId, status, owner }) => `${functionName}/${taskId} ${status} ${owner ?? ''}`)
      .join(', ');
  return [
    `open: ${named(open)}`,
    `undelivered: ${named(undelivered)}`,
    `running: ${executions.live().size}`,
    `not serving: ${nodes.filter(({ isServing }) => !isServing).length}`,
  ].join('; ');
}
