/** The enclosure of one instance of a function, with what the function brings: its code and its layers. */
import type { UsedLayer } from '../../core/resources.ts';
import { codeOf } from '../code/code-of.ts';
import type { InstanceSpec } from '../runtime.ts';
import { instanceLimits } from './instance-limits.ts';
import type { Enclosure, Isolation } from './isolation.ts';

export interface EncloseOptions {
  readonly ensureCode: (sha256: string) => Promise<string>;
  readonly ensureLayers: (layers: readonly UsedLayer[]) => Promise<string | undefined>;
  readonly isolation: Isolation;
}

export interface EnclosedFunction {
  readonly enclosure: Enclosure;
  /** Where the function finds what its layers hold together; undefined without any. */
  readonly layersFolder: string | undefined;
}

/** Where Function Compute puts layers. */
export const LAYERS_FOLDER = '/opt';

/** Rejects when a package is not stored, or the machine has no room. */
export async function encloseFunction(
  { ensureCode, ensureLayers, isolation }: EncloseOptions,
  { settings }: InstanceSpec,
  instanceId: string,
): Promise<EnclosedFunction> {
  const codeFolder = await ensureCode(codeOf(settings).sha256);
  const layers = await ensureLayers(settings.layers ?? []);
  const mounts = layers === undefined ? [] : [{ source: layers, target: LAYERS_FOLDER }];
  const limits = instanceLimits(settings);
  const enclosure = await isolation.enclose({ instanceId, codeFolder, mounts, limits });
  return { enclosure, layersFolder: layers && enclosure.placeOf(layers) };
}
