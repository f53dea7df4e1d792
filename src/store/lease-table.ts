/** The leases of an engine that only one process can open: they end with the process, so they are kept in its memory. */
export class LeaseTable {
  readonly #now: () => number;
  readonly #validUntilMs = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  renew(nodeId: string, leaseMs: number): void {
    this.#validUntilMs.set(nodeId, this.#now() + leaseMs);
  }

  end(nodeId: string): void {
    this.#validUntilMs.delete(nodeId);
  }

  isValid(nodeId: string): boolean {
    return (this.#validUntilMs.get(nodeId) ?? -Infinity) > this.#now();
  }

  validNodes(): string[] {
    return [...this.#validUntilMs.keys()].filter((nodeId) => this.isValid(nodeId));
  }
}
