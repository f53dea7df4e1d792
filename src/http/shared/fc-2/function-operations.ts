/** Functions of a service: create, read, change, delete, list, and their code. */
import type { FunctionRecord } from '../../../core/resources.ts';
import { createFunction } from '../../../service/create-function.ts';
import { deleteFunction } from '../../../service/delete-function.ts';
import { getFunction } from '../../../service/get-function.ts';
import { getFunctionCode } from '../../../service/get-function-code.ts';
import { listServiceFunctions } from '../../../service/list-service-functions.ts';
import { updateFunction } from '../../../service/update-function.ts';
import { type Call, NO_CONTENT, ok, type Reply } from '../call.ts';
import { CODE_BODY_BYTES_MAX } from '../code-zip.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { type Form, FUNCTION, functionHeadOf, functionOf, headOf, ifMatchOf, SERVICE, withinService } from './form.ts';
import { encodeFunction } from './function-codec.ts';
import { decodeCreateFunction, decodeUpdateFunction, type FunctionBody } from './function-codec-input.ts';
import { nextPage } from './next-page.ts';
import { startingPageOf } from './page-query.ts';
import { okTagged } from './tagged-reply.ts';

const COLLECTION = `${SERVICE}/functions`;

export function functionOperations(form: Form): readonly Operation[] {
  const withCode = { bodyBytesMax: CODE_BODY_BYTES_MAX };
  return [
    { name: 'CreateFunction', method: 'POST', path: COLLECTION, ...withCode, handle: (call) => create(form, call) },
    { name: 'ListFunctions', method: 'GET', path: COLLECTION, bodyBytesMax, handle: (call) => list(form, call) },
    ...withinService(form, [
      { name: 'GetFunction', method: 'GET', path: FUNCTION, bodyBytesMax, handle: (call) => get(form, call) },
      { name: 'UpdateFunction', method: 'PUT', path: FUNCTION, ...withCode, handle: (call) => update(form, call) },
      { name: 'DeleteFunction', method: 'DELETE', path: FUNCTION, bodyBytesMax, handle: (call) => remove(form, call) },
      {
        name: 'GetFunctionCode',
        method: 'GET',
        path: `${FUNCTION}/code`,
        bodyBytesMax,
        handle: (call) => getCode(form, call),
      },
    ]),
  ];
}

async function create(form: Form, call: Call): Promise<Reply> {
  const input = decodeCreateFunction(bodyOf(call), headOf(form, call));
  return head(await createFunction(call.context, call.caller, input));
}

async function update(form: Form, call: Call): Promise<Reply> {
  const change = decodeUpdateFunction(bodyOf(call));
  const input = { ...change, functionName: functionHeadOf(form, call), ifMatch: ifMatchOf(call) };
  return head(await updateFunction(call.context, call.caller, input));
}

function bodyOf({ body, headers }: Call): FunctionBody {
  return { fields: decodeJsonBody(body), headers };
}

/** The unpublished head. */
function head(record: FunctionRecord): Reply {
  return okTagged(encodeFunction({ record, settings: record, modifiedAtMs: record.modifiedAtMs }), record);
}

async function get(form: Form, call: Call): Promise<Reply> {
  const found = await getFunction(call.context, call.caller, functionOf(form, call));
  return okTagged(encodeFunction(found), found.settings);
}

async function remove(form: Form, call: Call): Promise<Reply> {
  const input = { functionName: functionHeadOf(form, call), ifMatch: ifMatchOf(call) };
  await deleteFunction(call.context, call.caller, input);
  return NO_CONTENT;
}

async function list(form: Form, call: Call): Promise<Reply> {
  const input = { ...startingPageOf(call.query), ...form.serviceOf(call) };
  const { items, nextToken } = await listServiceFunctions(call.context, call.caller, input);
  return ok({ functions: items.map(encodeFunction), ...nextPage(nextToken) });
}

async function getCode(form: Form, call: Call): Promise<Reply> {
  const { checksum, linkToken } = await getFunctionCode(call.context, call.caller, functionOf(form, call));
  return ok({ checksum, url: `${call.baseUrl}/meanwhile/code/${linkToken}` });
}
