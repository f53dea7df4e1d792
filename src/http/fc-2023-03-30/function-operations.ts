/** Functions: create, read, change, delete, list, their code, and the switch of their invocation. */
import { DESCRIPTION_LENGTH_MAX } from '../../core/limits.ts';
import type { FunctionRecord } from '../../core/resources.ts';
import { createFunction } from '../../service/create-function.ts';
import { deleteFunction } from '../../service/delete-function.ts';
import { disableInvocation, enableInvocation } from '../../service/function-invocation-switch.ts';
import { getFunction } from '../../service/get-function.ts';
import { getFunctionCode } from '../../service/get-function-code.ts';
import { type FunctionFilter, listFunctions } from '../../service/list-functions.ts';
import { updateFunction } from '../../service/update-function.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../shared/call.ts';
import { CODE_BODY_BYTES_MAX } from '../shared/code-zip.ts';
import { decodeJsonBody } from '../shared/json-body.ts';
import { jsonParameter } from '../shared/json-parameter.ts';
import { CONTROL_BODY_BYTES_MAX, type Operation } from '../shared/operation.ts';
import { pageOf } from '../shared/page-query.ts';
import { encodeFunction, encodeListedFunction } from './function-codec.ts';
import { decodeCreateFunction, decodeTag, decodeUpdateFunction } from './function-codec-input.ts';

const COLLECTION = '/functions';
const ITEM = `${COLLECTION}/{functionName}`;

export const FUNCTION_OPERATIONS: readonly Operation[] = [
  { name: 'CreateFunction', method: 'POST', path: COLLECTION, bodyBytesMax: CODE_BODY_BYTES_MAX, handle: create },
  { name: 'ListFunctions', method: 'GET', path: COLLECTION, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: list },
  { name: 'GetFunction', method: 'GET', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: get },
  { name: 'UpdateFunction', method: 'PUT', path: ITEM, bodyBytesMax: CODE_BODY_BYTES_MAX, handle: update },
  { name: 'DeleteFunction', method: 'DELETE', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: remove },
  {
    name: 'GetFunctionCode',
    method: 'GET',
    path: `${ITEM}/code`,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: getCode,
  },
  {
    name: 'DisableFunctionInvocation',
    method: 'POST',
    path: `${ITEM}/invoke/disable`,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: disable,
  },
  {
    name: 'EnableFunctionInvocation',
    method: 'POST',
    path: `${ITEM}/invoke/enable`,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: enable,
  },
];

async function create(call: Call): Promise<Reply> {
  const input = decodeCreateFunction(decodeJsonBody(call.body));
  return head(call, await createFunction(call.context, call.caller, input));
}

async function update(call: Call): Promise<Reply> {
  const input = decodeUpdateFunction(decodeJsonBody(call.body), pathParameter(call, 'functionName'));
  return head(call, await updateFunction(call.context, call.caller, input));
}

/** The unpublished head, whole. */
function head({ context }: Call, record: FunctionRecord): Reply {
  return ok(encodeFunction(headOf(record), context.settings.region));
}

function headOf(record: FunctionRecord) {
  return { record, settings: record, modifiedAtMs: record.modifiedAtMs };
}

async function get(call: Call): Promise<Reply> {
  return ok(
    encodeFunction(await getFunction(call.context, call.caller, qualified(call)), call.context.settings.region),
  );
}

async function remove(call: Call): Promise<Reply> {
  await deleteFunction(call.context, call.caller, { functionName: pathParameter(call, 'functionName') });
  return NO_CONTENT;
}

async function list(call: Call): Promise<Reply> {
  const input = { ...pageOf(call.query), filter: decodeFilter(call) };
  const { items, nextToken } = await listFunctions(call.context, call.caller, input);
  const { region } = call.context.settings;
  return ok({ functions: items.map((record) => encodeListedFunction(headOf(record), region)), nextToken });
}

function decodeFilter({ query }: Call): FunctionFilter {
  const generation = query.choice('fcVersion', ['v2', 'v3']);
  const tags = jsonParameter(query, 'tags').objects('tags');
  const texts = (['functionName', 'runtime', 'description', 'gpuType', 'resourceGroupId'] as const)
    .map((name) => [name, query.text(name)] as const)
    .filter(([, text]) => text !== '');
  return {
    ...Object.fromEntries(texts),
    ...(generation !== undefined && { generation }),
    ...(tags !== undefined && { tags: tags.map((tag) => decodeTag(tag)) }),
  };
}

async function getCode(call: Call): Promise<Reply> {
  const { checksum, linkToken } = await getFunctionCode(call.context, call.caller, qualified(call));
  return ok({ checksum, url: `${call.baseUrl}/meanwhile/code/${linkToken}` });
}

async function disable(call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  await disableInvocation(call.context, call.caller, {
    functionName: pathParameter(call, 'functionName'),
    reason: fields.text('reason', { lengthMax: DESCRIPTION_LENGTH_MAX }) ?? '',
    abortOngoingRequest: fields.boolean('abortOngoingRequest') ?? false,
  });
  return ok({ success: true });
}

async function enable(call: Call): Promise<Reply> {
  await enableInvocation(call.context, call.caller, { functionName: pathParameter(call, 'functionName') });
  return ok({ success: true });
}

function qualified(call: Call): { functionName: string; qualifier: string } {
  return { functionName: pathParameter(call, 'functionName'), qualifier: call.query.text('qualifier') };
}
