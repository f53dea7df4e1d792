/** Reads one task. */
import { FcError } from '../core/errors.ts';
import type { StoredTask } from '../store/store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface GetTaskInput {
  readonly functionName: string;
  readonly taskId: string;
  /** Empty means any: an id is unique over the qualifiers of a function. */
  readonly qualifier: string;
}

/** With payload and result. Rejects with `TaskNotFound`, which also stands for a task of another qualifier. */
export async function getTask(context: ServiceContext, caller: Caller, input: GetTaskInput): Promise<StoredTask> {
  const { functionName, taskId, qualifier } = input;
  const found = await context.store.getTask({ account: caller.account, functionName, taskId });
  if (found === undefined || (qualifier !== '' && found.task.qualifier !== qualifier)) {
    throw new FcError('TaskNotFound', `task '${taskId}' of function '${functionName}' does not exist`);
  }
  return found;
}
