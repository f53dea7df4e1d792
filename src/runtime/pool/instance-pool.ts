/**
 * The pool: keeps instances warm, starts new ones when that is sooner, and shares the node's slots. When to grow and
 * whom to prefer are pure decisions (growth.ts, fair-share.ts); this file carries them out.
 */
import type { Clock } from '../../core/clock.ts';
import type { Execution, Outcome } from '../../core/outcome.ts';
import type { FunctionRuntime, Started } from '../instance.ts';
import type { AcquireOptions, Acquired, InstanceInfo, InstanceSpec, KeptInstances, RuntimePool } from '../runtime.ts';
import { type Claimant, fairShares, shouldYield } from './fair-share.ts';
import { IdleSweep } from './idle-sweep.ts';
import { InstanceGroup, type InstanceGroupParts } from './instance-group.ts';
import { InstanceJournal } from './instance-journal.ts';
import { Lease } from './lease.ts';
import { PoolMember } from './pool-member.ts';
import type { Waiter } from './waiting-line.ts';

export interface InstancePoolOptions {
  readonly runtimes: readonly FunctionRuntime[];
  readonly clock: Clock;
  readonly newInstanceId: () => string;
  /** An instance that nobody used for so long is ended. */
  readonly idleMs: number;
  /** Live instances of this node, starting and ending ones included. */
  readonly instancesMax: number;
  /** Cores of this machine. Also how many starts there may be at once: more would only make each other slower. */
  readonly cores: number;
}

/** How often growth is looked at while somebody waits. */
const TICK_MS = 25;
/** A function that must hand an instance over keeps it so long first, or short tasks would cause endless cold starts. */
const QUANTUM_MS = 250;
/** After the machine refused a process, while other instances of the key serve. */
const REFUSED_PAUSE_MS = 1_000;

