/** PublishFunctionVersion, ListFunctionVersions, DeleteFunctionVersion. One version is read with GetFunction. */
import { DESCRIPTION_LENGTH_MAX } from '../../core/limits.ts';
import type { FunctionVersion } from '../../core/resources.ts';
import { deleteVersion } from '../../service/delete-version.ts';
import { listVersions } from '../../service/list-versions.ts';
import { publishVersion } from '../../service/publish-version.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from '../shared/call.ts';
import { rfc3339Seconds } from '../shared/dates.ts';
import { decodeJsonBody } from '../shared/json-body.ts';
import { CONTROL_BODY_BYTES_MAX, type Operation } from '../shared/operation.ts';
import { pageOf } from '../shared/page-query.ts';

const COLLECTION = '/functions/{functionName}/versions';

export const VERSION_OPERATIONS: readonly Operation[] = [
  {
    name: 'PublishFunctionVersion',
    method: 'POST',
    path: COLLECTION,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: publish,
  },
  { name: 'ListFunctionVersions', method: 'GET', path: COLLECTION, bodyBytesMax: CONTROL_BODY_BYTES_MAX, handle: list },
  {
    name: 'DeleteFunctionVersion',
    method: 'DELETE',
    path: `${COLLECTION}/{versionId}`,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: remove,
  },
];

async function publish(call: Call): Promise<Reply> {
  const version = await publishVersion(call.context, call.caller, {
    functionName: pathParameter(call, 'functionName'),
    description: decodeJsonBody(call.body).text('description', { lengthMax: DESCRIPTION_LENGTH_MAX }) ?? '',
  });
  return ok(encodeVersion(version));
}

async function list(call: Call): Promise<Reply> {
  const { limit, nextToken } = pageOf(call.query);
  const direction = call.query.choice('direction', ['FORWARD', 'BACKWARD']) ?? 'BACKWARD';
  const page = await listVersions(call.context, call.caller, {
    functionName: pathParameter(call, 'functionName'),
    order: direction === 'FORWARD' ? 'ascending' : 'descending',
    limit,
    nextToken,
  });
  return ok({ versions: page.items.map(encodeVersion), nextToken: page.nextToken, direction });
}

async function remove(call: Call): Promise<Reply> {
  await deleteVersion(call.context, call.caller, {
    functionName: pathParameter(call, 'functionName'),
    versionId: pathParameter(call, 'versionId'),
  });
  return NO_CONTENT;
}

function encodeVersion(version: FunctionVersion): Record<string, unknown> {
  return {
    versionId: version.versionId,
    description: version.description,
    createdTime: rfc3339Seconds(version.createdAtMs),
    lastModifiedTime: rfc3339Seconds(version.modifiedAtMs),
  };
}
