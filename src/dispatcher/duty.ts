/**
 * A background duty: something done again and again, never twice at once. A duty runs when its interval has passed or
 * when it is woken; a wake during a run makes it run once more.
 *
 * An operating error (the store is unavailable) is logged, once until it is over, and the duty tries again after its
 * interval. Anything else is a bug and ends the process: a duty that died quietly would leave the server alive but idle.
 */
import type { Clock } from '../core/clock.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Part of a pause by which it may be shorter. */
const JITTER = 0.2;

export interface DutyOptions {
  readonly name: string;
  /** Longest time between two runs. */
  readonly intervalMs: number;
  /** The same after a run that failed; defaults to the interval. */
  readonly retryMs?: number;
  readonly runOnce: () => Promise<void>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly onBug: (error: unknown) => void;
}

export class Duty {
  readonly #options: DutyOptions;
  #started = false;
  #running: Promise<void> | undefined;
  #wanted = false;
  #failing = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: DutyOptions) {
    this.#options = options;
  }

  /** Safe to call twice. The first run begins at once. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.wake();
  }

  /** Runs soon. Does nothing before `start` and after `stop`. */
  wake(): void {
    if (!this.#started) return;
    this.#wanted = true;
    this.#running ??= this.#runWhileWanted();
  }

  /** Resolves when no run is under way. Safe to call twice. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#wanted = false;
    this.#cancelTimer?.();
    await this.#running;
  }

  async #runWhileWanted(): Promise<void> {
    this.#cancelTimer?.();
    // A turn later, so that a burst of wakes is one run.
    await Promise.resolve();
    let pauseMs = this.#options.intervalMs;
    while (this.#wanted) {
      this.#wanted = false;
      try {
        await this.#options.runOnce();
        this.#worked();
      } catch (error) {
        this.#failed(error);
        pauseMs = this.#options.retryMs ?? pauseMs;
        break;
      }
    }
    this.#running = undefined;
    if (this.#started) this.#armTimer(pauseMs);
  }

  #worked(): void {
    if (this.#failing) this.#options.logger.info({ duty: this.#options.name }, 'a duty does its work again');
    this.#failing = false;
  }

  #failed(error: unknown): void {
    const { name, logger, onBug } = this.#options;
    if (!(error instanceof StoreUnavailable)) {
      this.#started = false;
      onBug(error);
      return;
    }
    const fields = { duty: name, reason: error.message };
    if (this.#failing) logger.debug(fields, 'a duty could still not do its work');
    else logger.warn(fields, 'a duty could not do its work and tries again until it can');
    this.#failing = true;
  }

  /** Some time before the pause is over, another one each time: nodes that started together must not go in step. */
  #armTimer(pauseMs: number): void {
    const { clock, random } = this.#options;
    this.#cancelTimer = clock.setTimer(pauseMs * (1 - JITTER * random()), () => {
      this.wake();
    });
  }
}

/** The part of a context that each duty needs to repeat itself. */
export function createDuty(
  context: Pick<DutyOptions, 'clock' | 'random' | 'logger' | 'onBug'>,
  name: string,
  pauses: number | Pick<DutyOptions, 'intervalMs' | 'retryMs'>,
  runOnce: () => Promise<void>,
): Duty {
  const { clock, random, logger, onBug } = context;
  const { intervalMs, ...rest } = typeof pauses === 'number' ? { intervalMs: pauses } : pauses;
  return new Duty({ name, intervalMs, ...rest, runOnce, clock, random, logger, onBug });
}
