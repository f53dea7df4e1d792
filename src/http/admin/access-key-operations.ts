/** Key pairs over HTTP, for operators: `POST` and `GET /access-keys`, `PUT` and `DELETE /access-keys/{accessKeyId}`. */
import { createAccessKey, deleteAccessKey, listAccessKeys, setAccessKeyEnabled } from '../../service/access-keys.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../shared/call.ts';
import { decodeJsonBody } from '../shared/json-body.ts';
import { CONTROL_BODY_BYTES_MAX, type Operation } from '../shared/operation.ts';

const COLLECTION = '/access-keys';
const ITEM = `${COLLECTION}/{accessKeyId}`;
const FOR_OPERATORS = { bodyBytesMax: CONTROL_BODY_BYTES_MAX, operatorOnly: true } as const;

export const ACCESS_KEY_OPERATIONS: readonly Operation[] = [
  { name: 'CreateAccessKey', method: 'POST', path: COLLECTION, ...FOR_OPERATORS, handle: create },
  { name: 'ListAccessKeys', method: 'GET', path: COLLECTION, ...FOR_OPERATORS, handle: list },
  { name: 'UpdateAccessKey', method: 'PUT', path: ITEM, ...FOR_OPERATORS, handle: update },
  { name: 'DeleteAccessKey', method: 'DELETE', path: ITEM, ...FOR_OPERATORS, handle: remove },
];

/** Body: `account` (default the caller's), `operator`, `withSecurityToken` (default false). Shows the secret, once. */
async function create(call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  const pair = await createAccessKey(call.context, call.caller, {
    account: fields.text('account') ?? null,
    operator: fields.boolean('operator') ?? false,
    withSecurityToken: fields.boolean('withSecurityToken') ?? false,
  });
  return ok(pair);
}

async function list(call: Call): Promise<Reply> {
  return ok({ accessKeys: await listAccessKeys(call.context) });
}

/** Body: `enabled`, required. */
async function update(call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  const enabled = fields.boolean('enabled');
  if (enabled === undefined) throw fields.missing('enabled');
  return ok(await setAccessKeyEnabled(call.context, { accessKeyId: pathParameter(call, 'accessKeyId'), enabled }));
}

async function remove(call: Call): Promise<Reply> {
  await deleteAccessKey(call.context, pathParameter(call, 'accessKeyId'));
  return NO_CONTENT;
}
