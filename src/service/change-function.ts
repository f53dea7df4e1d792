/**
 * Changes a function, or what belongs to it, by compare-and-set on the function's own record. Every such change writes
 * that record, so two of them never interleave: no version is deleted while an alias is pointed at it, and nothing is
 * left behind by a function that is deleted meanwhile.
 */
import type { FunctionRecord } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import type { RecordWrite } from '../store/store.ts';
import { functionNotFound } from './function-directory.ts';
import { FUNCTIONS } from './resource-store.ts';
import type { ServiceContext } from './service-context.ts';
import { untilWritten } from './until-written.ts';

export interface FunctionChange<Result> {
  readonly result: Result;
  /** The record anew; absent when only what belongs to it changes. */
  readonly record?: FunctionRecord;
  readonly writes?: readonly RecordWrite[];
}

/**
 * @param change is asked again with the newer record after a lost race; throws to refuse
 */
export async function changeFunction<Result>(
  context: ServiceContext,
  key: FunctionKey,
  change: (found: FunctionRecord) => Promise<FunctionChange<Result>>,
): Promise<Result> {
  const changed = await untilWritten(`function '${key.functionName}'`, async () => {
    const found = await FUNCTIONS.find(context.store, key);
    if (found === undefined) throw functionNotFound(key.functionName);
    const { result, record = found.document, writes = [] } = await change(found.document);
    return {
      result,
      answer: await context.store.writeRecords([FUNCTIONS.put(record, found.revision, key), ...writes]),
    };
  });
  context.functions.forget(key);
  return changed;
}
