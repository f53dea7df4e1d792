/**
 * What kind of world a seed makes. Each seed first draws which faults are possible at all: with every fault always on,
 * the rare orders of the others never come about.
 */
import type { SeededRandom } from './seeded-random.ts';

export interface SwarmFunction {
  readonly name: string;
  readonly concurrencyMax: number | null;
  readonly retryCountMax: number;
  readonly ageSeconds: number;
  readonly tracked: boolean;
  readonly onSuccess: string | null;
  readonly onFailure: string | null;
  readonly timeoutMs: number;
  /** Longest time an attempt works. */
  readonly workMs: number;
  /** In [0, 1]: attempts that throw, hang until their time is up, and end their process. */
  readonly throwRate: number;
  readonly hangRate: number;
  readonly dieRate: number;
}

export interface Swarm {
  readonly nodeCount: number;
  readonly leaseMs: number;
  /** Instances that a node has. */
  readonly slots: number;
  readonly functions: readonly [SwarmFunction, ...SwarmFunction[]];
  readonly taskCount: number;
  readonly stopRate: number;
  readonly delayRate: number;
  readonly duplicateRate: number;
  /** Longest time between two faults of a node. */
  readonly calmMs: number;
  readonly crashes: boolean;
  readonly drains: boolean;
  readonly pauses: boolean;
  readonly cuts: boolean;
  readonly clockSteps: boolean;
  /** Largest distance of a node's wall clock from true time, and how much faster or slower it goes. */
  readonly skewMs: number;
  readonly driftPerMille: number;
  readonly refusalRate: number;
  /** In [0, 1]: invocations that are sent to an instance before it can take them. */
  readonly aheadRate: number;
  /** In [0, 1]: executions that answer a second time. */
  readonly secondAnswerRate: number;
  readonly storeFailureRate: number;
  readonly storeUnknownRate: number;
  readonly storeSlowRate: number;
  readonly destinationFailureRate: number;
  /** In [0, 1]: signals that do not arrive, and that arrive late. */
  readonly signalLossRate: number;
  readonly signalSlowRate: number;
  readonly syncCount: number;
  /** A function is deleted while its tasks wait. */
  readonly deletesFunction: boolean;
}

/** The longest part of a simulation in which faults happen. */
export const FAULTS_MS = 20_000;

/** Some worlds have no faults but those of functions: there each attempt must be one that the record tells of. */
const CALM_SHARE = 0.06;

const NO_FAULTS: Partial<Swarm> = {
  crashes: false,
  drains: false,
  pauses: false,
  cuts: false,
  storeFailureRate: 0,
  storeUnknownRate: 0,
  storeSlowRate: 0,
};

/** @param apart another randomness of the same seed: what is drawn from it changes no world that has none of it */
export function drawSwarm(random: SeededRandom, apart: SeededRandom): Swarm {
  const isCalm = random.chance(CALM_SHARE);
  const secondAnswerRate = apart.chance(0.25) ? apart.next() * 0.5 : 0;
  const faulty = { ...drawFaulty(random), secondAnswerRate };
  return isCalm ? { ...faulty, ...NO_FAULTS } : faulty;
}

function drawFaulty(random: SeededRandom): Omit<Swarm, 'secondAnswerRate'> {
  const rate = (likelihood: number, most: number): number => (random.chance(likelihood) ? random.next() * most : 0);
  const names = ['alpha', 'beta', 'gamma'].slice(0, random.integer(1, 3));
  const [first = 'alpha', ...others] = names;
  return {
    nodeCount: random.pick([1, 2, 3, 3, 3]),
    leaseMs: random.pick([1_500, 3_000, 6_000]),
    slots: random.integer(1, 4),
    functions: [
      drawFunction(random, first, others),
      ...others.map((name, index) => drawFunction(random, name, others.slice(index + 1))),
    ],
    taskCount: random.integer(4, 18),
    stopRate: rate(0.7, 0.6),
    delayRate: rate(0.4, 0.5),
    duplicateRate: rate(0.4, 0.4),
    calmMs: random.pick([1_000, 4_000, 8_000]),
    crashes: random.chance(0.5),
    drains: random.chance(0.3),
    pauses: random.chance(0.5),
    cuts: random.chance(0.4),
    clockSteps: random.chance(0.2),
    skewMs: random.chance(0.4) ? random.integer(1, 3_000) : 0,
    driftPerMille: random.chance(0.3) ? random.integer(-30, 30) : 0,
    refusalRate: rate(0.3, 0.5),
    storeFailureRate: rate(0.5, 0.1),
    storeUnknownRate: rate(0.5, 0.1),
    storeSlowRate: rate(0.5, 0.1),
    destinationFailureRate: rate(0.5, 0.6),
    deletesFunction: random.chance(0.15),
    signalLossRate: random.pick([0, 0, 0.3, 1]),
    signalSlowRate: rate(0.5, 0.3),
    syncCount: random.pick([0, 4, 10]),
    aheadRate: rate(0.5, 0.6),
  };
}

/**
 * @param later functions that it may have as destinations. No circles: a document holds the one before it as text, so
 * its quotes are escaped once more with each hop, and sixteen hops would be all that a simulation does.
 */
function drawFunction(random: SeededRandom, name: string, later: readonly string[]): SwarmFunction {
  const destination = (): string | null => {
    if (random.chance(0.4)) return null;
    const [next, ...others] = later;
    if (next === undefined || random.chance(0.6)) return 'acs:mns:local:1000:/queues/ends/messages';
    return `acs:fc:local:1000:functions/${random.pick([next, ...others])}`;
  };
  return {
    name,
    concurrencyMax: random.pick([null, null, 1, 2]),
    retryCountMax: random.integer(0, 3),
    ageSeconds: random.pick([1, 3, 8, 86_400, 86_400]),
    tracked: random.chance(0.8),
    onSuccess: destination(),
    onFailure: destination(),
    timeoutMs: random.pick([2_000, 4_000, 8_000]),
    workMs: random.pick([40, 400, 3_000]),
    throwRate: random.chance(0.6) ? random.next() * 0.6 : 0,
    hangRate: random.chance(0.3) ? random.next() * 0.3 : 0,
    dieRate: random.chance(0.3) ? random.next() * 0.3 : 0,
  };
}

/** Nothing goes wrong in such a world but functions themselves. */
export function isCalm(swarm: Swarm): boolean {
  const { crashes, drains, pauses, cuts, storeFailureRate, storeUnknownRate, storeSlowRate } = swarm;
  // A slow store is enough to lose a lease of one and a half seconds.
  const storeIsGood = storeFailureRate + storeUnknownRate + storeSlowRate === 0;
  return storeIsGood && !crashes && !drains && !pauses && !cuts;
}
