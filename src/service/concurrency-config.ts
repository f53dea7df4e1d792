/** The limit of a function's executions at once, over all its versions and all nodes. */
import { FcError } from '../core/errors.ts';
import { splitServiceFunction } from '../core/names.ts';
import type { ConcurrencyConfig } from '../core/resources.ts';
import { changeFunction } from './change-function.ts';
import { checkEtag } from './etag.ts';
import { requireFunction } from './find-function.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { CONCURRENCY_CONFIGS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ConcurrencyConfigInput {
  readonly functionName: string;
}

/** Of a change. */
interface Conditional {
  /** Entity tag of the configuration; empty or absent when any will do, also none. */
  readonly ifMatch?: string;
}

export interface PutConcurrencyConfigInput extends Conditional, ConcurrencyConfigInput {
  /** An integer from 0, which blocks the function. */
  readonly reservedConcurrency: number;
}

export async function putConcurrencyConfig(
  context: ServiceContext,
  caller: Caller,
  { functionName, reservedConcurrency, ifMatch = '' }: PutConcurrencyConfigInput,
): Promise<ConcurrencyConfig> {
  const key = { account: caller.account, functionName };
  const config: ConcurrencyConfig = { functionName, reservedConcurrency };
  await changeFunction(context, key, async () => {
    if (ifMatch !== '') checkEtag(ifMatch, (await CONCURRENCY_CONFIGS.find(context.store, key))?.document ?? null);
    return { writes: [CONCURRENCY_CONFIGS.put(config, 'any', key)], result: undefined };
  });
  context.engine.limitsChanged(key);
  return config;
}

/** Rejects with `FunctionNotFound` or `ConcurrencyConfigNotFound`. */
export async function getConcurrencyConfig(
  context: ServiceContext,
  { account }: Caller,
  { functionName }: ConcurrencyConfigInput,
): Promise<ConcurrencyConfig> {
  const key = { account, functionName };
  await requireFunction(context, key);
  const found = await CONCURRENCY_CONFIGS.find(context.store, key);
  if (found !== undefined) return found.document;
  throw new FcError('ConcurrencyConfigNotFound', `function '${functionName}' has no concurrency configuration`);
}

/** Succeeds when there is none: nothing shows what the real service does, and its tools delete before they look. */
export async function deleteConcurrencyConfig(
  context: ServiceContext,
  caller: Caller,
  { functionName, ifMatch = '' }: ConcurrencyConfigInput & Conditional,
): Promise<void> {
  const key = { account: caller.account, functionName };
  await changeFunction(context, key, async () => {
    if (ifMatch !== '') checkEtag(ifMatch, (await CONCURRENCY_CONFIGS.find(context.store, key))?.document ?? null);
    return { writes: [CONCURRENCY_CONFIGS.delete('any', key)], result: undefined };
  });
  context.engine.limitsChanged(key);
}

export interface ListConcurrencyConfigsInput extends PageRequest {
  /** Absent means all functions of the account. */
  readonly functionName?: string;
  /** `v2` for functions that lie in a service of 2.0; absent means both. */
  readonly generation?: 'v2';
}

/** By function name. A function without a configuration gives an empty list, and so does one that does not exist. */
export async function listConcurrencyConfigs(
  { store }: ServiceContext,
  { account }: Caller,
  { functionName, generation, ...request }: ListConcurrencyConfigsInput,
): Promise<Page<ConcurrencyConfig>> {
  if (functionName === undefined) {
    const accepts = (config: ConcurrencyConfig): boolean =>
      generation === undefined || splitServiceFunction(config.functionName) !== undefined;
    return await CONCURRENCY_CONFIGS.list(store, { account }, request, accepts);
  }
  const found = await CONCURRENCY_CONFIGS.find(store, { account, functionName });
  return { items: found === undefined ? [] : [found.document], nextToken: '' };
}
