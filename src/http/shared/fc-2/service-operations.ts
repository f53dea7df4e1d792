/** Services: create, read, change, delete, list. */
import type { ServiceRecord, Tag } from '../../../core/resources.ts';
import { createService } from '../../../service/create-service.ts';
import { deleteService } from '../../../service/delete-service.ts';
import { getService } from '../../../service/get-service.ts';
import { listServices } from '../../../service/list-services.ts';
import { updateService } from '../../../service/update-service.ts';
import { type Call, NO_CONTENT, ok, type Reply } from '../call.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { type Form, headOf, ifMatchOf, SERVICE } from './form.ts';
import { nextPage } from './next-page.ts';
import { startingPageOf } from './page-query.ts';
import { decodeCreateService, decodeServiceChange, encodeService } from './service-codec.ts';
import { okTagged } from './tagged-reply.ts';

const COLLECTION = '/services';

export function serviceOperations(form: Form): readonly Operation[] {
  return [
    { name: 'CreateService', method: 'POST', path: COLLECTION, bodyBytesMax, handle: create },
    { name: 'ListServices', method: 'GET', path: COLLECTION, bodyBytesMax, handle: list },
    { name: 'GetService', method: 'GET', path: SERVICE, bodyBytesMax, handle: (call) => get(form, call) },
    { name: 'UpdateService', method: 'PUT', path: SERVICE, bodyBytesMax, handle: (call) => update(form, call) },
    { name: 'DeleteService', method: 'DELETE', path: SERVICE, bodyBytesMax, handle: (call) => remove(form, call) },
  ];
}

async function create(call: Call): Promise<Reply> {
  const input = decodeCreateService(decodeJsonBody(call.body));
  return head(await createService(call.context, call.caller, input));
}

async function update(form: Form, call: Call): Promise<Reply> {
  const serviceName = headOf(form, call);
  const change = decodeServiceChange(decodeJsonBody(call.body));
  const input = { serviceName, change, ifMatch: ifMatchOf(call) };
  return head(await updateService(call.context, call.caller, input));
}

/** The unpublished head. */
function head(record: ServiceRecord): Reply {
  return okTagged(encodeService(headFound(record)), record);
}

function headFound(record: ServiceRecord) {
  return { record, settings: record, modifiedAtMs: record.modifiedAtMs };
}

async function get(form: Form, call: Call): Promise<Reply> {
  const found = await getService(call.context, call.caller, form.serviceOf(call));
  return okTagged(encodeService(found), found.settings);
}

async function remove(form: Form, call: Call): Promise<Reply> {
  await deleteService(call.context, call.caller, { serviceName: headOf(form, call), ifMatch: ifMatchOf(call) });
  return NO_CONTENT;
}

async function list(call: Call): Promise<Reply> {
  const input = { ...startingPageOf(call.query), tags: tagsOf(call) };
  const { items, nextToken } = await listServices(call.context, call.caller, input);
  return ok({ services: items.map((record) => encodeService(headFound(record))), ...nextPage(nextToken) });
}

/** `tag_color=red`: the older SDK's filter. */
function tagsOf({ query }: Call): readonly Tag[] {
  return [...query.parameters]
    .filter(([name]) => name.startsWith('tag_'))
    .map(([name, value]) => ({ key: name.slice('tag_'.length), value }));
}
