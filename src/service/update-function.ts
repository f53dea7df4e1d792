/** Changes the settings or the code of a function's unpublished head. */
import type { FunctionRecord } from '../core/resources.ts';
import { admitCode, type CodeInput } from './admit-code.ts';
import { changeFunction } from './change-function.ts';
import { checkEtag } from './etag.ts';
import { requireFunction } from './find-function.ts';
import { changedSettings, type SettingsChange } from './function-settings.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface UpdateFunctionInput {
  readonly functionName: string;
  readonly settings: SettingsChange;
  /** Absent keeps the code. */
  readonly code?: CodeInput;
  /** Entity tag of the function; empty or absent when any will do. */
  readonly ifMatch?: string;
}

/** What starts from now on runs the new revision; attempts under way end on the one that they began with. */
export async function updateFunction(
  context: ServiceContext,
  caller: Caller,
  input: UpdateFunctionInput,
): Promise<FunctionRecord> {
  const key = { account: caller.account, functionName: input.functionName };
  await requireFunction(context, key); // before a zip is unpacked for nothing
  const code = input.code && (await admitCode(context, input.code));
  const updated = await changeFunction(context, key, async (found) => {
    checkEtag(input.ifMatch ?? '', found);
    const record: FunctionRecord = {
      ...found,
      ...changedSettings(context.packages, found, input.settings),
      ...(code && { code }),
      revision: found.revision + 1,
      modifiedAtMs: context.now(),
    };
    return { record, result: record };
  });
  context.engine.changed(key);
  return updated;
}
