/** The right to use one slot of a member, once or more, until it is released. */
import type { Clock } from '../../core/clock.ts';
import { invariant } from '../../core/invariant.ts';
import type { Execution } from '../../core/outcome.ts';
import type { EndSignal, InstanceLease, Invocation } from '../runtime.ts';
import type { PoolMember } from './pool-member.ts';

export interface LeaseParts {
  readonly clock: Clock;
  /** Told how long each execution took; null when it never began. */
  readonly onRun: (runMs: number | null) => void;
  readonly onRelease: () => void;
}

export function createLease(member: PoolMember, { clock, onRun, onRelease }: LeaseParts): InstanceLease {
  const { instance } = member;
  let coldStart = !member.used;
  const isBusy = member.freeSlots <= 0;
  member.used = true;
  member.leases += 1;
  let released = false;
  return {
    instanceId: member.instanceId,
    coldStart,
    isBusy,
    async invoke(invocation: Invocation, signal: EndSignal, onBegin?: () => void): Promise<Execution> {
      invariant(instance !== undefined, 'a leased instance is up');
      let run: { readonly sinceMs: number } | undefined;
      const execution = await instance.invoke(invocation, signal, () => {
        run = { sinceMs: clock.monotonic() };
        member.running.add(run);
        onBegin?.();
      });
      if (run !== undefined) member.running.delete(run);
      onRun(run === undefined ? null : clock.monotonic() - run.sinceMs);
      if (!coldStart) return execution;
      coldStart = false;
      return { ...execution, coldStart: true };
    },
    release() {
      if (released) return;
      released = true;
      member.leases -= 1;
      onRelease();
    },
  };
}
