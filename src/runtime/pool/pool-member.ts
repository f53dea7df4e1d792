/** An instance as the pool keeps it, from the decision to start it until no process of it is left. */
import type { Instance } from '../instance.ts';
import type { InstanceInfo, InstanceSpec } from '../runtime.ts';

export class PoolMember {
  readonly instanceId: string;
  readonly spec: InstanceSpec;
  readonly createdAtMs: number;
  /** Aborts the start. */
  readonly abort = new AbortController();
  /** Monotonic; when the start began, then when it was up. */
  heldSinceMs: number;
  /** Undefined until it is up. */
  instance: Instance | undefined;
  /** Monotonic start times of the executions under way. */
  readonly running = new Set<{ readonly sinceMs: number }>();
  /** Leases out, invoking or not. */
  leases = 0;
  /** Monotonic; of the last release. */
  idleSinceMs = 0;
  /** To be ended as soon as nobody uses it. */
  outdated = false;
  ending = false;
  used = false;

  constructor(instanceId: string, spec: InstanceSpec, times: { readonly nowMs: number; readonly monotonicMs: number }) {
    this.instanceId = instanceId;
    this.spec = spec;
    this.createdAtMs = times.nowMs;
    this.heldSinceMs = times.monotonicMs;
  }

  get freeSlots(): number {
    if (this.instance === undefined || this.ending || this.outdated) return 0;
    return this.instance.concurrency - this.leases;
  }

  /** @param aheadMax that its function is sent ahead */
  roomAhead(aheadMax: number): number {
    if (this.instance === undefined || this.ending || this.outdated) return 0;
    return this.freeSlots + Math.min(aheadMax, this.instance.aheadMax);
  }

  info(destroyedAtMs: number | null): InstanceInfo {
    const { instanceId, spec, createdAtMs } = this;
    const { account, functionName, versionId } = spec;
    const status = destroyedAtMs === null ? this.#livingStatus : 'Destroyed';
    return { instanceId, account, functionName, versionId, status, createdAtMs, destroyedAtMs };
  }

  get #livingStatus(): 'Starting' | 'Running' | 'Terminating' {
    if (this.ending) return 'Terminating';
    return this.instance === undefined ? 'Starting' : 'Running';
  }
}
