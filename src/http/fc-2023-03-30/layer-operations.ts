/** Layers as 3.0 writes them. */
import { layerArn } from '../../core/layers.ts';
import { layerByArnOperation, type LayerForm, layerOperations } from '../shared/layer-operations.ts';
import type { Operation } from '../shared/operation.ts';
import { pageOf } from '../shared/page-query.ts';

const FORM: LayerForm = {
  encodeNames: (layer, region) => ({ acl: layer.isPublic ? '1' : '0', layerVersionArn: layerArn(region, layer) }),
  /** `acl` is the newer way to say it, `public` the older. */
  asksForPublic: (query) => {
    const acl = query.choice('acl', ['0', '1']);
    return acl === undefined ? (query.boolean('public') ?? false) : acl === '1';
  },
  pageOf,
  nextPage: (nextToken) => ({ nextToken }),
};

export const LAYER_OPERATIONS: readonly Operation[] = [...layerOperations(FORM), layerByArnOperation(FORM)];
