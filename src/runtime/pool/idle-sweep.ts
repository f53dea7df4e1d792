/** Ends instances that nobody has used for the idle time: one timer, set for the one that idles longest. */
import type { Clock } from '../../core/clock.ts';
import type { PoolMember } from './pool-member.ts';

export interface IdleSweepOptions {
  readonly clock: Clock;
  readonly idleMs: number;
  /** Members with a free slot; those in use are passed over. */
  readonly available: () => Iterable<PoolMember>;
  readonly end: (member: PoolMember) => void;
}

export class IdleSweep {
  readonly #options: IdleSweepOptions;
  #cancel: (() => void) | undefined;

  constructor(options: IdleSweepOptions) {
    this.#options = options;
  }

  /** To be called when a member has become idle. */
  arm(): void {
    if (this.#cancel !== undefined) return;
    const { clock, idleMs } = this.#options;
    const oldestMs = Math.min(...this.#idle().map(({ idleSinceMs }) => idleSinceMs));
    if (oldestMs === Infinity) return;
    this.#cancel = clock.setTimer(Math.max(1, oldestMs + idleMs - clock.monotonic()), () => {
      this.#cancel = undefined;
      this.#sweep();
      this.arm();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  #sweep(): void {
    const beforeMs = this.#options.clock.monotonic() - this.#options.idleMs;
    for (const member of this.#idle()) if (member.idleSinceMs <= beforeMs) this.#options.end(member);
  }

  #idle(): PoolMember[] {
    return [...this.#options.available()].filter(({ leases }) => leases === 0);
  }
}
