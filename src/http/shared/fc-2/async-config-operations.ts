/** Asynchronous configurations of a function by qualifier, and where task mode is on. */
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from '../../../core/limits.ts';
import type { AsyncConfig } from '../../../core/resources.ts';
import { deleteAsyncConfig, getAsyncConfig, listAsyncConfigs, putAsyncConfig } from '../../../service/async-config.ts';
import { getFunction } from '../../../service/get-function.ts';
import { listTaskFunctions } from '../../../service/list-task-functions.ts';
import { asyncConfigMembers, decodeAsyncConfig } from '../async-config-members.ts';
import { type Call, NO_CONTENT, ok, type Reply } from '../call.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { pageOf } from '../page-query.ts';
import { type Form, FUNCTION, functionOf, splitName, withinService } from './form.ts';
import { nextPage } from './next-page.ts';

const ITEM = `${FUNCTION}/async-invoke-config`;

export function asyncConfigOperations(form: Form): readonly Operation[] {
  return [
    ...withinService(form, [
      {
        name: 'PutFunctionAsyncInvokeConfig',
        method: 'PUT',
        path: ITEM,
        bodyBytesMax,
        handle: (call) => put(form, call),
      },
      {
        name: 'GetFunctionAsyncInvokeConfig',
        method: 'GET',
        path: ITEM,
        bodyBytesMax,
        handle: (call) => get(form, call),
      },
      {
        name: 'DeleteFunctionAsyncInvokeConfig',
        method: 'DELETE',
        path: ITEM,
        bodyBytesMax,
        handle: (call) => remove(form, call),
      },
      {
        name: 'ListFunctionAsyncInvokeConfigs',
        method: 'GET',
        path: `${FUNCTION}/async-invoke-configs`,
        bodyBytesMax,
        handle: (call) => list(form, call),
      },
    ]),
    {
      name: 'ListStatefulAsyncInvocationFunctions',
      method: 'GET',
      path: '/stateful-async-invocation-functions',
      bodyBytesMax,
      handle: listFunctions,
    },
  ];
}

async function put(form: Form, call: Call): Promise<Reply> {
  const input = { ...functionOf(form, call), ...decodeAsyncConfig(decodeJsonBody(call.body), 'statefulInvocation') };
  return ok(encodeConfig(await putAsyncConfig(call.context, call.caller, input)));
}

async function get(form: Form, call: Call): Promise<Reply> {
  return ok(encodeConfig(await getAsyncConfig(call.context, call.caller, functionOf(form, call))));
}

async function remove(form: Form, call: Call): Promise<Reply> {
  await deleteAsyncConfig(call.context, call.caller, functionOf(form, call));
  return NO_CONTENT;
}

/** Of all qualifiers, whichever the path names. The last page has an empty token here, as `nextPage` says. */
async function list(form: Form, call: Call): Promise<Reply> {
  const { functionName } = functionOf(form, call);
  await getFunction(call.context, call.caller, { functionName, qualifier: '' }); // or a stranger's would seem empty
  const { limit, nextToken } = pageOf(call.query);
  const page = await listAsyncConfigs(call.context, call.caller, { functionName, limit, nextToken });
  return ok({ configs: page.items.map(encodeConfig), nextToken: page.nextToken });
}

/** A limit of 0 is documented here, and means the default. */
async function listFunctions({ context, caller, query }: Call): Promise<Reply> {
  const limit = query.integer('limit', { min: 0, max: LIST_LIMIT_MAX }) || LIST_LIMIT_DEFAULT;
  const page = await listTaskFunctions(context, caller, { limit, nextToken: query.text('nextToken') });
  return ok({ data: page.items, ...nextPage(page.nextToken) });
}

function encodeConfig(config: AsyncConfig): Record<string, unknown> {
  const { serviceName, functionName } = splitName(config.functionName);
  return {
    service: serviceName,
    function: functionName,
    qualifier: config.qualifier,
    statefulInvocation: config.asyncTask,
    ...asyncConfigMembers(config),
  };
}
