/**
 * The destination's port: one kind of target that an ended task is delivered to. A kind checks names when a config is
 * put, and delivers documents.
 */
import type { Arn } from '../core/arn.ts';
import type { EndedTask } from '../core/destination-document.ts';
import type { Task } from '../core/task.ts';

export type DeliveryResult =
  /** Taken. For a function the new task is stored in the same commit that settles the delivery. */
  | { readonly kind: 'delivered'; readonly accept?: { readonly task: Task; readonly payload: Uint8Array } }
  /** Not now; try again. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** Never: the target does not exist or refuses. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Destination {
  /** The service part of the ARNs it takes: `fc`, `mns`, … */
  readonly service: string;
  /** A sentence that says what is wrong with the name for this account, or undefined when it can be delivered to. Does no I/O. */
  check(arn: Arn, account: string): string | undefined;
  deliver(order: { readonly arn: Arn; readonly ended: EndedTask; readonly nowMs: number }): Promise<DeliveryResult>;
}
