/** ListInstances: which instances of a function there are. */
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from '../../core/limits.ts';
import {
  type ListedInstance,
  listInstances,
  type ListInstancesInput,
  qualifierOf,
} from '../../service/list-instances.ts';
import { type Call, ok, pathParameter, type Reply } from '../shared/call.ts';
import { jsonParameter } from '../shared/json-parameter.ts';
import { CONTROL_BODY_BYTES_MAX, type Operation } from '../shared/operation.ts';

const STATUSES = ['Running', 'Terminating', 'Destroyed'] as const satisfies readonly ListedInstance['status'][];

/** Epoch milliseconds of any year that a date can have. */
const TIME_RANGE = { min: 0, max: 8_640_000_000_000_000 };

export const INSTANCE_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListInstances',
    method: 'GET',
    path: '/functions/{functionName}/instances',
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: list,
  },
];

async function list(call: Call): Promise<Reply> {
  const input = decodeInput(call);
  const instances = await listInstances(call.context, call.caller, input);
  return ok({
    instances: instances.map((instance) => encodeInstance(instance, input.qualifier)),
    requestId: call.caller.requestId,
  });
}

function decodeInput(call: Call): ListInstancesInput {
  const { query } = call;
  const fromMs = query.integer('startTimeMs', TIME_RANGE);
  const toMs = query.integer('endTimeMs', TIME_RANGE);
  return {
    functionName: pathParameter(call, 'functionName'),
    qualifier: query.text('qualifier'),
    instanceIds: jsonParameter(query, 'instanceIds').textList('instanceIds') ?? [],
    statuses: decodeStatuses(call),
    ...(fromMs !== undefined && { fromMs }),
    ...(toMs !== undefined && { toMs }),
    withAllActive: query.boolean('withAllActive') ?? false,
    startKey: query.text('startKey'),
    limit: query.integer('limit', { min: 1, max: LIST_LIMIT_MAX }) ?? LIST_LIMIT_DEFAULT,
  };
}

function decodeStatuses({ query }: Call): ListInstancesInput['statuses'] {
  const fields = jsonParameter(query, 'instanceStatus');
  return (fields.textList('instanceStatus') ?? []).map((text) => {
    const status = STATUSES.find((candidate) => candidate === text);
    if (status === undefined) throw fields.refusal('instanceStatus', `an array of ${STATUSES.join(', ')}`);
    return status;
  });
}

function encodeInstance(instance: ListedInstance, qualifier: string): Record<string, unknown> {
  return {
    instanceId: instance.instanceId,
    versionId: instance.versionId,
    qualifier: qualifier === '' ? qualifierOf(instance) : qualifier,
    status: instance.status,
    createdTimeMs: instance.createdAtMs,
    // 0 while it lives, as for the end of a task.
    destroyedTimeMs: instance.destroyedAtMs ?? 0,
  };
}
