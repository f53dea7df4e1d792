/** Reads a function: its head, or what a version or an alias of it stands for. */
import type { FunctionRecord, FunctionSettings } from '../core/resources.ts';
import { findQualified, requireFunction } from './find-function.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface GetFunctionInput {
  readonly functionName: string;
  /** Empty means LATEST. An alias stands for its main version, whatever its weights. */
  readonly qualifier: string;
}

export interface FoundFunction {
  readonly record: FunctionRecord;
  /** Of the head or of the version. */
  readonly settings: FunctionSettings;
  /** When these settings were set or published. */
  readonly modifiedAtMs: number;
}

/** Rejects with `…NotFound`, or `InvalidArgument` for what can be no qualifier. */
export async function getFunction(
  context: ServiceContext,
  caller: Caller,
  { functionName, qualifier }: GetFunctionInput,
): Promise<FoundFunction> {
  const key = { account: caller.account, functionName };
  const record = await requireFunction(context, key);
  const version = await findQualified(context, key, qualifier);
  if (version === undefined) return { record, settings: record, modifiedAtMs: record.modifiedAtMs };
  return { record, settings: version.settings, modifiedAtMs: version.modifiedAtMs };
}
