/** Creates a function with its code. */
import { FcError, invalidArgument } from '../core/errors.ts';
import { isFunctionName, NAME_RULE, splitServiceFunction } from '../core/names.ts';
import type { FunctionRecord, Tag } from '../core/resources.ts';
import { admitCode, type CodeInput } from './admit-code.ts';
import { changeService } from './change-service.ts';
import { requireService } from './find-service.ts';
import { newSettings, type SettingsChange } from './function-settings.ts';
import { resolveLayers } from './resolve-layers.ts';
import { FUNCTIONS, serviceOf } from './resource-store.ts';
import { checkCodeGiven, checkRuntime } from './runtime-rule.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface CreateFunctionInput {
  /** `service$function` for one of 2.0. */
  readonly functionName: string;
  readonly settings: SettingsChange & { readonly runtime: string; readonly handler: string };
  /** Null for a runtime that needs none; else it is refused, once that is known. */
  readonly code: CodeInput | null;
  /** ARNs of versions of layers; absent means none. */
  readonly layers?: readonly string[];
  readonly tags: readonly Tag[];
}

/** Rejects with `FunctionAlreadyExists`, `ServiceNotFound`, `LayerNotFound`, `LayerVersionNotFound`, or `InvalidArgument` for a name, a runtime or a zip that cannot be. */
export async function createFunction(
  context: ServiceContext,
  caller: Caller,
  input: CreateFunctionInput,
): Promise<FunctionRecord> {
  const { functionName, tags } = input;
  const key = { account: caller.account, functionName };
  const service = serviceOf(key);
  if (!isFunctionName(functionName)) {
    // What can be no service's name is the name of none.
    if (service !== undefined) await requireService(context, service);
    throw invalidArgument(`functionName must be ${NAME_RULE} (actual: '${functionName}')`);
  }
  // All is asked before the zip is unpacked, which is the dear part.
  checkRuntime(input.settings.runtime, context.packages);
  checkCodeGiven(input.settings.runtime, input.code !== null, context.packages);
  if (service !== undefined) await requireService(context, service);
  if ((await FUNCTIONS.find(context.store, key)) !== undefined) throw alreadyExists(functionName);
  const layers = await resolveLayers(context, caller, { arns: input.layers ?? [] });
  const code = input.code && (await admitCode(context, input.code));
  const nowMs = context.now();
  const record: FunctionRecord = {
    ...key,
    ...newSettings(context.packages, { code, layers }, input.settings),
    functionId: context.newUuid(),
    revision: 1,
    nextVersionId: 1,
    restriction: null,
    tags,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  await store(context, record);
  // Callers may have asked for it before it was there, and tasks of an earlier function of that name may wait.
  context.functions.forget(key);
  context.engine.changed(key);
  return record;
}

/** A function of 2.0 writes its service's record too, so that none is put into a service that is deleted meanwhile. */
async function store(context: ServiceContext, record: FunctionRecord): Promise<void> {
  const serviceKey = serviceOf(record);
  const put = FUNCTIONS.put(record, 'absent', record);
  if (serviceKey !== undefined) {
    await changeService(context, serviceKey, async () => {
      if ((await FUNCTIONS.find(context.store, record)) !== undefined) throw alreadyExists(record.functionName);
      return { writes: [put], result: undefined };
    });
  } else if ((await context.store.writeRecords([put])) === 'conflict') {
    throw alreadyExists(record.functionName);
  }
}

function alreadyExists(name: string): FcError {
  const split = splitServiceFunction(name);
  const place = split === undefined ? '' : ` in service '${split.serviceName}'`;
  return new FcError('FunctionAlreadyExists', `function '${split?.functionName ?? name}' already exists${place}`);
}
