/** Lists the functions of an account, by name. */
import type { FunctionRecord, Tag } from '../core/resources.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { FUNCTIONS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface FunctionFilter {
  /** `v2` for functions that lie in a service of 2.0; absent means both. */
  readonly generation?: 'v2' | 'v3';
  readonly functionName?: string;
  readonly runtime?: string;
  /** Part of the description. */
  readonly description?: string;
  readonly gpuType?: string;
  readonly resourceGroupId?: string;
  /** A function must carry all of them. */
  readonly tags?: readonly Tag[];
}

export interface ListFunctionsInput extends PageRequest {
  readonly filter: FunctionFilter;
}

/** A page may be short, or empty, and have a token all the same: filters are applied while a bounded part is read. */
export async function listFunctions(
  { store }: ServiceContext,
  { account }: Caller,
  { filter, ...request }: ListFunctionsInput,
): Promise<Page<FunctionRecord>> {
  return await FUNCTIONS.list(store, { account }, request, (record) => fits(record, filter));
}

function fits(record: FunctionRecord, filter: FunctionFilter): boolean {
  const { passive } = record;
  const gpuConfig = passive['gpuConfig'] as { readonly gpuType?: unknown } | undefined;
  return (
    (filter.generation === undefined || filter.generation === generationOf(record)) &&
    equalsIfGiven(filter.functionName, record.functionName) &&
    equalsIfGiven(filter.runtime, record.runtime) &&
    record.description.includes(filter.description ?? '') &&
    equalsIfGiven(filter.gpuType, gpuConfig?.gpuType) &&
    equalsIfGiven(filter.resourceGroupId, passive['resourceGroupId']) &&
    (filter.tags ?? []).every((tag) => record.tags.some(({ key, value }) => key === tag.key && value === tag.value))
  );
}

function equalsIfGiven(wanted: string | undefined, actual: unknown): boolean {
  return wanted === undefined || wanted === actual;
}

function generationOf({ functionName }: FunctionRecord): 'v2' | 'v3' {
  return functionName.includes('$') ? 'v2' : 'v3';
}
