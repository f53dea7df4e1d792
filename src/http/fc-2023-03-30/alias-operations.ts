/** Aliases: create, read, change, delete, list. */
import { DESCRIPTION_LENGTH_MAX } from '../../core/limits.ts';
import type { Alias } from '../../core/resources.ts';
import { createAlias } from '../../service/create-alias.ts';
import { deleteAlias } from '../../service/delete-alias.ts';
import { getAlias } from '../../service/get-alias.ts';
import { listAliases } from '../../service/list-aliases.ts';
import { updateAlias } from '../../service/update-alias.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../shared/call.ts';
import { rfc3339Seconds } from '../shared/dates.ts';
import type { Fields } from '../shared/fields.ts';
import { decodeJsonBody } from '../shared/json-body.ts';
import { CONTROL_BODY_BYTES_MAX, type Operation } from '../shared/operation.ts';
import { pageOf } from '../shared/page-query.ts';

const COLLECTION = '/functions/{functionName}/aliases';
const ITEM = `${COLLECTION}/{aliasName}`;

export const ALIAS_OPERATIONS: readonly Operation[] = [
  { name: 'CreateAlias', method: 'POST', path: COLLECTION, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: create },
  { name: 'ListAliases', method: 'GET', path: COLLECTION, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: list },
  { name: 'GetAlias', method: 'GET', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: get },
  { name: 'UpdateAlias', method: 'PUT', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: update },
  { name: 'DeleteAlias', method: 'DELETE', path: ITEM, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: remove },
];

async function create(call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  const aliasName = fields.text('aliasName', { lengthMin: 1, lengthMax: 128 });
  if (aliasName === undefined) throw fields.missing('aliasName');
  const { versionId, description = '', additionalVersionWeight = null } = decodeAlias(fields);
  if (versionId === undefined) throw fields.missing('versionId');
  const functionName = pathParameter(call, 'functionName');
  const input = { functionName, aliasName, versionId, description, additionalVersionWeight };
  return ok(encodeAlias(await createAlias(call.context, call.caller, input)));
}

async function update(call: Call): Promise<Reply> {
  const change = decodeAlias(decodeJsonBody(call.body));
  return ok(encodeAlias(await updateAlias(call.context, call.caller, { ...aliasOf(call), ...change })));
}

async function get(call: Call): Promise<Reply> {
  return ok(encodeAlias(await getAlias(call.context, call.caller, aliasOf(call))));
}

async function remove(call: Call): Promise<Reply> {
  await deleteAlias(call.context, call.caller, aliasOf(call));
  return NO_CONTENT;
}

async function list(call: Call): Promise<Reply> {
  const input = { functionName: pathParameter(call, 'functionName'), ...pageOf(call.query) };
  const { items, nextToken } = await listAliases(call.context, call.caller, input);
  return ok({ aliases: items.map(encodeAlias), nextToken });
}

interface AliasMembers {
  readonly versionId?: string;
  readonly description?: string;
  readonly additionalVersionWeight?: Readonly<Record<string, number>>;
}

function decodeAlias(fields: Fields): AliasMembers {
  const versionId = fields.text('versionId', { lengthMin: 1, lengthMax: 10 });
  const description = fields.text('description', { lengthMax: DESCRIPTION_LENGTH_MAX });
  const additionalVersionWeight = fields.numberMap('additionalVersionWeight', { min: 0, max: 1 });
  return {
    ...(versionId !== undefined && { versionId }),
    ...(description !== undefined && { description }),
    ...(additionalVersionWeight !== undefined && { additionalVersionWeight }),
  };
}

function encodeAlias(alias: Alias): Record<string, unknown> {
  return {
    aliasName: alias.aliasName,
    versionId: alias.versionId,
    description: alias.description,
    additionalVersionWeight: alias.additionalVersionWeight ?? {},
    createdTime: rfc3339Seconds(alias.createdAtMs),
    lastModifiedTime: rfc3339Seconds(alias.modifiedAtMs),
  };
}

function aliasOf(call: Call): { functionName: string; aliasName: string } {
  return { functionName: pathParameter(call, 'functionName'), aliasName: pathParameter(call, 'aliasName') };
}
