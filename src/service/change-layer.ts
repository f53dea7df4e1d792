/** Changes a layer by compare-and-set on its record, with its versions: no number is given twice. */
import type { LayerRecord } from '../core/layers.ts';
import type { RecordWrite } from '../store/store.ts';
import { type LayerKey, LAYERS } from './layer-shelves.ts';
import type { ServiceContext } from './service-context.ts';
import { untilWritten } from './until-written.ts';

export interface LayerChange<Result> {
  readonly result: Result;
  readonly record: LayerRecord;
  readonly writes: readonly RecordWrite[];
}

/** @param change is asked again with the newer record after a lost race; undefined where there is none yet */
export async function changeLayer<Result>(
  { store }: ServiceContext,
  key: LayerKey,
  change: (found: LayerRecord | undefined) => Promise<LayerChange<Result>>,
): Promise<Result> {
  return await untilWritten(`layer '${key.layerName}'`, async () => {
    const found = await LAYERS.find(store, key);
    const { record, result, writes } = await change(found?.document);
    const put = LAYERS.put(record, found?.revision ?? 'absent', key);
    return { result, answer: await store.writeRecords([put, ...writes]) };
  });
}
