/** Layers and their versions: the same operations in every version of the API, but for some names. */
import { createLayerVersion } from '../../service/create-layer-version.ts';
import { deleteLayerVersion } from '../../service/delete-layer-version.ts';
import type { FoundLayer } from '../../service/find-layer.ts';
import { getLayerVersion, getLayerVersionByArn } from '../../service/get-layer-version.ts';
import { listLayers, listLayerVersions } from '../../service/list-layers.ts';
import { putLayerAcl } from '../../service/put-layer-acl.ts';
import type { PageRequest } from '../../service/record-shelf.ts';
import { type Call, NO_CONTENT, ok, pathParameter, type Reply } from './call.ts';
import { CODE_BODY_BYTES_MAX } from './code-zip.ts';
import { decodeCreateLayerVersion, encodeLayerMembers, layerVersionOf } from './layer-members.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from './operation.ts';
import type { Query } from './query.ts';

/** How one version of the API writes what differs. */
export interface LayerForm {
  /** The names and the access of a layer's version in an answer. */
  readonly encodeNames: (layer: FoundLayer, region: string) => Record<string, unknown>;
  /** What PutLayerACL asks for. */
  readonly asksForPublic: (query: Query) => boolean;
  readonly pageOf: (query: Query) => PageRequest;
  /** How a list says that there is more; an empty token is the last page's. */
  readonly nextPage: (nextToken: string) => { readonly nextToken?: string };
}

const VERSIONS = '/layers/{layerName}/versions';
const VERSION = `${VERSIONS}/{version}`;

/** An ARN is one segment here, slashes and all. Not an operation of 2021-04-06. */
export function layerByArnOperation(form: LayerForm): Operation {
  async function handle(call: Call): Promise<Reply> {
    const layer = await getLayerVersionByArn(call.context, call.caller, pathParameter(call, 'arn'));
    return ok(encodeLayer(form, call, layer));
  }
  return { name: 'GetLayerVersionByArn', method: 'GET', path: '/layerarn/{arn}', bodyBytesMax, handle };
}

export function layerOperations(form: LayerForm): readonly Operation[] {
  const encode = (call: Call, layer: FoundLayer): Record<string, unknown> => encodeLayer(form, call, layer);

  async function create(call: Call): Promise<Reply> {
    return ok(encode(call, await createLayerVersion(call.context, call.caller, decodeCreateLayerVersion(call))));
  }

  async function get(call: Call): Promise<Reply> {
    return ok(encode(call, await getLayerVersion(call.context, call.caller, layerVersionOf(call))));
  }

  async function listVersions(call: Call): Promise<Reply> {
    const { limit } = form.pageOf(call.query);
    const startVersion = call.query.integer('startVersion', { min: 1, max: Number.MAX_SAFE_INTEGER }) ?? 1;
    const input = { layerName: pathParameter(call, 'layerName'), startVersion, limit };
    const { items, nextVersion } = await listLayerVersions(call.context, call.caller, input);
    return ok({ layers: items.map((layer) => encode(call, layer)), ...(nextVersion !== null && { nextVersion }) });
  }

  async function list(call: Call): Promise<Reply> {
    const publicOnly = call.query.boolean('public') ?? false;
    // There is nobody here whose layers would be official.
    if (call.query.boolean('official') === true) return ok({ layers: [], ...form.nextPage('') });
    const { items, nextToken } = await listLayers(call.context, call.caller, {
      ...form.pageOf(call.query),
      publicOnly,
    });
    return ok({ layers: items.map((layer) => encode(call, layer)), ...form.nextPage(nextToken) });
  }

  async function putAcl(call: Call): Promise<Reply> {
    const isPublic = form.asksForPublic(call.query);
    await putLayerAcl(call.context, call.caller, { layerName: pathParameter(call, 'layerName'), isPublic });
    return NO_CONTENT;
  }

  return [
    { name: 'CreateLayerVersion', method: 'POST', path: VERSIONS, bodyBytesMax: CODE_BODY_BYTES_MAX, handle: create },
    { name: 'GetLayerVersion', method: 'GET', path: VERSION, bodyBytesMax, handle: get },
    { name: 'ListLayerVersions', method: 'GET', path: VERSIONS, bodyBytesMax, handle: listVersions },
    { name: 'ListLayers', method: 'GET', path: '/layers', bodyBytesMax, handle: list },
    { name: 'DeleteLayerVersion', method: 'DELETE', path: VERSION, bodyBytesMax, handle: remove },
    { name: 'PutLayerACL', method: 'PUT', path: '/layers/{layerName}/acl', bodyBytesMax, handle: putAcl },
  ];
}

function encodeLayer(form: LayerForm, call: Call, layer: FoundLayer): Record<string, unknown> {
  return { ...encodeLayerMembers(call, layer), ...form.encodeNames(layer, call.context.settings.region) };
}

async function remove(call: Call): Promise<Reply> {
  await deleteLayerVersion(call.context, call.caller, layerVersionOf(call));
  return NO_CONTENT;
}
