/** What the writing operations of one transaction share. */
import type { DatabaseSync } from 'node:sqlite';
import { InternedNames } from './interned-names.ts';
import { LiveCounts } from './live-counts.ts';
import { lastDeliveryId } from './sql/deliveries.ts';
import { lastTaskNumber } from './sql/tasks.ts';

export interface WriteContext {
  readonly database: DatabaseSync;
  readonly names: InternedNames;
  readonly counts: LiveCounts;
  /** Numbers that are never given twice by this process, not even those of a transaction that was rolled back. */
  readonly nextTaskNumber: () => number;
  readonly nextDeliveryId: () => number;
}

export function createWriteContext(database: DatabaseSync): WriteContext {
  let taskNumber = lastTaskNumber(database);
  let deliveryId = lastDeliveryId(database);
  return {
    database,
    names: new InternedNames(database),
    counts: new LiveCounts(database),
    nextTaskNumber: () => (taskNumber += 1),
    nextDeliveryId: () => (deliveryId += 1),
  };
}
