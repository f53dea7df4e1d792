/** Removes records that have been kept long enough, and code packages that nothing uses. */
import type { DispatcherContext } from './dispatcher-context.ts';
import { createDuty, type Duty } from './duty.ts';

const INTERVAL_MS = 10_000;
/** Small, so that a sweep over millions of old records never holds up a commit. */
const BATCH_MAX = 1_000;
const PACKAGES_INTERVAL_MS = 60 * 60 * 1000;

export class Retention {
  readonly #context: DispatcherContext;
  readonly duty: Duty;
  readonly packages: Duty;

  constructor(context: DispatcherContext) {
    this.#context = context;
    this.duty = createDuty(context, 'retention', INTERVAL_MS, () => this.runOnce());
    this.packages = createDuty(context, 'package retention', PACKAGES_INTERVAL_MS, () =>
      context.functions.removeUnusedPackages(),
    );
  }

  async runOnce(): Promise<void> {
    const { store, clock, settings } = this.#context;
    const trackedBeforeMs = clock.now() - settings.retentionMs;
    while ((await store.deleteEnded({ trackedBeforeMs, limit: BATCH_MAX })) === BATCH_MAX);
  }
}
