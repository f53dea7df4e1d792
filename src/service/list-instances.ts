/** Lists the instances of a function that run or ran a moment ago, on every node. */
import { LATEST, parseQualifier } from '../core/names.ts';
import type { FunctionKey } from '../core/task.ts';
import { findQualified, requireFunction } from './find-function.ts';
import { requireAlias } from './get-alias.ts';
import type { Caller, InstanceView, ServiceContext } from './service-context.ts';

export interface ListedInstance extends InstanceView {
  readonly status: Exclude<InstanceView['status'], 'Starting'>;
}

export interface ListInstancesInput {
  readonly functionName: string;
  /** Empty means all versions; an alias stands for its main version and those with a weight. */
  readonly qualifier: string;
  /** Empty means any. */
  readonly instanceIds: readonly string[];
  readonly statuses: readonly ListedInstance['status'][];
  /** Instances that lived at some time within the window, both ends included. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Takes instances that are not destroyed whatever the window says. */
  readonly withAllActive: boolean;
  /** Begins at this instance id (included); empty for the first. */
  readonly startKey: string;
  readonly limit: number;
}

/** In order of their ids. Rejects with `…NotFound`, or `InvalidArgument` for what can be no qualifier. */
export async function listInstances(
  context: ServiceContext,
  { account }: Caller,
  input: ListInstancesInput,
): Promise<readonly ListedInstance[]> {
  const key = { account, functionName: input.functionName };
  await requireFunction(context, key);
  const versionIds = input.qualifier === '' ? undefined : await versionIdsOf(context, key, input.qualifier);
  return (await context.engine.instances(key))
    .filter((instance) => versionIds?.has(instance.versionId) ?? true)
    .map(listed)
    .filter((instance) => fits(instance, input))
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1))
    .slice(0, input.limit);
}

async function versionIdsOf(context: ServiceContext, key: FunctionKey, qualifier: string): Promise<Set<string>> {
  const version = await findQualified(context, key, qualifier);
  const parsed = parseQualifier(qualifier);
  if (parsed?.kind !== 'alias') return new Set([version?.versionId ?? '0']);
  const alias = await requireAlias(context, key, parsed.aliasName);
  return new Set([alias.versionId, ...Object.keys(alias.additionalVersionWeight ?? {})]);
}

/** The API has no word for one that does not take calls yet. */
function listed(instance: InstanceView): ListedInstance {
  return { ...instance, status: instance.status === 'Starting' ? 'Running' : instance.status };
}

function fits(instance: ListedInstance, input: ListInstancesInput): boolean {
  const { instanceIds, statuses, startKey } = input;
  return (
    (instanceIds.length === 0 || instanceIds.includes(instance.instanceId)) &&
    (statuses.length === 0 || statuses.includes(instance.status)) &&
    instance.instanceId >= startKey &&
    ((input.withAllActive && instance.status !== 'Destroyed') || livedWithin(instance, input))
  );
}

function livedWithin({ createdAtMs, destroyedAtMs }: InstanceView, { fromMs, toMs }: ListInstancesInput): boolean {
  const endedAtMs = destroyedAtMs ?? Number.POSITIVE_INFINITY;
  return endedAtMs >= (fromMs ?? 0) && createdAtMs <= (toMs ?? Number.POSITIVE_INFINITY);
}

/** What the wire calls an instance's version: `0` is the head. */
export function qualifierOf({ versionId }: InstanceView): string {
  return versionId === '0' ? LATEST : versionId;
}
