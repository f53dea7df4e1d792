/** The leases of an engine that only one process can open: they end with the process, so they are kept in its memory. */
export class LeaseTable {
  readonly #monotonic: () => number;
  readonly #validUntilMs = new Map<string, number>();

  /** @param monotonic a clock that does not jump: one that did would take tasks from the node that runs them */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  renew(nodeId: string, leaseMs: number): void {
    this.#validUntilMs.set(nodeId, this.#monotonic() + leaseMs);
  }

  end(nodeId: string): void {
    this.#validUntilMs.delete(nodeId);
  }

  isValid(nodeId: string): boolean {
    return (this.#validUntilMs.get(nodeId) ?? -Infinity) > this.#monotonic();
  }

  validNodes(): string[] {
    return [...this.#validUntilMs.keys()].filter((nodeId) => this.isValid(nodeId));
  }
}
