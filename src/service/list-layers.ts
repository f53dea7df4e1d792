/** Lists layers by name, each with its latest version, and the versions of one. */
import type { LayerRecord } from '../core/layers.ts';
import type { Store } from '../store/store.ts';
import { type FoundLayer, requireLayer, seenLayer } from './find-layer.ts';
import { LAYER_VERSIONS, LAYERS } from './layer-shelves.ts';
import { decodeNames, encodeNames } from './name-cursor.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { paddedVersionId } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ListLayersInput extends PageRequest {
  /** The public ones of every account in place of the caller's own. */
  readonly publicOnly: boolean;
}

export async function listLayers(
  { store }: ServiceContext,
  { account }: Caller,
  { publicOnly, ...request }: ListLayersInput,
): Promise<Page<FoundLayer>> {
  const page = publicOnly ? await publicPage(store, request) : await LAYERS.list(store, { account }, request, isListed);
  const items: FoundLayer[] = [];
  for (const { isPublic, latestVersion, ...key } of page.items) {
    const found = await LAYER_VERSIONS.find(store, { ...key, version: latestVersion ?? 0 });
    // Deleted since the page was read.
    if (found !== undefined) items.push(seenLayer(found.document, isPublic));
  }
  return { items, nextToken: page.nextToken };
}

function isListed({ latestVersion }: LayerRecord): boolean {
  return latestVersion !== null;
}

/** The token names the last layer that was shown, as the next one may be somebody's private one. */
async function publicPage(store: Store, { limit, nextToken, prefix = '' }: PageRequest): Promise<Page<LayerRecord>> {
  const after = nextToken === '' ? '' : decodeNames(nextToken, 2).join('/');
  const items: LayerRecord[] = [];
  for await (const layer of LAYERS.all(store, null)) {
    const shown = isListed(layer) && layer.isPublic && layer.layerName.startsWith(prefix);
    if (!shown || `${layer.account}/${layer.layerName}` <= after) continue;
    if (items.length === limit) {
      const last = items.at(-1);
      return { items, nextToken: encodeNames([last?.account ?? '', last?.layerName ?? '']) };
    }
    items.push(layer);
  }
  return { items, nextToken: '' };
}

export interface ListLayerVersionsInput {
  readonly layerName: string;
  /** The list begins at this number, or where it would stand. */
  readonly startVersion: number;
  readonly limit: number;
}

export interface LayerVersions {
  readonly items: readonly FoundLayer[];
  /** Where the next page begins; null on the last. */
  readonly nextVersion: number | null;
}

/** In ascending order. Rejects with `LayerNotFound`. */
export async function listLayerVersions(
  context: ServiceContext,
  { account }: Caller,
  { layerName, startVersion, limit }: ListLayerVersionsInput,
): Promise<LayerVersions> {
  const { isPublic } = await requireLayer(context, { account, layerName });
  const scope = { account, layerName };
  const request = { limit: limit + 1, nextToken: '', startKey: paddedVersionId(String(startVersion)) };
  const { items } = await LAYER_VERSIONS.list(context.store, scope, request);
  return {
    items: items.slice(0, limit).map((version) => seenLayer(version, isPublic)),
    nextVersion: items[limit]?.version ?? null,
  };
}
