/** Tags of services, by the service's name in full (`acs:fc:{region}:{account}:services/{s}`) or in short (`services/{s}`). */
import { parseArn } from '../../../core/arn.ts';
import { invalidArgument } from '../../../core/errors.ts';
import type { ServiceRecord, Tag } from '../../../core/resources.ts';
import { listServices } from '../../../service/list-services.ts';
import { getServiceTags, tagService, untagService } from '../../../service/service-tags.ts';
import { type Call, ok, type Reply } from '../call.ts';
import type { Fields } from '../fields.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { pageOf } from '../page-query.ts';
import type { Form } from './form.ts';
import { nextPage } from './next-page.ts';

const TAG_LENGTH_MAX = 128;

export function tagOperations(form: Form): readonly Operation[] {
  return [
    { name: 'TagResource', method: 'POST', path: '/tag', bodyBytesMax, handle: (call) => tag(form, call) },
    {
      name: 'UntagResource',
      method: form.untagMethod,
      path: '/tag',
      bodyBytesMax,
      handle: (call) => untag(form, call),
    },
    { name: 'GetResourceTags', method: 'GET', path: '/tag', bodyBytesMax, handle: get },
    { name: 'ListTaggedResources', method: 'GET', path: '/tags', bodyBytesMax, handle: list },
  ];
}

async function tag(form: Form, call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  const tags = decodeTags(fields);
  await tagService(call.context, call.caller, { serviceName: resourceIn(call, fields), tags });
  return form.taggedReply(call);
}

async function untag(form: Form, call: Call): Promise<Reply> {
  const fields = decodeJsonBody(call.body);
  const all = fields.boolean('all') ?? false;
  const keys = all ? 'all' : (fields.textList('tagKeys') ?? []);
  await untagService(call.context, call.caller, { serviceName: resourceIn(call, fields), keys });
  return form.taggedReply(call);
}

async function get(call: Call): Promise<Reply> {
  const resourceArn = call.query.text('resourceArn');
  if (resourceArn === '') throw invalidArgument('resourceArn is required');
  const serviceName = serviceNamed(call, resourceArn);
  const tags = await getServiceTags(call.context, call.caller, { serviceName });
  return ok({ resourceArn: arnOf(call, serviceName), tags: encodeTags(tags) });
}

async function list(call: Call): Promise<Reply> {
  const { limit, nextToken } = pageOf(call.query);
  const page = await listServices(call.context, call.caller, { limit, nextToken, tags: [], tagged: true });
  const resources = page.items.map(({ serviceName, tags }) => ({
    resourceArn: arnOf(call, serviceName),
    tags: encodeTags(tags),
  }));
  return ok({ resources, ...nextPage(page.nextToken) });
}

function resourceIn(call: Call, fields: Fields): string {
  const resourceArn = fields.text('resourceArn') ?? '';
  if (resourceArn === '') throw fields.missing('resourceArn');
  return serviceNamed(call, resourceArn);
}

/** Any region is taken for the server's own; another account's is nobody's. */
function serviceNamed({ caller }: Call, resourceArn: string): string {
  const arn = parseArn(resourceArn);
  const isOwn = arn === undefined || (arn.service === 'fc' && ['', caller.account].includes(arn.account));
  const name = /^services\/([^/.]+)$/.exec(arn?.resource ?? resourceArn)?.[1];
  if (isOwn && name !== undefined) return name;
  throw invalidArgument(
    `resourceArn must be acs:fc:{region}:{account}:services/{serviceName} of the own account, or services/{serviceName} (actual: '${resourceArn.slice(0, 256)}')`,
  );
}

function arnOf({ context, caller }: Call, serviceName: string): string {
  return `acs:fc:${context.settings.region}:${caller.account}:services/${serviceName}`;
}

function decodeTags(fields: Fields): readonly Tag[] {
  const tags = Object.entries(fields.textMap('tags') ?? {}).map(([key, value]) => ({ key, value }));
  if (tags.length === 0) throw fields.missing('tags');
  if (tags.some(({ key, value }) => key === '' || key.length > TAG_LENGTH_MAX || value.length > TAG_LENGTH_MAX)) {
    throw invalidArgument(`tags must have keys of 1 to ${TAG_LENGTH_MAX} characters and values of at most as many`);
  }
  return tags;
}

function encodeTags(tags: ServiceRecord['tags']): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}
