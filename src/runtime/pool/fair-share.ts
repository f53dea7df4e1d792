/** How the instances of a node are shared between functions that want more than there are. Pure. */

export interface Claimant {
  readonly key: string;
  /** Instances that it has, on their way up included. */
  readonly held: number;
  /** How many more it could use now. */
  readonly wanted: number;
}

/**
 * Max-min fair shares of `total`, as fractions: nobody gets more than it can use, and what it leaves is shared by the
 * others.
 */
export function fairShares(claimants: readonly Claimant[], total: number): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  let left = total;
  let open = [...claimants].sort((a, b) => need(a) - need(b));
  while (open.length > 0) {
    const even = left / open.length;
    const [least] = open;
    if (least === undefined) break;
    const share = Math.min(even, need(least));
    shares.set(least.key, share);
    left -= share;
    open = open.slice(1);
  }
  return shares;
}

function need({ held, wanted }: Claimant): number {
  return held + wanted;
}

/**
 * Whether the one should give its next free instance to the other. Whole instances move only towards the shares, or
 * two functions would hand the odd one to and fro; but one that has none at all gets its turn whatever the shares are.
 */
export function shouldYield(holder: Claimant, other: Claimant, shares: ReadonlyMap<string, number>): boolean {
  if (other.wanted === 0 || holder.key === other.key) return false;
  if (other.held === 0) return true;
  return holder.held > (shares.get(holder.key) ?? 0) && other.held + 1 <= (shares.get(other.key) ?? 0);
}
