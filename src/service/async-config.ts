/** How a function's asynchronous invocations are retried, expired and delivered, by qualifier. */
import { FcError } from '../core/errors.ts';
import { LATEST } from '../core/names.ts';
import type { AsyncConfig } from '../core/resources.ts';
import { changeFunction } from './change-function.ts';
import { checkDestination } from './destination-rule.ts';
import { findQualified, requireFunction } from './find-function.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { ASYNC_CONFIGS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface AsyncConfigInput {
  readonly functionName: string;
  /** Empty means LATEST. Kept as it is written: an alias' configuration is not its version's. */
  readonly qualifier: string;
}

export interface PutAsyncConfigInput extends AsyncConfigInput {
  readonly asyncTask: boolean;
  /** Null members take the default when a task is accepted. */
  readonly maxAsyncRetryAttempts: number | null;
  readonly maxAsyncEventAgeInSeconds: number | null;
  readonly onSuccess: string | null;
  readonly onFailure: string | null;
}

/**
 * Replaces the whole document. Tasks that were accepted before keep what they were accepted under.
 * Rejects with `…NotFound`, or `InvalidArgument` for a destination that cannot be delivered to.
 */
export async function putAsyncConfig(
  context: ServiceContext,
  caller: Caller,
  input: PutAsyncConfigInput,
): Promise<AsyncConfig> {
  const { account } = caller;
  const key = { account, functionName: input.functionName };
  const qualifier = input.qualifier === '' ? LATEST : input.qualifier;
  checkDestination(context, account, { slot: 'onSuccess', destination: input.onSuccess });
  checkDestination(context, account, { slot: 'onFailure', destination: input.onFailure });
  return await changeFunction(context, key, async () => {
    await findQualified(context, key, qualifier);
    const before = await ASYNC_CONFIGS.find(context.store, key, qualifier);
    const nowMs = context.now();
    const createdAtMs = before?.document.createdAtMs ?? nowMs;
    const config: AsyncConfig = { ...input, qualifier, createdAtMs, modifiedAtMs: nowMs };
    return { writes: [ASYNC_CONFIGS.put(config, 'any', key, qualifier)], result: config };
  });
}

/** Rejects with `FunctionNotFound` or `AsyncConfigNotFound`; there is no fallback to another qualifier. */
export async function getAsyncConfig(
  context: ServiceContext,
  { account }: Caller,
  input: AsyncConfigInput,
): Promise<AsyncConfig> {
  const { functionName } = input;
  const key = { account, functionName };
  const qualifier = input.qualifier === '' ? LATEST : input.qualifier;
  await requireFunction(context, key);
  const found = await ASYNC_CONFIGS.find(context.store, key, qualifier);
  if (found !== undefined) return found.document;
  throw new FcError('AsyncConfigNotFound', `AsyncConfig for ${functionName}:${qualifier} does not exist.`);
}

/** Succeeds when there is none: nothing shows what the real service does, and its tools delete before they put. */
export async function deleteAsyncConfig(
  context: ServiceContext,
  caller: Caller,
  { functionName, qualifier }: AsyncConfigInput,
): Promise<void> {
  const key = { account: caller.account, functionName };
  await changeFunction(context, key, async () => {
    const named = qualifier === '' ? LATEST : qualifier;
    const found = await ASYNC_CONFIGS.find(context.store, key, named);
    return { writes: found === undefined ? [] : [ASYNC_CONFIGS.delete('any', key, named)], result: undefined };
  });
}

export interface ListAsyncConfigsInput extends PageRequest {
  /** Absent means all functions of the account. */
  readonly functionName?: string;
}

/** By function name, then qualifier. A function that does not exist gives an empty list. */
export async function listAsyncConfigs(
  { store }: ServiceContext,
  { account }: Caller,
  { functionName, ...request }: ListAsyncConfigsInput,
): Promise<Page<AsyncConfig>> {
  const scope = functionName === undefined ? { account } : { account, functionName };
  return await ASYNC_CONFIGS.list(store, scope, request);
}
