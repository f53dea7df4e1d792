/** One kind of fault for several nodes over one database. */
import type { SeveralNodes, SeveralNodesOptions } from './several-nodes.ts';

export interface Bite {
  /** One sentence for each promise that did not hold while the fault was there. */
  readonly broken: readonly string[];
  readonly counts?: Readonly<Record<string, number>>;
}

export interface FaultKind {
  readonly name: string;
  readonly needs?: Pick<SeveralNodesOptions, 'standby' | 'settings'>;
  /** A node's functions outlive its lease, for as long as the node stands still. */
  readonly mayRunTwiceAtOnce?: true;
  /** Does it, and takes it away again. */
  readonly inflict: (rig: SeveralNodes) => Promise<Bite>;
}
