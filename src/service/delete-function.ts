/** Deletes a function with its versions, aliases and configurations. */
import { FcError } from '../core/errors.ts';
import type { FunctionKey } from '../core/task.ts';
import { checkEtag } from './etag.ts';
import { functionNotFound } from './function-directory.ts';
import { deleteFunctionTree, FUNCTIONS, triggersOf } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';
import { untilWritten } from './until-written.ts';

export interface DeleteFunctionInput {
  readonly functionName: string;
  /** Entity tag of the function; empty or absent when any will do. */
  readonly ifMatch?: string;
}

/**
 * Rejects with `FunctionNotFound`, `PreconditionFailed`, or `FunctionNotEmpty` while it has triggers: their URLs may be in
 * use by others.
 *
 * The real service's own tools delete what belongs to a function first, so a caller who does not is not told to.
 * Tasks that still wait find no function when they come up, and end as Invalid; records of tasks stay.
 */
export async function deleteFunction(
  context: ServiceContext,
  caller: Caller,
  { functionName, ifMatch = '' }: DeleteFunctionInput,
): Promise<void> {
  const key = { account: caller.account, functionName };
  await untilWritten(`function '${functionName}'`, async () => {
    const found = await FUNCTIONS.find(context.store, key);
    if (found === undefined) throw functionNotFound(functionName);
    checkEtag(ifMatch, found.document);
    await refuseWhenTriggered(context, key);
    return { result: undefined, answer: await context.store.writeRecords(deleteFunctionTree(key, found.revision)) };
  });
  context.functions.forget(key);
  context.engine.changed(key);
}

/** A trigger that is made meanwhile writes the function's record, and the delete loses. */
async function refuseWhenTriggered({ store }: ServiceContext, key: FunctionKey): Promise<void> {
  const [trigger] = await triggersOf(store, key);
  if (trigger === undefined) return;
  throw new FcError(
    'FunctionNotEmpty',
    `function '${key.functionName}' has active triggers ('${trigger.triggerName}'); delete them first`,
  );
}
