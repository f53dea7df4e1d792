/** The exchangeable instances of one key, who waits for them, and how long things took of late. */
import type { Clock } from '../../core/clock.ts';
import type { InstanceSpec } from '../runtime.ts';
import { Ahead } from './ahead.ts';
import type { Claimant } from './fair-share.ts';
import { type Demand, wantsInstance } from './growth.ts';
import type { Lessor } from './lease.ts';
import type { PoolMember } from './pool-member.ts';
import { QuickestOfLate } from './quickest-of-late.ts';
import { SmoothedTime } from './smoothed-time.ts';
import { type Waiter, WaitingLine } from './waiting-line.ts';

/** Measured for a small function on an idle machine; the first start of a key corrects it. */
const START_MS_INITIAL = 80;

const REFILL_PAUSE_MS = 1_000;
const REFILL_PAUSE_MS_MAX = 60_000;

export interface InstanceGroupParts {
  readonly clock: Clock;
  readonly cores: number;
  /** Told of each lease that is given back. */
  readonly onRelease: (group: InstanceGroup, member: PoolMember) => void;
}

export class InstanceGroup implements Lessor {
  readonly key: string;
  /** As the last caller gave it. */
  spec: InstanceSpec;
  readonly members = new Set<PoolMember>();
  /** Members with a free slot, least recently used first. */
  readonly available: PoolMember[] = [];
  readonly line = new WaitingLine();
  readonly runTime = new QuickestOfLate();
  readonly ahead = new Ahead();
  readonly startTime = new SmoothedTime(START_MS_INITIAL);
  /** Monotonic; when an instance came up where there was none. */
  readySinceMs = Infinity;
  /** Monotonic; no start before it. Set when the machine refused one while others serve. */
  noStartBeforeMs = 0;

  /** Instances that are kept up without work. */
  kept = 0;
  /** Monotonic; no start for `kept` alone before it. */
  #noRefillBeforeMs = 0;
  #refillFailures = 0;

  readonly #parts: InstanceGroupParts;

  constructor(spec: InstanceSpec, parts: InstanceGroupParts) {
    this.key = spec.key;
    this.spec = spec;
    this.#parts = parts;
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  get unused(): boolean {
    return this.members.size === 0 && this.line.size === 0 && this.kept === 0;
  }

  get starting(): number {
    return this.#count((member) => member.instance === undefined);
  }

  /** Instances that serve, or will. */
  get held(): number {
    return this.#count((member) => !member.ending);
  }

  wantsInstance(monotonicMs: number): boolean {
    if (monotonicMs < this.noStartBeforeMs) return false;
    return wantsInstance(this.#demand(monotonicMs)) || (this.lacksKept && monotonicMs >= this.#noRefillBeforeMs);
  }

  get lacksKept(): boolean {
    return this.held < this.kept;
  }

  /** Those that may be ended for want of work, least recently used first. */
  get dispensable(): readonly PoolMember[] {
    return this.available.slice(0, Math.max(0, this.held - this.kept));
  }

  /** One did not come up, or did not stay: the next is waited for longer each time. */
  refillFailed(monotonicMs: number): void {
    this.#noRefillBeforeMs = monotonicMs + Math.min(REFILL_PAUSE_MS_MAX, REFILL_PAUSE_MS * 2 ** this.#refillFailures);
    this.#refillFailures += 1;
  }

  /** @param wants whether it could use another instance now */
  claimant(wants: boolean): Claimant {
    const wanted = wants && this.line.size > 0 ? Math.max(1, this.line.size - this.starting) : 0;
    return { key: this.key, held: this.held, wanted };
  }

  /** The most recently used member with a free slot: what is least needed then idles longest. */
  takeAvailable(): PoolMember | undefined {
    const member = this.available.at(-1);
    if (member !== undefined && member.freeSlots <= 1) this.available.pop();
    return member;
  }

  /** An execution ended, or was taken back (null). */
  ran(runMs: number | null): void {
    if (runMs === null) {
      this.ahead.takenBack();
      return;
    }
    this.ahead.ran();
    this.runTime.add(runMs);
    this.#refillFailures = 0;
  }

  released(member: PoolMember): void {
    this.#parts.onRelease(this, member);
  }

  /** Who is sent ahead to a member that is busy, if any. */
  nextAhead(member: PoolMember): Waiter | undefined {
    return member.roomAhead(this.ahead.max(this.runTime.ms)) > 0 ? this.line.nextAhead() : undefined;
  }

  /** The member with the most room for what is sent ahead. */
  takeAhead(): PoolMember | undefined {
    let best: PoolMember | undefined;
    let bestRoom = 0;
    const aheadMax = this.ahead.max(this.runTime.ms);
    if (aheadMax === 0) return undefined;
    for (const member of this.members) {
      const room = member.roomAhead(aheadMax);
      if (room <= bestRoom) continue;
      best = member;
      bestRoom = room;
    }
    return best;
  }

  #demand(monotonicMs: number): Demand {
    let slots = 0;
    let starting = 0;
    const elapsedMs: number[] = [];
    for (const member of this.members) {
      if (member.ending) continue;
      slots += member.instance?.concurrency ?? 1;
      if (member.instance === undefined) starting += 1;
      for (const { sinceMs } of member.running) elapsedMs.push(monotonicMs - sinceMs);
    }
    const headWaitMs = monotonicMs - Math.max(this.line.oldestSinceMs ?? monotonicMs, this.readySinceMs);
    const lineMs = monotonicMs - Math.max(this.line.filledSinceMs ?? monotonicMs, this.readySinceMs);
    const { cores } = this.#parts;
    const times = { quickestRunMs: this.runTime.ms, smoothedStartMs: this.startTime.ms };
    return { waiting: this.line.size, starting, elapsedMs, slots, headWaitMs, lineMs, cores, ...times };
  }

  #count(matches: (member: PoolMember) => boolean): number {
    let count = 0;
    for (const member of this.members) if (matches(member)) count += 1;
    return count;
  }
}
