/** Deletes a version of a layer. Functions that use it keep their copy. */
import { changeLayer } from './change-layer.ts';
import { layerVersionNotFound, requireLayer } from './find-layer.ts';
import { LAYER_VERSIONS } from './layer-shelves.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface DeleteLayerVersionInput {
  readonly layerName: string;
  readonly version: number;
}

/** Rejects with `LayerNotFound` or `LayerVersionNotFound`. */
export async function deleteLayerVersion(
  context: ServiceContext,
  { account }: Caller,
  { layerName, version }: DeleteLayerVersionInput,
): Promise<void> {
  const key = { account, layerName, version };
  await changeLayer(context, key, async (found) => {
    const layer = found ?? (await requireLayer(context, key));
    if ((await LAYER_VERSIONS.find(context.store, key)) === undefined) throw layerVersionNotFound(key);
    const latestVersion = version === layer.latestVersion ? await latestBefore(context, key) : layer.latestVersion;
    return { record: { ...layer, latestVersion }, writes: [LAYER_VERSIONS.delete('any', key)], result: undefined };
  });
}

async function latestBefore(
  { store }: ServiceContext,
  { account, layerName, version }: DeleteLayerVersionInput & { readonly account: string },
): Promise<number | null> {
  const scope = { account, layerName };
  const { items } = await LAYER_VERSIONS.list(store, scope, { limit: 2, nextToken: '', order: 'descending' });
  return items.find((other) => other.version < version)?.version ?? null;
}
