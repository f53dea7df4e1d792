/** Triggers of a function of a service: create, read, change, delete, list. */
import { ownFunctionArn } from '../../../core/arn.ts';
import { LATEST, nameInService } from '../../../core/names.ts';
import type { HttpTrigger } from '../../../core/resources.ts';
import { createTrigger } from '../../../service/create-trigger.ts';
import { deleteTrigger } from '../../../service/delete-trigger.ts';
import { getTrigger } from '../../../service/get-trigger.ts';
import { listTriggers } from '../../../service/list-triggers.ts';
import { updateTrigger } from '../../../service/update-trigger.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../call.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { decodeCreateTrigger, decodeUpdateTrigger, triggerConfig, triggerMembers } from '../trigger-members.ts';
import { triggerUrls } from '../trigger-urls.ts';
import { type Form, FUNCTION, functionHeadOf, ifMatchOf, splitName, withinService } from './form.ts';
import { nextPage } from './next-page.ts';
import { startingPageOf } from './page-query.ts';
import { okTagged } from './tagged-reply.ts';

const COLLECTION = `${FUNCTION}/triggers`;
const ITEM = `${COLLECTION}/{triggerName}`;

export function triggerOperations(form: Form): readonly Operation[] {
  return withinService(form, [
    { name: 'CreateTrigger', method: 'POST', path: COLLECTION, bodyBytesMax, handle: (call) => create(form, call) },
    { name: 'ListTriggers', method: 'GET', path: COLLECTION, bodyBytesMax, handle: (call) => list(form, call) },
    { name: 'GetTrigger', method: 'GET', path: ITEM, bodyBytesMax, handle: (call) => get(form, call) },
    { name: 'UpdateTrigger', method: 'PUT', path: ITEM, bodyBytesMax, handle: (call) => update(form, call) },
    { name: 'DeleteTrigger', method: 'DELETE', path: ITEM, bodyBytesMax, handle: (call) => remove(form, call) },
  ]);
}

async function create(form: Form, call: Call): Promise<Reply> {
  const input = { functionName: functionHeadOf(form, call), ...decodeCreateTrigger(decodeJsonBody(call.body)) };
  return answer(form, call, await createTrigger(call.context, call.caller, input));
}

async function update(form: Form, call: Call): Promise<Reply> {
  const change = decodeUpdateTrigger(decodeJsonBody(call.body));
  const input = { ...triggerOf(form, call), ...change, ifMatch: ifMatchOf(call) };
  return answer(form, call, await updateTrigger(call.context, call.caller, input));
}

async function get(form: Form, call: Call): Promise<Reply> {
  return answer(form, call, await getTrigger(call.context, call.caller, triggerOf(form, call)));
}

async function remove(form: Form, call: Call): Promise<Reply> {
  await deleteTrigger(call.context, call.caller, { ...triggerOf(form, call), ifMatch: ifMatchOf(call) });
  return NO_CONTENT;
}

async function list(form: Form, call: Call): Promise<Reply> {
  const input = { functionName: functionHeadOf(form, call), ...startingPageOf(call.query) };
  const { items, nextToken } = await listTriggers(call.context, call.caller, input);
  return ok({ triggers: items.map((trigger) => encodeTrigger(form, call, trigger)), ...nextPage(nextToken) });
}

function answer(form: Form, call: Call, trigger: HttpTrigger): Reply {
  return okTagged(encodeTrigger(form, call, trigger), trigger);
}

function encodeTrigger(form: Form, call: Call, trigger: HttpTrigger): Record<string, unknown> {
  const { qualifier } = trigger;
  const { serviceName, functionName } = splitName(functionHeadOf(form, call));
  const { account } = call.caller;
  const { region } = call.context.settings;
  const place = qualifier === LATEST ? serviceName : `${serviceName}.${qualifier}`;
  return {
    ...triggerMembers(trigger),
    // That version of 2.0 has the path; the other shows the same.
    ...triggerUrls(call, trigger, `/2016-08-15/proxy/${place}/${functionName}/`),
    domainName: trigger.subdomain,
    // Only triggers of other types can be switched off, or fail.
    status: 'OK',
    targetArn: ownFunctionArn({ region, account }, nameInService({ serviceName, functionName }), qualifier),
    triggerConfig: form.triggerConfig(triggerConfig(trigger)),
  };
}

function triggerOf(form: Form, call: Call): { functionName: string; triggerName: string } {
  return { functionName: functionHeadOf(form, call), triggerName: pathParameter(call, 'triggerName') };
}
