/** How many instances of a function are kept up, whether or not there is work for them. */
import { FcError } from '../core/errors.ts';
import { LATEST } from '../core/names.ts';
import type { ProvisionConfig, Runnable } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import { changeFunction } from './change-function.ts';
import { findQualified, requireFunction } from './find-function.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { findAlias, PROVISION_CONFIGS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ProvisionConfigInput {
  readonly functionName: string;
  /** `LATEST`, a version or an alias; empty means LATEST. */
  readonly qualifier: string;
}

export interface PutProvisionConfigInput extends ProvisionConfigInput {
  readonly target: number;
  /** Kept and given back. */
  readonly passive: ProvisionConfig['passive'];
}

/** The configuration with what there is at the moment, on all nodes, as far as the target. */
export interface Provisioned extends ProvisionConfig {
  readonly current: number;
}

/** Rejects with `FunctionNotFound`, `VersionNotFound` or `AliasNotFound`. */
export async function putProvisionConfig(
  context: ServiceContext,
  caller: Caller,
  input: PutProvisionConfigInput,
): Promise<Provisioned> {
  const { functionName, target, passive } = input;
  const key = { account: caller.account, functionName };
  const config = { ...key, qualifier: input.qualifier || LATEST, target, passive };
  await changeFunction(context, key, async () => {
    await findQualified(context, key, config.qualifier);
    return { writes: [PROVISION_CONFIGS.put(config, 'any', key, config.qualifier)], result: undefined };
  });
  context.engine.provisionChanged();
  return await withCurrent(context, config);
}

/** With nothing configured the target is 0. Rejects as `putProvisionConfig` does. */
export async function getProvisionConfig(
  context: ServiceContext,
  caller: Caller,
  input: ProvisionConfigInput,
): Promise<Provisioned> {
  const key = { account: caller.account, functionName: input.functionName };
  const qualifier = input.qualifier || LATEST;
  await requireFunction(context, key);
  await findQualified(context, key, qualifier);
  const found = await PROVISION_CONFIGS.find(context.store, key, qualifier);
  return await withCurrent(context, found?.document ?? { ...key, qualifier, target: 0, passive: {} });
}

/** Succeeds when there is none. Rejects with `FunctionNotFound`. */
export async function deleteProvisionConfig(
  context: ServiceContext,
  caller: Caller,
  input: ProvisionConfigInput,
): Promise<void> {
  const key = { account: caller.account, functionName: input.functionName };
  await changeFunction(context, key, async () => ({
    writes: [PROVISION_CONFIGS.delete('any', key, input.qualifier || LATEST)],
    result: undefined,
  }));
  context.engine.provisionChanged();
}

export interface ListProvisionConfigsInput extends PageRequest {
  readonly accepts: (config: ProvisionConfig) => boolean;
}

/** By function name and qualifier. */
export async function listProvisionConfigs(
  context: ServiceContext,
  { account }: Caller,
  { accepts, ...request }: ListProvisionConfigsInput,
): Promise<Page<Provisioned>> {
  const { items, nextToken } = await PROVISION_CONFIGS.list(context.store, { account }, request, accepts);
  return { items: await Promise.all(items.map((config) => withCurrent(context, config))), nextToken };
}

/** What is to be kept up, of all accounts. What cannot be found or may not run is left out. */
export async function provisionedRunnables(
  context: Pick<ServiceContext, 'store' | 'functions'>,
): Promise<readonly { readonly runnable: Runnable; readonly count: number }[]> {
  const found: { runnable: Runnable; count: number }[] = [];
  for await (const { target: count, qualifier, ...key } of PROVISION_CONFIGS.all(context.store, null)) {
    const runnable = count > 0 ? await findRunnable(context, key, qualifier) : undefined;
    if (runnable?.policy.disabled === false) found.push({ runnable, count });
  }
  return found;
}

/** Of an alias with weights the main version: the shares of the others change with each call. */
async function findRunnable(
  { store, functions }: Pick<ServiceContext, 'store' | 'functions'>,
  key: FunctionKey,
  qualifier: string,
): Promise<Runnable | undefined> {
  const alias = await findAlias(store, key, qualifier);
  try {
    return await functions.resolve(key, alias?.document.versionId ?? qualifier);
  } catch (error) {
    if (error instanceof FcError) return undefined; // deleted since; whoever calls it is told
    throw error;
  }
}

async function withCurrent(context: ServiceContext, config: ProvisionConfig): Promise<Provisioned> {
  const versionId = await versionIdOf(context, config);
  const instances = versionId === undefined ? [] : await context.engine.instances(config);
  const up = instances.filter((instance) => instance.versionId === versionId && instance.status === 'Running');
  return { ...config, current: Math.min(config.target, up.length) };
}

/** `0` for the head; undefined when the function has no such qualifier any more. */
async function versionIdOf(context: ServiceContext, config: ProvisionConfig): Promise<string | undefined> {
  const { account, functionName, qualifier } = config;
  try {
    return (await findQualified(context, { account, functionName }, qualifier))?.versionId ?? '0';
  } catch (error) {
    if (error instanceof FcError) return undefined; // deleted while the list was read
    throw error;
  }
}
