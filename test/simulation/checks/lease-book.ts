/** The checks' own view of the nodes' leases, kept from the renewals that were committed; true time. */
export class LeaseBook {
  readonly #now: () => number;
  readonly #validUntilMs = new Map<string, number>();
  /** When a lease that had lapsed was taken up again. */
  readonly #revivedAtMs = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  renewed(nodeId: string, leaseMs: number): void {
    if (this.#validUntilMs.has(nodeId) && !this.isValid(nodeId)) this.#revivedAtMs.set(nodeId, this.#now());
    this.#validUntilMs.set(nodeId, this.#now() + leaseMs);
  }

  ended(nodeId: string): void {
    this.#validUntilMs.delete(nodeId);
  }

  isValid(nodeId: string): boolean {
    return (this.#validUntilMs.get(nodeId) ?? 0) > this.#now();
  }

  /** Whether there was a moment since then at which it was not valid. */
  lapsedSince(nodeId: string, trueMs: number): boolean {
    return !this.isValid(nodeId) || (this.#revivedAtMs.get(nodeId) ?? -1) >= trueMs;
  }
}
