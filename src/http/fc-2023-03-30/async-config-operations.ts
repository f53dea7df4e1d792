/** Asynchronous configurations by qualifier: put, get, delete, list. */
import { functionArn } from '../../core/arn.ts';
import type { AsyncConfig } from '../../core/resources.ts';
import {
  type AsyncConfigInput,
  deleteAsyncConfig,
  getAsyncConfig,
  listAsyncConfigs,
  putAsyncConfig,
} from '../../service/async-config.ts';
import { asyncConfigMembers, decodeAsyncConfig } from '../shared/async-config-members.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../shared/call.ts';
import { decodeJsonBody } from '../shared/json-body.ts';
import { CONTROL_BODY_BYTES_MAX, type Operation } from '../shared/operation.ts';
import { pageOf } from '../shared/page-query.ts';

const ITEM = '/functions/{functionName}/async-invoke-config';

export const ASYNC_CONFIG_OPERATIONS: readonly Operation[] = [
  { name: 'PutAsyncInvokeConfig', method: 'PUT', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: put },
  { name: 'GetAsyncInvokeConfig', method: 'GET', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: get },
  {
    name: 'DeleteAsyncInvokeConfig',
    method: 'DELETE',
    path: ITEM,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: remove,
  },
  {
    name: 'ListAsyncInvokeConfigs',
    method: 'GET',
    path: '/async-invoke-configs',
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: list,
  },
];

async function put(call: Call): Promise<Reply> {
  const input = { ...configOf(call), ...decodeAsyncConfig(decodeJsonBody(call.body), 'asyncTask') };
  return ok(encodeConfig(call, await putAsyncConfig(call.context, call.caller, input)));
}

async function get(call: Call): Promise<Reply> {
  return ok(encodeConfig(call, await getAsyncConfig(call.context, call.caller, configOf(call))));
}

async function remove(call: Call): Promise<Reply> {
  await deleteAsyncConfig(call.context, call.caller, configOf(call));
  return NO_CONTENT;
}

async function list(call: Call): Promise<Reply> {
  const functionName = call.query.text('functionName');
  const { limit, nextToken } = pageOf(call.query);
  const input = { limit, nextToken, ...(functionName !== '' && { functionName }) };
  const page = await listAsyncConfigs(call.context, call.caller, input);
  return ok({ configs: page.items.map((config) => encodeConfig(call, config)), nextToken: page.nextToken });
}

function configOf(call: Call): AsyncConfigInput {
  return { functionName: pathParameter(call, 'functionName'), qualifier: call.query.text('qualifier') };
}

/** Clients learn the qualifier from the ARN alone. */
function encodeConfig({ context, caller }: Call, config: AsyncConfig): Record<string, unknown> {
  const place = { region: context.settings.region, account: caller.account };
  return {
    functionArn: functionArn(place, config.functionName, config.qualifier),
    asyncTask: config.asyncTask,
    ...asyncConfigMembers(config),
  };
}
