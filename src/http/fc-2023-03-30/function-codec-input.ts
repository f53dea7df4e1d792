/** The bodies of CreateFunction and UpdateFunction. */
import { invalidArgument } from '../../core/errors.ts';
import {
  DESCRIPTION_LENGTH_MAX,
  HOOK_TIMEOUT_SECONDS_DEFAULT,
  INITIALIZER_TIMEOUT_SECONDS_MAX,
  PRE_STOP_TIMEOUT_SECONDS_MAX,
  TIMEOUT_SECONDS_MAX,
} from '../../core/limits.ts';
import { isName, NAME_RULE } from '../../core/names.ts';
import type { Hook, Tag } from '../../core/resources.ts';
import type { CreateFunctionInput } from '../../service/create-function.ts';
import type { SettingsChange } from '../../service/function-settings.ts';
import type { UpdateFunctionInput } from '../../service/update-function.ts';
import type { Fields } from '../shared/fields.ts';
import { givenOf } from '../shared/given-members.ts';
import { decodeMemorySize } from '../shared/memory-size.ts';
import { decodeCode } from './function-codec-code.ts';
import { decodePassive } from './function-codec-passive.ts';

const TAGS_MAX = 20;
const TAG_LENGTH_MAX = 128;

export function decodeCreateFunction(fields: Fields): CreateFunctionInput {
  const functionName = fields.text('functionName') ?? '';
  if (functionName === '') throw fields.missing('functionName');
  // `service$function` is known here as well, but only the older API, which knows services, makes such functions.
  if (!isName(functionName)) throw fields.refusal('functionName', NAME_RULE);
  const { runtime, handler, ...settings } = decodeSettings(fields);
  if (runtime === undefined) throw fields.missing('runtime');
  if (handler === undefined) throw fields.missing('handler');
  return {
    functionName,
    settings: { ...settings, runtime, handler },
    code: decodeCode(fields) ?? null,
    layers: fields.textList('layers') ?? [],
    tags: decodeTags(fields),
  };
}

/** Tags, the resource group and the name are set at creation alone. */
export function decodeUpdateFunction(fields: Fields, functionName: string): UpdateFunctionInput {
  const { passive, ...settings } = decodeSettings(fields);
  const { resourceGroupId: _, ...changed } = passive;
  return {
    functionName,
    settings: { ...settings, passive: changed },
    ...givenOf({ code: decodeCode(fields), layers: fields.textList('layers') }),
  };
}

type DecodedSettings = SettingsChange & Required<Pick<SettingsChange, 'passive'>>;

function decodeSettings(fields: Fields): DecodedSettings {
  const given = givenOf({
    runtime: fields.text('runtime', { lengthMin: 1 }),
    handler: fields.text('handler', { lengthMin: 1, lengthMax: 128 }),
    timeoutSeconds: fields.integer('timeout', { min: 1, max: TIMEOUT_SECONDS_MAX }),
    memoryMb: decodeMemorySize(fields),
    environment: fields.textMap('environmentVariables'),
    description: fields.text('description', { lengthMax: DESCRIPTION_LENGTH_MAX }),
    instanceConcurrency: fields.integer('instanceConcurrency', { min: 1, max: 200 }),
  });
  const hooks = decodeHooks(fields.object('instanceLifecycleConfig'));
  return { ...given, ...hooks, passive: decodePassive(fields) };
}

/** One member of the wire: given, it replaces both hooks. */
function decodeHooks(lifecycle: Fields | undefined): { initializer?: Hook | null; preStop?: Hook | null } {
  if (lifecycle === undefined) return {};
  return {
    initializer: decodeHook(lifecycle.object('initializer'), INITIALIZER_TIMEOUT_SECONDS_MAX),
    preStop: decodeHook(lifecycle.object('preStop'), PRE_STOP_TIMEOUT_SECONDS_MAX),
  };
}

function decodeHook(hook: Fields | undefined, timeoutSecondsMax: number): Hook | null {
  if (hook === undefined) return null;
  // Ignoring it would leave out what the function needs before its first invocation.
  if ((hook.textList('command') ?? []).length > 0) throw hook.refusal('command', 'left out; give a handler instead');
  return {
    handler: hook.text('handler', { lengthMax: 128 }) ?? '',
    timeoutSeconds: hook.integer('timeout', { min: 1, max: timeoutSecondsMax }) ?? HOOK_TIMEOUT_SECONDS_DEFAULT,
  };
}

function decodeTags(fields: Fields): readonly Tag[] {
  const tags = (fields.objects('tags') ?? []).map((tag) => decodeTag(tag));
  if (tags.length > TAGS_MAX) throw invalidArgument(`tags must be at most ${TAGS_MAX} (actual: ${tags.length})`);
  const keys = new Set(tags.map(({ key }) => key));
  if (keys.size < tags.length) throw invalidArgument('tags must have a Key of its own each');
  return tags;
}

export function decodeTag(tag: Fields): Tag {
  const key = tag.text('Key', { lengthMin: 1, lengthMax: TAG_LENGTH_MAX });
  if (key === undefined) throw tag.missing('Key');
  return { key, value: tag.text('Value', { lengthMax: TAG_LENGTH_MAX }) ?? '' };
}
