/** Asynchronous configurations by qualifier: put, get, delete, list. */
import { functionArn } from '../../core/arn.ts';
import { DESTINATION_LENGTH_MAX, EVENT_AGE_SECONDS_MAX, RETRY_COUNT_MAX } from '../../core/limits.ts';
import type { AsyncConfig } from '../../core/resources.ts';
import {
  type AsyncConfigInput,
  deleteAsyncConfig,
  getAsyncConfig,
  listAsyncConfigs,
  putAsyncConfig,
  type PutAsyncConfigInput,
} from '../../service/async-config.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../shared/call.ts';
import { rfc3339Seconds } from '../shared/dates.ts';
import type { Fields } from '../shared/fields.ts';
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
  const input = { ...configOf(call), ...decodeConfig(decodeJsonBody(call.body)) };
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

function decodeConfig(fields: Fields): Omit<PutAsyncConfigInput, keyof AsyncConfigInput> {
  const destinations = fields.object('destinationConfig');
  return {
    asyncTask: fields.boolean('asyncTask') ?? false,
    maxAsyncRetryAttempts: fields.integer('maxAsyncRetryAttempts', { min: 0, max: RETRY_COUNT_MAX }) ?? null,
    maxAsyncEventAgeInSeconds:
      fields.integer('maxAsyncEventAgeInSeconds', { min: 1, max: EVENT_AGE_SECONDS_MAX }) ?? null,
    onSuccess: decodeDestination(destinations?.object('onSuccess')),
    onFailure: decodeDestination(destinations?.object('onFailure')),
  };
}

/** Tools send an empty destination for none. */
function decodeDestination(slot: Fields | undefined): string | null {
  return slot?.text('destination', { lengthMax: DESTINATION_LENGTH_MAX }) || null;
}

/**
 * Clients learn the qualifier from the ARN alone. Numbers that were not given come back as null, not as the default:
 * so does the real service, and a tool that compares what it wrote would find a difference.
 */
function encodeConfig({ context, caller }: Call, config: AsyncConfig): Record<string, unknown> {
  const place = { region: context.settings.region, account: caller.account };
  const { onSuccess, onFailure } = config;
  return {
    functionArn: functionArn(place, config.functionName, config.qualifier),
    asyncTask: config.asyncTask,
    maxAsyncRetryAttempts: config.maxAsyncRetryAttempts,
    maxAsyncEventAgeInSeconds: config.maxAsyncEventAgeInSeconds,
    destinationConfig: {
      onSuccess: onSuccess === null ? null : { destination: onSuccess },
      onFailure: onFailure === null ? null : { destination: onFailure },
    },
    createdTime: rfc3339Seconds(config.createdAtMs),
    lastModifiedTime: rfc3339Seconds(config.modifiedAtMs),
  };
}
