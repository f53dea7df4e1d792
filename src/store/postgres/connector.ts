/**
 * Makes connections to the server that takes writes: the hosts are tried in turn, the last good one first. While none
 * can be had, calls fail at once with the reason instead of each waiting for the same.
 */
import type { Logger } from '../../telemetry/logger.ts';
import { type StoreHealth, StoreUnavailable } from '../store.ts';
import { type ConnectionTarget, describeHost, describeTarget, type TargetHost } from './connection-target.ts';
import { messageOf } from './postgres-error.ts';
import type { ServerGuard } from './server-guard.ts';
import { Session } from './session.ts';

export interface ConnectorOptions {
  readonly target: ConnectionTarget;
  readonly guard: ServerGuard;
  readonly logger: Logger;
  readonly password: () => Promise<string | undefined>;
  readonly connectTimeoutMs: number;
  /** Milliseconds that never run backward. */
  readonly monotonic: () => number;
}

/** So long after a failure no call tries again. Short beside what a failover takes. */
const PAUSE_AFTER_FAILURE_MS = 250;

export class Connector {
  readonly #options: ConnectorOptions;
  #firstHost = 0;
  #health: StoreHealth = { ok: true, reason: '' };
  #failedAtMs = -Infinity;
  /** Until a server took the first connection, what opens the store tells why it cannot; once is enough. */
  #wasUsable = false;
  /** Why no call may be made, though the server could be reached; empty when it may. */
  barredBy = '';

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  get health(): StoreHealth {
    return this.#health;
  }

  /** Rejects with `StoreUnavailable`, whose cause is what the first host failed with. */
  async connect(callTimeoutMs: number): Promise<Session> {
    const { monotonic, target } = this.#options;
    if (monotonic() - this.#failedAtMs < PAUSE_AFTER_FAILURE_MS) throw new StoreUnavailable(this.#health.reason);
    const problems: string[] = [];
    const causes: unknown[] = [];
    for (const [offset] of target.hosts.entries()) {
      const index = (this.#firstHost + offset) % target.hosts.length;
      const host = target.hosts[index];
      if (host === undefined) continue;
      try {
        const session = await this.#connectTo(host, callTimeoutMs);
        this.#firstHost = index;
        this.#wasUsable = true;
        this.report('');
        return session;
      } catch (error) {
        causes.push(error);
        problems.push(`${describeHost(host)}: ${messageOf(error)}`);
      }
    }
    this.#failedAtMs = monotonic();
    this.report(`no server of ${describeTarget(target)} can be used: ${problems.join('; ')}`);
    throw new StoreUnavailable(this.#health.reason, { cause: causes[0] });
  }

  /** Tells the operator, once for each change. The empty reason means that all is well. */
  report(reason: string): void {
    const was = this.#health;
    if (was.reason === reason) return;
    this.#health = { ok: reason === '', reason };
    if (!this.#wasUsable) return;
    if (reason !== '') this.#options.logger.error({}, reason);
    else if (!was.ok) this.#options.logger.info({}, 'the database can be used again');
  }

  async #connectTo(host: TargetHost, callTimeoutMs: number): Promise<Session> {
    const { guard } = this.#options;
    const session = await Session.open({ ...this.#options, host, callTimeoutMs });
    try {
      await guard.admit(session);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }
}
