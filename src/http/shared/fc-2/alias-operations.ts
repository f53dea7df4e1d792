/** Aliases of services: create, read, change, delete, list. */
import { invalidArgument } from '../../../core/errors.ts';
import { DESCRIPTION_LENGTH_MAX } from '../../../core/limits.ts';
import type { Alias } from '../../../core/resources.ts';
import { createServiceAlias } from '../../../service/create-service-alias.ts';
import { deleteServiceAlias } from '../../../service/delete-service-alias.ts';
import { getServiceAlias, listServiceAliases } from '../../../service/get-service-alias.ts';
import { updateServiceAlias } from '../../../service/update-service-alias.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../call.ts';
import { rfc3339Seconds } from '../dates.ts';
import type { Fields } from '../fields.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { type Form, headOf, ifMatchOf, SERVICE } from './form.ts';
import { nextPage } from './next-page.ts';
import { startingPageOf } from './page-query.ts';
import { okTagged } from './tagged-reply.ts';

const COLLECTION = `${SERVICE}/aliases`;
const ITEM = `${COLLECTION}/{aliasName}`;

export function aliasOperations(form: Form): readonly Operation[] {
  return [
    { name: 'CreateAlias', method: 'POST', path: COLLECTION, bodyBytesMax, handle: (call) => create(form, call) },
    { name: 'ListAliases', method: 'GET', path: COLLECTION, bodyBytesMax, handle: (call) => list(form, call) },
    { name: 'GetAlias', method: 'GET', path: ITEM, bodyBytesMax, handle: (call) => get(form, call) },
    { name: 'UpdateAlias', method: 'PUT', path: ITEM, bodyBytesMax, handle: (call) => update(form, call) },
    { name: 'DeleteAlias', method: 'DELETE', path: ITEM, bodyBytesMax, handle: (call) => remove(form, call) },
  ];
}

async function create(form: Form, call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  const aliasName = fields.text('aliasName', { lengthMin: 1, lengthMax: 128 });
  if (aliasName === undefined) throw fields.missing('aliasName');
  const { versionId, description = '', additionalVersionWeight = null } = decodeAlias(fields);
  if (versionId === undefined) throw fields.missing('versionId');
  const input = { serviceName: headOf(form, call), aliasName, versionId, description, additionalVersionWeight };
  return answer(await createServiceAlias(call.context, call.caller, input));
}

async function update(form: Form, call: Call): Promise<Reply> {
  const change = decodeAlias(decodeJsonBody(call.body));
  const input = { ...aliasOf(form, call), ...change, ifMatch: ifMatchOf(call) };
  return answer(await updateServiceAlias(call.context, call.caller, input));
}

async function get(form: Form, call: Call): Promise<Reply> {
  return answer(await getServiceAlias(call.context, call.caller, aliasOf(form, call)));
}

async function remove(form: Form, call: Call): Promise<Reply> {
  await deleteServiceAlias(call.context, call.caller, { ...aliasOf(form, call), ifMatch: ifMatchOf(call) });
  return NO_CONTENT;
}

async function list(form: Form, call: Call): Promise<Reply> {
  const input = { serviceName: headOf(form, call), ...startingPageOf(call.query) };
  const { items, nextToken } = await listServiceAliases(call.context, call.caller, input);
  return ok({ aliases: items.map(encodeAlias), ...nextPage(nextToken) });
}

interface AliasMembers {
  readonly versionId?: string;
  readonly description?: string;
  readonly additionalVersionWeight?: Readonly<Record<string, number>>;
}

function decodeAlias(fields: Fields): AliasMembers {
  refuseContentRouting(fields);
  const versionId = fields.text('versionId', { lengthMin: 1, lengthMax: 10 });
  const description = fields.text('description', { lengthMax: DESCRIPTION_LENGTH_MAX });
  const additionalVersionWeight = fields.numberMap('additionalVersionWeight', { min: 0, max: 1 });
  return {
    ...(versionId !== undefined && { versionId }),
    ...(description !== undefined && { description }),
    ...(additionalVersionWeight !== undefined && { additionalVersionWeight }),
  };
}

/** Keeping the rule without following it would send invocations to the wrong version. */
function refuseContentRouting(fields: Fields): void {
  const policy = fields.choice('resolvePolicy', ['', 'Random', 'Content']);
  const rules = fields.object('routePolicy')?.objects('policyItems') ?? [];
  if (policy !== 'Content' && rules.length === 0) return;
  throw invalidArgument(
    'resolvePolicy must be Random and routePolicy without policyItems: versions are chosen by weight here, not by what is sent',
  );
}

function answer(alias: Alias): Reply {
  return okTagged(encodeAlias(alias), alias);
}

function encodeAlias(alias: Alias): Record<string, unknown> {
  return {
    aliasName: alias.aliasName,
    versionId: alias.versionId,
    description: alias.description,
    additionalVersionWeight: alias.additionalVersionWeight ?? {},
    resolvePolicy: 'Random',
    createdTime: rfc3339Seconds(alias.createdAtMs),
    lastModifiedTime: rfc3339Seconds(alias.modifiedAtMs),
  };
}

function aliasOf(form: Form, call: Call): { serviceName: string; aliasName: string } {
  return { serviceName: headOf(form, call), aliasName: pathParameter(call, 'aliasName') };
}
