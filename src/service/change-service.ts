/**
 * Changes a service of 2.0, or what belongs to it, by compare-and-set on the service's own record, as `changeFunction`
 * does for a function. A change that touches the functions of the service writes their records as well.
 */
import type { FunctionRecord, ServiceRecord } from '../core/resources.ts';
import type { RecordWrite } from '../store/store.ts';
import { serviceNotFound } from './find-service.ts';
import type { Stored } from './record-shelf.ts';
import { FUNCTIONS, functionsOf, type ServiceKey, SERVICES } from './resource-store.ts';
import type { ServiceContext } from './service-context.ts';
import { untilWritten } from './until-written.ts';

export interface ServiceChange<Result> {
  readonly result: Result;
  /** The record anew; absent when only what belongs to it changes. */
  readonly record?: ServiceRecord;
  readonly writes?: readonly RecordWrite[];
}

/** @param change is asked again with the newer record after a lost race; throws to refuse */
export async function changeService<Result>(
  context: ServiceContext,
  key: ServiceKey,
  change: (found: ServiceRecord) => Promise<ServiceChange<Result>>,
): Promise<Result> {
  const changed = await untilWritten(`service '${key.serviceName}'`, async () => {
    const found = await SERVICES.find(context.store, key);
    if (found === undefined) throw serviceNotFound(key.serviceName);
    const { result, record = found.document, writes = [] } = await change(found.document);
    return { result, answer: await context.store.writeRecords([SERVICES.put(record, found.revision, key), ...writes]) };
  });
  context.functions.forgetService(key);
  return changed;
}

/**
 * The writes for every function of a service, with one that lets the whole change lose to a change of that function:
 * what is published is what was read, and no configuration is left behind by an alias that goes.
 */
export async function writesForFunctions(
  { store }: ServiceContext,
  key: ServiceKey,
  writesFor: (record: FunctionRecord) => readonly RecordWrite[],
): Promise<readonly RecordWrite[]> {
  const functions = await functionsOf(store, key);
  return functions.flatMap(({ document, revision }: Stored<FunctionRecord>) => [
    FUNCTIONS.put(document, revision, document),
    ...writesFor(document),
  ]);
}