export class InstancePool implements RuntimePool {
  readonly #options: InstancePoolOptions;
  readonly #clock: Clock;
  readonly #groupParts: InstanceGroupParts;
  readonly #groups = new Map<string, InstanceGroup>();
  readonly #journal = new InstanceJournal();
  readonly #idleSweep: IdleSweep;
  /** Everything whose processes may still live. */
  readonly #members = new Set<PoolMember>();
  #starting = 0;
  #closed = false;
  /** Somebody wants an instance and there is no room for it. */
  #contended = false;
  #cancelTick: (() => void) | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: InstancePoolOptions) {
    this.#options = options;
    this.#clock = options.clock;
    const { clock, cores } = options;
    this.#groupParts = { clock, cores, onRelease: (group, member) => this.#released(group, member) };
    this.#idleSweep = new IdleSweep({
      clock: options.clock,
      idleMs: options.idleMs,
      available: () => [...this.#groups.values()].flatMap(({ dispensable }) => dispensable),
      end: (member) => this.#end(member),
    });
  }

  acquire(spec: InstanceSpec, { urgency, ahead, signal }: AcquireOptions): Promise<Acquired> {
    if (this.#closed || signal.aborted) return Promise.resolve(this.#none({ kind: 'interrupted' }));
    const group = this.#groupOf(spec);
    const member = group.takeAvailable() ?? (ahead ? group.takeAhead() : undefined);
    if (member !== undefined) return Promise.resolve(leased(group, member));
    return new Promise((resolve) => {
      const waiter: Waiter = {
        urgency,
        ahead,
        sinceMs: this.#clock.monotonic(),
        answer: (acquired) => {
          signal.removeEventListener('abort', giveUp);
          resolve(acquired);
        },
      };
      const giveUp = (): void => {
        group.line.remove(waiter);
        waiter.answer(this.#none({ kind: 'interrupted' }));
        this.#forgetUnused(group);
      };
      signal.addEventListener('abort', giveUp);
      group.line.add(waiter);
      this.#grow(group);
      this.#armTick();
    });
  }

  keepUp(kept: readonly KeptInstances[]): void {
    if (this.#closed) return;
    for (const group of this.#groups.values()) group.kept = 0;
    for (const { spec, count } of kept) {
      const group = this.#groupOf(spec);
      group.kept = Math.max(group.kept, count);
    }
    for (const group of [...this.#groups.values()]) this.#forgetUnused(group);
    this.#growAll();
    this.#idleSweep.arm();
  }

  retire(account: string, functionName: string): void {
    for (const group of this.#groups.values()) {
      const { spec } = group;
      // Whoever wants them kept says so again, under their new key.
      if (spec.account === account && spec.functionName === functionName) group.kept = 0;
    }
    for (const member of [...this.#members]) {
      const { spec } = member;
      if (spec.account !== account || spec.functionName !== functionName) continue;
      member.outdated = true;
      member.abort.abort();
      if (member.instance !== undefined && member.leases === 0) this.#end(member);
    }
    this.#growAll();
  }

  instances(): readonly InstanceInfo[] {
    return [...this.#journal.list(), ...[...this.#members].map((member) => member.info(null))];
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    this.#cancelTick?.();
    this.#idleSweep.stop();
    for (const group of this.#groups.values()) this.#answerAll(group, this.#none({ kind: 'interrupted' }));
    if (this.#members.size === 0) return;
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    for (const member of [...this.#members]) {
      member.abort.abort();
      this.#end(member);
    }
    const cancel = this.#clock.setTimer(graceMs, () => {
      for (const { instance } of this.#members) void instance?.destroy();
    });
    await empty;
    cancel();
  }

  #released(group: InstanceGroup, member: PoolMember): void {
    if (member.ending) return;
    member.idleSinceMs = this.#clock.monotonic();
    if (member.outdated || this.#closed || this.#mustYield(group, member)) {
      if (member.leases === 0) this.#end(member);
      return;
    }
    this.#serve(group, member);
  }

  /** Gives the free slots of a member to whoever waits; what is left makes it available. */
  #serve(group: InstanceGroup, member: PoolMember): void {
    for (;;) {
      const waiter = member.freeSlots > 0 ? group.line.next() : group.nextAhead(member);
      if (waiter === undefined) break;
      waiter.answer(leased(group, member));
    }
    if (member.freeSlots <= 0) return;
    if (!group.available.includes(member)) group.available.push(member);
    if (this.#contended) this.#growAll();
    this.#idleSweep.arm();
  }

  #mustYield(group: InstanceGroup, member: PoolMember): boolean {
    if (!this.#contended || this.#clock.monotonic() - member.heldSinceMs < QUANTUM_MS) return false;
    if (group.held <= group.kept) return false;
    const claimants = this.#claimants();
    const shares = fairShares(claimants, this.#options.instancesMax);
    const holder = claimants.find(({ key }) => key === group.key);
    // Those on their way out make room already: one is enough for one.
    const promised = [...this.#members].filter(({ ending }) => ending).length;
    const takers = claimants.filter((other) => holder !== undefined && shouldYield(holder, other, shares));
    return takers.length > promised;
  }

  #claimants(): Claimant[] {
    const nowMs = this.#clock.monotonic();
    return [...this.#groups.values()].map((group) => group.claimant(group.wantsInstance(nowMs)));
  }

  #growAll(): void {
    this.#contended = false;
    const groups = [...this.#groups.values()];
    const byNeed = groups
      .filter(({ line }) => line.size > 0)
      .sort((a, b) => a.held - b.held || (a.line.oldestSinceMs ?? 0) - (b.line.oldestSinceMs ?? 0));
    for (const group of byNeed) this.#grow(group);
    // Only then: what nobody waits for takes no slot from what somebody does.
    for (const group of groups) if (group.lacksKept) this.#grow(group);
  }

  #grow(group: InstanceGroup): void {
    while (!this.#closed && group.wantsInstance(this.#clock.monotonic())) {
      if (this.#members.size >= this.#options.instancesMax) {
        this.#makeRoom(group);
        return;
      }
      if (this.#starting >= this.#options.cores) return;
      void this.#start(group);
    }
  }

  /** Ends the least recently used idle instance of another function, unless something ends already. */
  #makeRoom(group: InstanceGroup): void {
    this.#contended ||= group.line.size > 0;
    if ([...this.#members].some(({ ending }) => ending)) return;
    let oldest: PoolMember | undefined;
    for (const other of this.#groups.values()) {
      const candidate = other === group ? undefined : other.dispensable.find(({ leases }) => leases === 0);
      if (candidate !== undefined && candidate.idleSinceMs < (oldest?.idleSinceMs ?? Infinity)) oldest = candidate;
    }
    if (oldest !== undefined) this.#end(oldest);
  }

  async #start(group: InstanceGroup): Promise<void> {
    const { clock } = this.#options;
    const times = { nowMs: clock.now(), monotonicMs: clock.monotonic() };
    const member = new PoolMember(this.#options.newInstanceId(), group.spec, times);
    group.members.add(member);
    this.#members.add(member);
    this.#starting += 1;
    const runtime = this.#runtimeOf(group.spec.settings.runtime);
    const started: Started = runtime
      ? await runtime.start(group.spec, member.instanceId, member.abort.signal)
      : unsupported(group.spec);
    this.#starting -= 1;
    const startMs = clock.monotonic() - times.monotonicMs;
    if (started.kind === 'none') this.#notStarted(group, member, { started, startMs });
    else this.#started(group, member, { instance: started.instance, startMs });
    this.#growAll();
  }

  #started(
    group: InstanceGroup,
    member: PoolMember,
    { instance, startMs }: { readonly instance: NonNullable<PoolMember['instance']>; readonly startMs: number },
  ): void {
    if (group.held === group.starting) group.readySinceMs = this.#clock.monotonic();
    member.instance = instance;
    member.heldSinceMs = this.#clock.monotonic();
    member.idleSinceMs = member.heldSinceMs;
    group.startTime.add(startMs);
    void instance.unusable.then(() => {
      if (!member.ending) group.refillFailed(this.#clock.monotonic());
      this.#end(member);
    });
    void instance.gone.then(() => this.#gone(member));
    if (member.outdated || this.#closed) this.#end(member);
    else this.#serve(group, member);
  }

  #notStarted(
    group: InstanceGroup,
    member: PoolMember,
    { started, startMs }: { readonly started: Started & { readonly kind: 'none' }; readonly startMs: number },
  ): void {
    const { outcome, logTail, maxMemoryMb } = started;
    group.members.delete(member);
    if (outcome.kind !== 'interrupted') group.refillFailed(this.#clock.monotonic());
    if (outcome.kind === 'no-instance' && group.held > 0) {
      group.noStartBeforeMs = this.#clock.monotonic() + REFUSED_PAUSE_MS;
    } else if (outcome.kind !== 'interrupted') {
      const { instanceId, createdAtMs: startedAtMs } = member;
      const durationMs = Math.ceil(startMs);
      const execution = { outcome, instanceId, startedAtMs, durationMs, maxMemoryMb, logTail, coldStart: true };
      this.#answerAll(group, { kind: 'none', execution });
    }
    this.#gone(member);
  }

  /** Begins the end of a member; whatever hook it has runs first. */
  #end(member: PoolMember): void {
    if (member.ending || member.instance === undefined) return;
    member.ending = true;
    this.#makeUnavailable(member);
    void member.instance.retire();
    this.#armTick();
  }

  #makeUnavailable(member: PoolMember): void {
    const available = this.#groups.get(member.spec.key)?.available ?? [];
    const index = available.indexOf(member);
    if (index >= 0) available.splice(index, 1);
  }

  #gone(member: PoolMember): void {
    this.#members.delete(member);
    this.#journal.add(member.info(this.#clock.now()));
    const group = this.#groups.get(member.spec.key);
    group?.members.delete(member);
    if (group !== undefined) this.#forgetUnused(group);
    if (this.#members.size === 0) this.#onEmpty?.();
    this.#growAll();
  }

  #answerAll(group: InstanceGroup, acquired: Acquired): void {
    for (let waiter = group.line.next(); waiter !== undefined; waiter = group.line.next()) waiter.answer(acquired);
    this.#forgetUnused(group);
  }

  #groupOf(spec: InstanceSpec): InstanceGroup {
    let group = this.#groups.get(spec.key);
    if (group === undefined) {
      group = new InstanceGroup(spec, this.#groupParts);
      this.#groups.set(spec.key, group);
    }
    group.spec = spec;
    return group;
  }

  #forgetUnused(group: InstanceGroup): void {
    if (group.unused && this.#groups.get(group.key) === group) this.#groups.delete(group.key);
  }

  #armTick(): void {
    if (this.#cancelTick !== undefined || this.#closed) return;
    this.#cancelTick = this.#clock.setTimer(TICK_MS, () => {
      this.#cancelTick = undefined;
      this.#growAll();
      if ([...this.#groups.values()].some(({ line }) => line.size > 0)) this.#armTick();
    });
  }

  #runtimeOf(name: string): FunctionRuntime | undefined {
    return this.#options.runtimes.find(({ names }) => names.includes(name));
  }

  #none(outcome: Outcome): Acquired {
    const execution: Execution = {
      outcome,
      instanceId: '',
      startedAtMs: this.#clock.now(),
      durationMs: 0,
      maxMemoryMb: 0,
      logTail: '',
      coldStart: false,
    };
    return { kind: 'none', execution };
  }
}

function leased(group: InstanceGroup, member: PoolMember): Acquired {
  return { kind: 'instance', lease: new Lease(member, group) };
}

function unsupported(spec: InstanceSpec): Started {
  const outcome: Outcome = { kind: 'no-instance', reason: `runtime ${spec.settings.runtime} does not run here` };
  return { kind: 'none', outcome, logTail: '', maxMemoryMb: 0 };
}
