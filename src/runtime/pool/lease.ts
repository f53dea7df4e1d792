/** The right to use one slot of a member, once or more, until it is released. */
import type { Clock } from '../../core/clock.ts';
import { invariant } from '../../core/invariant.ts';
import type { Execution } from '../../core/outcome.ts';
import type { EndSignal, InstanceLease, Invocation } from '../runtime.ts';
import type { PoolMember } from './pool-member.ts';

/** Who gives leases of the members of one key, and is told what comes of them. */
export interface Lessor {
  readonly clock: Clock;
  /** How long an execution took; null when it never began. */
  ran(runMs: number | null): void;
  released(member: PoolMember): void;
}

/** A class and not closures, because there is one for each task: they took 0.5 KB. */
export class Lease implements InstanceLease {
  readonly instanceId: string;
  readonly coldStart: boolean;
  readonly isBusy: boolean;
  readonly #member: PoolMember;
  readonly #lessor: Lessor;
  #invoked = false;
  #released = false;

  constructor(member: PoolMember, lessor: Lessor) {
    this.instanceId = member.instanceId;
    this.isBusy = member.freeSlots <= 0;
    this.#member = member;
    this.#lessor = lessor;
    this.coldStart = !member.used;
    member.used = true;
    member.leases += 1;
  }

  async invoke(invocation: Invocation, signal: EndSignal, onBegin?: () => void): Promise<Execution> {
    const { clock } = this.#lessor;
    const { instance, running } = this.#member;
    invariant(instance !== undefined, 'a leased instance is up');
    let run: { readonly sinceMs: number } | undefined;
    const execution = await instance.invoke(invocation, signal, () => {
      run = { sinceMs: clock.monotonic() };
      running.add(run);
      onBegin?.();
    });
    if (run !== undefined) running.delete(run);
    this.#lessor.ran(run === undefined ? null : clock.monotonic() - run.sinceMs);
    const coldStart = this.coldStart && !this.#invoked;
    this.#invoked = true;
    return coldStart ? { ...execution, coldStart } : execution;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#member.leases -= 1;
    this.#lessor.released(this.#member);
  }
}
