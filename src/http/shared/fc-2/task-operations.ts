/** GetStatefulAsyncInvocation, ListStatefulAsyncInvocations, StopStatefulAsyncInvocation. */
import { LIST_LIMIT_MAX } from '../../../core/limits.ts';
import { TASK_STATUSES } from '../../../core/task.ts';
import { getTask, type GetTaskInput } from '../../../service/get-task.ts';
import { listTasks, type ListTasksInput } from '../../../service/list-tasks.ts';
import { stopTask } from '../../../service/stop-task.ts';
import { type Call, ok, pathParameter, type Reply } from '../call.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { type Form, FUNCTION, functionOf, withinService } from './form.ts';
import { encodeTask } from './task-codec.ts';

const COLLECTION = `${FUNCTION}/stateful-async-invocations`;
const ITEM = `${COLLECTION}/{invocationId}`;

/** Epoch milliseconds of any year that a date can have. */
const TIME_RANGE = { min: 0, max: 8_640_000_000_000_000 };

export function taskOperations(form: Form): readonly Operation[] {
  return withinService(form, [
    {
      name: 'GetStatefulAsyncInvocation',
      method: 'GET',
      path: ITEM,
      bodyBytesMax,
      handle: async (call) => ok(encodeTask(await getTask(call.context, call.caller, taskOf(form, call)))),
    },
    {
      name: 'ListStatefulAsyncInvocations',
      method: 'GET',
      path: COLLECTION,
      bodyBytesMax,
      handle: (call) => list(form, call),
    },
    // On the item itself, without the suffix that 3.0 has.
    {
      name: 'StopStatefulAsyncInvocation',
      method: 'PUT',
      path: ITEM,
      bodyBytesMax,
      handle: (call) => stop(form, call),
    },
  ]);
}

function taskOf(form: Form, call: Call): GetTaskInput {
  return { ...functionOf(form, call), taskId: pathParameter(call, 'invocationId') };
}

/** 200 as the metadata says, and empty: the 2016 SDK parses whatever calls itself JSON. */
async function stop(form: Form, call: Call): Promise<Reply> {
  await stopTask(call.context, call.caller, taskOf(form, call));
  return { status: 200 };
}

async function list(form: Form, call: Call): Promise<Reply> {
  const { tasks, nextToken } = await listTasks(call.context, call.caller, listInput(form, call));
  return ok({ invocations: tasks.map(encodeTask), nextToken });
}

function listInput(form: Form, call: Call): ListTasksInput {
  const { query } = call;
  const { functionName, qualifier } = functionOf(form, call);
  const idPrefix = query.text('invocationIdPrefix');
  const status = query.choice('status', TASK_STATUSES);
  const acceptedFromMs = query.integer('startedTimeBegin', TIME_RANGE);
  const acceptedToMs = query.integer('startedTimeEnd', TIME_RANGE);
  return {
    functionName,
    ...(qualifier !== '' && { qualifier }),
    ...(idPrefix !== '' && { idPrefix }),
    ...(status !== undefined && { status }),
    ...(acceptedFromMs !== undefined && { acceptedFromMs }),
    ...(acceptedToMs !== undefined && { acceptedToMs }),
    order: query.choice('sortOrderByTime', ['asc', 'desc']) === 'asc' ? 'oldest-first' : 'newest-first',
    limit: query.integer('limit', { min: 1, max: LIST_LIMIT_MAX }) ?? form.taskLimitDefault,
    nextToken: query.text('nextToken'),
    includePayload: query.boolean('includePayload') ?? false,
  };
}
