/** The limit of a function's executions at once: put, get, delete, list. */
import { functionArn } from '../../core/arn.ts';
import type { ConcurrencyConfig } from '../../core/resources.ts';
import {
  deleteConcurrencyConfig,
  getConcurrencyConfig,
  listConcurrencyConfigs,
  putConcurrencyConfig,
} from '../../service/concurrency-config.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../shared/call.ts';
import { decodeJsonBody } from '../shared/json-body.ts';
import { CONTROL_BODY_BYTES_MAX, type Operation } from '../shared/operation.ts';
import { pageOf } from '../shared/page-query.ts';

const ITEM = '/functions/{functionName}/concurrency';

export const CONCURRENCY_OPERATIONS: readonly Operation[] = [
  { name: 'PutConcurrencyConfig', method: 'PUT', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: put },
  { name: 'GetConcurrencyConfig', method: 'GET', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: get },
  {
    name: 'DeleteConcurrencyConfig',
    method: 'DELETE',
    path: ITEM,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: remove,
  },
  {
    name: 'ListConcurrencyConfigs',
    method: 'GET',
    path: '/concurrency-configs',
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: list,
  },
];

async function put(call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  const reservedConcurrency = fields.integer('reservedConcurrency', { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (reservedConcurrency === undefined) throw fields.missing('reservedConcurrency');
  const input = { functionName: pathParameter(call, 'functionName'), reservedConcurrency };
  return ok(encode(call, await putConcurrencyConfig(call.context, call.caller, input)));
}

async function get(call: Call): Promise<Reply> {
  const input = { functionName: pathParameter(call, 'functionName') };
  return ok(encode(call, await getConcurrencyConfig(call.context, call.caller, input)));
}

async function remove(call: Call): Promise<Reply> {
  await deleteConcurrencyConfig(call.context, call.caller, { functionName: pathParameter(call, 'functionName') });
  return NO_CONTENT;
}

async function list(call: Call): Promise<Reply> {
  const functionName = call.query.text('functionName');
  const { limit, nextToken } = pageOf(call.query);
  const input = { limit, nextToken, ...(functionName !== '' && { functionName }) };
  const page = await listConcurrencyConfigs(call.context, call.caller, input);
  return ok({ configs: page.items.map((config) => encode(call, config)), nextToken: page.nextToken });
}

function encode({ context, caller }: Call, config: ConcurrencyConfig): Record<string, unknown> {
  const place = { region: context.settings.region, account: caller.account };
  return {
    functionArn: functionArn(place, config.functionName),
    reservedConcurrency: config.reservedConcurrency,
  };
}
