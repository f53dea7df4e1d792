/** PublishServiceVersion, ListServiceVersions, DeleteServiceVersion. */
import { DESCRIPTION_LENGTH_MAX } from '../../../core/limits.ts';
import type { ServiceVersion } from '../../../core/resources.ts';
import { deleteServiceVersion } from '../../../service/delete-service-version.ts';
import { listServiceVersions } from '../../../service/list-service-versions.ts';
import { publishServiceVersion } from '../../../service/publish-service-version.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../call.ts';
import { rfc3339Seconds } from '../dates.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { type Form, headOf, ifMatchOf, SERVICE } from './form.ts';
import { nextPage } from './next-page.ts';
import { startingPageOf } from './page-query.ts';
import { okTagged } from './tagged-reply.ts';

const COLLECTION = `${SERVICE}/versions`;
const ITEM = `${COLLECTION}/{versionId}`;

export function serviceVersionOperations(form: Form): readonly Operation[] {
  return [
    {
      name: 'PublishServiceVersion',
      method: 'POST',
      path: COLLECTION,
      bodyBytesMax,
      handle: (call) => publish(form, call),
    },
    { name: 'ListServiceVersions', method: 'GET', path: COLLECTION, bodyBytesMax, handle: (call) => list(form, call) },
    { name: 'DeleteServiceVersion', method: 'DELETE', path: ITEM, bodyBytesMax, handle: (call) => remove(form, call) },
  ];
}

async function publish(form: Form, call: Call): Promise<Reply> {
  const version = await publishServiceVersion(call.context, call.caller, {
    serviceName: headOf(form, call),
    description: decodeJsonBody(call.body).text('description', { lengthMax: DESCRIPTION_LENGTH_MAX }) ?? '',
    ifMatch: ifMatchOf(call),
  });
  return okTagged(encodeVersion(version), version);
}

async function list(form: Form, call: Call): Promise<Reply> {
  const { prefix: _, ...page } = startingPageOf(call.query);
  const direction = call.query.choice('direction', ['FORWARD', 'BACKWARD']) ?? 'BACKWARD';
  const order = direction === 'FORWARD' ? 'ascending' : 'descending';
  const input = { ...page, serviceName: headOf(form, call), order } as const;
  const { items, nextToken } = await listServiceVersions(call.context, call.caller, input);
  return ok({ versions: items.map(encodeVersion), ...nextPage(nextToken), direction });
}

async function remove(form: Form, call: Call): Promise<Reply> {
  const input = { serviceName: headOf(form, call), versionId: pathParameter(call, 'versionId') };
  await deleteServiceVersion(call.context, call.caller, input);
  return NO_CONTENT;
}

function encodeVersion(version: ServiceVersion): Record<string, unknown> {
  return {
    versionId: version.versionId,
    description: version.description,
    createdTime: rfc3339Seconds(version.createdAtMs),
    lastModifiedTime: rfc3339Seconds(version.modifiedAtMs),
  };
}
