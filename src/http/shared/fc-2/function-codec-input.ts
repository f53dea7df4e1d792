/** The bodies of CreateFunction and UpdateFunction. */
import {
  DESCRIPTION_LENGTH_MAX,
  HOOK_TIMEOUT_SECONDS_DEFAULT,
  INITIALIZER_TIMEOUT_SECONDS_MAX,
  PRE_STOP_TIMEOUT_SECONDS_MAX,
  TIMEOUT_SECONDS_MAX,
} from '../../../core/limits.ts';
import { isName, NAME_RULE, nameInService } from '../../../core/names.ts';
import type { Hook } from '../../../core/resources.ts';
import type { CodeInput } from '../../../service/admit-code.ts';
import type { CreateFunctionInput } from '../../../service/create-function.ts';
import type { SettingsChange } from '../../../service/function-settings.ts';
import type { UpdateFunctionInput } from '../../../service/update-function.ts';
import type { RequestHeaders } from '../call.ts';
import { decodeCodeZip } from '../code-zip.ts';
import type { Fields } from '../fields.ts';
import { givenOf } from '../given-members.ts';
import { decodeMemorySize } from '../memory-size.ts';
import { decodeKept, decodeKeptMembers } from './function-codec-kept.ts';

/** A body, and the headers that belong to it: the checksum of the code travels there. */
export interface FunctionBody {
  readonly fields: Fields;
  readonly headers: RequestHeaders;
}

export function decodeCreateFunction({ fields, headers }: FunctionBody, serviceName: string): CreateFunctionInput {
  const functionName = fields.text('functionName') ?? '';
  if (functionName === '') throw fields.missing('functionName');
  if (!isName(functionName)) throw fields.refusal('functionName', NAME_RULE);
  const { runtime, handler, ...settings } = decodeSettings(fields);
  if (runtime === undefined) throw fields.missing('runtime');
  if (handler === undefined) throw fields.missing('handler');
  return {
    functionName: nameInService({ serviceName, functionName }),
    settings: { ...settings, runtime, handler },
    code: decodeCode(fields, headers) ?? null,
    layers: fields.textList('layers') ?? [],
    tags: [],
  };
}

export function decodeUpdateFunction({ fields, headers }: FunctionBody): Omit<UpdateFunctionInput, 'functionName'> {
  const given = { code: decodeCode(fields, headers), layers: fields.textList('layers') };
  return { settings: decodeSettings(fields), ...givenOf(given) };
}

function decodeCode(fields: Fields, headers: RequestHeaders): CodeInput | undefined {
  const given = decodeCodeZip(fields);
  return given && { zip: given.zip, checksum: headers['x-fc-code-checksum'] || null };
}

function decodeSettings(fields: Fields): SettingsChange {
  return {
    ...givenOf({
      runtime: fields.text('runtime', { lengthMin: 1 }),
      handler: fields.text('handler', { lengthMin: 1, lengthMax: 128 }),
      timeoutSeconds: fields.integer('timeout', { min: 1, max: TIMEOUT_SECONDS_MAX }),
      memoryMb: decodeMemorySize(fields),
      environment: fields.textMap('environmentVariables'),
      description: fields.text('description', { lengthMax: DESCRIPTION_LENGTH_MAX }),
      instanceConcurrency: fields.integer('instanceConcurrency', { min: 1, max: 200 }),
      preStop: decodePreStop(fields.object('instanceLifecycleConfig')),
    }),
    initializerMembers: givenOf({
      handler: fields.text('initializer', { lengthMax: 128 }),
      timeoutSeconds: fields.integer('initializationTimeout', { min: 1, max: INITIALIZER_TIMEOUT_SECONDS_MAX }),
    }),
    passive: decodeKept(fields),
    passiveMembers: decodeKeptMembers(fields),
  };
}

/** Null removes it: the lifecycle is given as a whole. */
function decodePreStop(lifecycle: Fields | undefined): Hook | null | undefined {
  if (lifecycle === undefined) return undefined;
  const hook = lifecycle.object('preStop');
  if (hook === undefined) return null;
  return {
    handler: hook.text('handler', { lengthMax: 128 }) ?? '',
    timeoutSeconds:
      hook.integer('timeout', { min: 1, max: PRE_STOP_TIMEOUT_SECONDS_MAX }) ?? HOOK_TIMEOUT_SECONDS_DEFAULT,
  };
}
