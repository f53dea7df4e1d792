/** Lists the tasks of a function. */
import type { TaskStatus } from '../core/task.ts';
import type { StoredTask } from '../store/store.ts';
import { openCursor, sealCursor } from './list-cursor.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ListTasksInput {
  readonly functionName: string;
  /** Filters; absent means any. */
  readonly qualifier?: string;
  readonly status?: TaskStatus;
  readonly idPrefix?: string;
  readonly acceptedFromMs?: number;
  readonly acceptedToMs?: number;
  readonly order: 'oldest-first' | 'newest-first';
  readonly limit: number;
  /** Empty for the first page. */
  readonly nextToken: string;
  readonly includePayload: boolean;
}

export interface TaskList {
  readonly tasks: readonly StoredTask[];
  /** Empty on the last page. */
  readonly nextToken: string;
}

/** Rejects with `FunctionNotFound`, or `InvalidArgument` for a token that is not of this list. */
export async function listTasks(context: ServiceContext, caller: Caller, input: ListTasksInput): Promise<TaskList> {
  const { nextToken, limit, includePayload, ...rest } = input;
  const filter = { account: caller.account, ...rest };
  // A list of a function that does not exist is an error; one of a function without tasks is empty.
  await context.functions.resolve(filter, '');
  const { sealingKey } = context.settings;
  const after = nextToken === '' ? undefined : openCursor(sealingKey, filter, nextToken);
  const page = await context.store.listTasks({ ...filter, limit, includePayload, ...(after && { after }) });
  return { tasks: page.tasks, nextToken: page.next === null ? '' : sealCursor(sealingKey, filter, page.next) };
}
