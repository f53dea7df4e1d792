/** GetAsyncTask, ListAsyncTasks, StopAsyncTask. */
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from '../../core/limits.ts';
import { TASK_STATUSES } from '../../core/task.ts';
import { getTask } from '../../service/get-task.ts';
import { listTasks, type ListTasksInput } from '../../service/list-tasks.ts';
import { stopTask } from '../../service/stop-task.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../shared/call.ts';
import { CONTROL_BODY_BYTES_MAX, type Operation } from '../shared/operation.ts';
import { encodeTask } from './task-codec.ts';

const COLLECTION = '/functions/{functionName}/async-tasks';

/** Epoch milliseconds of any year that a date can have. */
const TIME_RANGE = { min: 0, max: 8_640_000_000_000_000 };

export const TASK_OPERATIONS: readonly Operation[] = [
  {
    name: 'GetAsyncTask',
    method: 'GET',
    path: `${COLLECTION}/{taskId}`,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: async (call) => ok(encodeTask(await getTask(call.context, call.caller, taskOf(call)), placeOf(call))),
  },
  {
    name: 'ListAsyncTasks',
    method: 'GET',
    path: COLLECTION,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: list,
  },
  {
    name: 'StopAsyncTask',
    method: 'PUT',
    path: `${COLLECTION}/{taskId}/stop`,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    async handle(call) {
      await stopTask(call.context, call.caller, taskOf(call));
      return NO_CONTENT;
    },
  },
];

function taskOf(call: Call): { functionName: string; taskId: string; qualifier: string } {
  return {
    functionName: pathParameter(call, 'functionName'),
    taskId: pathParameter(call, 'taskId'),
    qualifier: call.query.text('qualifier'),
  };
}

async function list(call: Call): Promise<Reply> {
  const { tasks, nextToken } = await listTasks(call.context, call.caller, listInput(call));
  const place = placeOf(call);
  return ok({ tasks: tasks.map((task) => encodeTask(task, place)), nextToken });
}

function listInput(call: Call): ListTasksInput {
  const { query } = call;
  const qualifier = query.text('qualifier');
  const idPrefix = query.text('prefix');
  const status = query.choice('status', TASK_STATUSES);
  const acceptedFromMs = query.integer('startedTimeBegin', TIME_RANGE);
  const acceptedToMs = query.integer('startedTimeEnd', TIME_RANGE);
  return {
    functionName: pathParameter(call, 'functionName'),
    ...(qualifier !== '' && { qualifier }),
    ...(idPrefix !== '' && { idPrefix }),
    ...(status !== undefined && { status }),
    ...(acceptedFromMs !== undefined && { acceptedFromMs }),
    ...(acceptedToMs !== undefined && { acceptedToMs }),
    order: query.choice('sortOrderByTime', ['asc', 'desc']) === 'asc' ? 'oldest-first' : 'newest-first',
    limit: query.integer('limit', { min: 1, max: LIST_LIMIT_MAX }) ?? LIST_LIMIT_DEFAULT,
    nextToken: query.text('nextToken'),
    includePayload: query.boolean('includePayload') ?? false,
  };
}

function placeOf({ context, caller }: Call): { region: string; account: string } {
  return { region: context.settings.region, account: caller.account };
}
