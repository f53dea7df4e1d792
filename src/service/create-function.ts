/** Creates a function with its code. */
import { FcError, invalidArgument } from '../core/errors.ts';
import { isFunctionName, NAME_RULE } from '../core/names.ts';
import type { FunctionRecord, Tag } from '../core/resources.ts';
import { admitCode, type CodeInput } from './admit-code.ts';
import { newSettings, type SettingsChange } from './function-settings.ts';
import { FUNCTIONS } from './resource-store.ts';
import { checkRuntime } from './runtime-rule.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface CreateFunctionInput {
  /** `service$function` for one of 2.0. */
  readonly functionName: string;
  readonly settings: SettingsChange & { readonly runtime: string; readonly handler: string };
  /** Null is refused, once it is known that the runtime is one that needs code. */
  readonly code: CodeInput | null;
  readonly tags: readonly Tag[];
}

/** Rejects with `FunctionAlreadyExists`, or `InvalidArgument` for a name, a runtime or a zip that cannot be. */
export async function createFunction(
  context: ServiceContext,
  caller: Caller,
  input: CreateFunctionInput,
): Promise<FunctionRecord> {
  const { functionName, tags } = input;
  if (!isFunctionName(functionName)) {
    throw invalidArgument(`functionName must be ${NAME_RULE} (actual: '${functionName}')`);
  }
  const key = { account: caller.account, functionName };
  // All is asked before the zip is unpacked, which is the dear part.
  checkRuntime(input.settings.runtime, context.packages);
  if (input.code === null) throw invalidArgument('code is required');
  if ((await FUNCTIONS.find(context.store, key)) !== undefined) throw alreadyExists(functionName);
  const code = await admitCode(context, input.code);
  const nowMs = context.now();
  const record: FunctionRecord = {
    ...key,
    ...newSettings(context.packages, code, input.settings),
    functionId: context.newUuid(),
    revision: 1,
    nextVersionId: 1,
    restriction: null,
    tags,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  const answer = await context.store.writeRecords([FUNCTIONS.put(record, 'absent', key)]);
  if (answer === 'conflict') throw alreadyExists(functionName);
  // Callers may have asked for it before it was there, and tasks of an earlier function of that name may wait.
  context.functions.forget(key);
  context.engine.changed(key);
  return record;
}

function alreadyExists(functionName: string): FcError {
  return new FcError('FunctionAlreadyExists', `function '${functionName}' already exists`);
}
