/** The last instances that ended, for lists of them. */
import type { InstanceInfo } from '../runtime.ts';

const KEPT = 1_000;

export class InstanceJournal {
  readonly #ended = new Map<string, InstanceInfo>();

  add(info: InstanceInfo): void {
    this.#ended.set(info.instanceId, info);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > KEPT && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** Oldest first. */
  list(): InstanceInfo[] {
    return [...this.#ended.values()];
  }
}
