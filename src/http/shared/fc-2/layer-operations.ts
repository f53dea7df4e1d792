/** Layers as 2.0 writes them. */
import { layerArn } from '../../../core/layers.ts';
import { layerByArnOperation, type LayerForm, layerOperations } from '../layer-operations.ts';
import { nextPage } from './next-page.ts';
import { startingPageOf } from './page-query.ts';

const FORM: LayerForm = {
  encodeNames: (layer, region) => {
    // The older form of the name, `{hash}#{layer}#{version}`, was on its way out: here both are the newer one.
    const arn = layerArn(region, layer);
    // `codesize` is what the SDK of 2021 reads in the answer of CreateLayerVersion alone.
    return { acl: layer.isPublic ? 1 : 0, arn, arnV2: arn, codesize: layer.code.sizeBytes };
  },
  asksForPublic: (query) => query.boolean('public') ?? false,
  pageOf: startingPageOf,
  nextPage,
};

export const LAYER_OPERATIONS = layerOperations(FORM);

/** Of 2016-08-15 alone. */
export const GET_LAYER_VERSION_BY_ARN = layerByArnOperation(FORM);
