/**
 * On-demand configurations: what 3.0 calls the reserved concurrency of a function. One number bounds the executions of a
 * function at once over all its versions, so it is set for LATEST alone.
 */
import { invalidArgument } from '../../../core/errors.ts';
import { LATEST } from '../../../core/names.ts';
import type { ConcurrencyConfig } from '../../../core/resources.ts';
import {
  deleteConcurrencyConfig,
  getConcurrencyConfig,
  listConcurrencyConfigs,
  putConcurrencyConfig,
} from '../../../service/concurrency-config.ts';
import { type Call, NO_CONTENT, ok, type Reply } from '../call.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { type Form, FUNCTION, functionOf, ifMatchOf, splitName, withinService } from './form.ts';
import { nextPage } from './next-page.ts';
import { startingPageOf } from './page-query.ts';
import { okTagged } from './tagged-reply.ts';

const ITEM = `${FUNCTION}/on-demand-config`;

export function onDemandOperations(form: Form): readonly Operation[] {
  return [
    ...withinService(form, [
      { name: 'PutFunctionOnDemandConfig', method: 'PUT', path: ITEM, bodyBytesMax, handle: (call) => put(form, call) },
      { name: 'GetFunctionOnDemandConfig', method: 'GET', path: ITEM, bodyBytesMax, handle: (call) => get(form, call) },
      {
        name: 'DeleteFunctionOnDemandConfig',
        method: 'DELETE',
        path: ITEM,
        bodyBytesMax,
        handle: (call) => remove(form, call),
      },
    ]),
    { name: 'ListOnDemandConfigs', method: 'GET', path: '/on-demand-configs', bodyBytesMax, handle: list },
  ];
}

async function put(form: Form, call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  const reservedConcurrency = fields.integer('maximumInstanceCount', { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (reservedConcurrency === undefined) throw fields.missing('maximumInstanceCount');
  const input = { functionName: limitedFunction(form, call), reservedConcurrency, ifMatch: ifMatchOf(call) };
  return answer(call, await putConcurrencyConfig(call.context, call.caller, input));
}

async function get(form: Form, call: Call): Promise<Reply> {
  const input = { functionName: limitedFunction(form, call) };
  return answer(call, await getConcurrencyConfig(call.context, call.caller, input));
}

async function remove(form: Form, call: Call): Promise<Reply> {
  const input = { functionName: limitedFunction(form, call), ifMatch: ifMatchOf(call) };
  await deleteConcurrencyConfig(call.context, call.caller, input);
  return NO_CONTENT;
}

/** By service and function; prefix and start are compared with `service$function`. */
async function list(call: Call): Promise<Reply> {
  const input = { ...startingPageOf(call.query), generation: 'v2' } as const;
  const { items, nextToken } = await listConcurrencyConfigs(call.context, call.caller, input);
  return ok({ configs: items.map((config) => encodeConfig(call, config)), ...nextPage(nextToken) });
}

function limitedFunction(form: Form, call: Call): string {
  const { functionName, qualifier } = functionOf(form, call);
  if (qualifier === '' || qualifier === LATEST) return functionName;
  throw invalidArgument(
    `qualifier must be LATEST: the limit is one of the function, over all its versions and aliases (actual: '${qualifier}')`,
  );
}

function answer(call: Call, config: ConcurrencyConfig): Reply {
  return okTagged(encodeConfig(call, config), config);
}

function encodeConfig({ caller }: Call, config: ConcurrencyConfig): Record<string, unknown> {
  const { serviceName, functionName } = splitName(config.functionName);
  return {
    resource: `${caller.account}#${serviceName}#${LATEST}#${functionName}`,
    maximumInstanceCount: config.reservedConcurrency,
  };
}
