/** The settings of a function: what a caller gave, what was there before, and what is taken where neither says. */
import { invalidArgument } from '../core/errors.ts';
import { HOOK_TIMEOUT_SECONDS_DEFAULT } from '../core/limits.ts';
import type { FunctionSettings, Hook } from '../core/resources.ts';
import { checkCpu, memoryMbFor } from './resource-size.ts';
import { checkRuntime } from './runtime-rule.ts';
import type { PackageAdmission } from './service-context.ts';
import { checkStartable } from './startable-settings.ts';

/** The members that a caller may set; absent ones keep their value. */
export interface SettingsChange {
  readonly runtime?: string;
  readonly handler?: string;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Null removes the hook. */
  readonly initializer?: Hook | null;
  /** Members of the initializer that replace only themselves: 2.0 has them one by one. An empty handler removes it. */
  readonly initializerMembers?: Partial<Hook>;
  readonly preStop?: Hook | null;
  readonly description?: string;
  readonly instanceConcurrency?: number;
  /** By their 3.0 names, each replaced as a whole. */
  readonly passive?: Readonly<Record<string, unknown>>;
  /** Members of objects of `passive` that replace only themselves, by the object's name. */
  readonly passiveMembers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const TIMEOUT_SECONDS_DEFAULT = 3;

/** Runtimes whose server is called for a hook, so that the hook needs no handler of its own. */
const SERVER_RUNTIME = /^custom/;

export function newSettings(
  packages: PackageAdmission,
  { code, layers }: Required<Pick<FunctionSettings, 'code' | 'layers'>>,
  change: SettingsChange & { readonly runtime: string; readonly handler: string },
): FunctionSettings {
  const settings: FunctionSettings = {
    runtime: change.runtime,
    handler: change.handler,
    code,
    layers,
    timeoutSeconds: TIMEOUT_SECONDS_DEFAULT,
    memoryMb: memoryMbFor(cpuOf(change.passive)),
    environment: {},
    initializer: null,
    preStop: null,
    description: '',
    instanceConcurrency: 1,
    passive: {},
  };
  return changedSettings(packages, settings, change);
}

/** The settings with what a caller changes. Throws `InvalidArgument` when they do not go together. */
export function changedSettings(
  packages: PackageAdmission,
  settings: FunctionSettings,
  { initializerMembers = {}, passiveMembers = {}, ...change }: SettingsChange,
): FunctionSettings {
  if (change.runtime !== undefined) checkRuntime(change.runtime, packages);
  const passive = withMembers({ ...settings.passive, ...change.passive }, passiveMembers);
  const given = { ...settings, ...change, passive };
  const changed = { ...given, initializer: withHookMembers(given.initializer, initializerMembers) };
  checkStartable(changed);
  const cpu = cpuOf(changed.passive);
  if (cpu !== undefined) checkCpu(cpu, changed.memoryMb);
  const usable: FunctionSettings = {
    ...changed,
    initializer: usableHook(changed.runtime, changed.initializer),
    preStop: usableHook(changed.runtime, changed.preStop),
  };
  const problem = packages.settingsProblem(usable);
  if (problem !== undefined) throw invalidArgument(problem);
  return usable;
}

/** The part of a record that a published version freezes. */
export function settingsOf(record: FunctionSettings): FunctionSettings {
  const { runtime, handler, code, timeoutSeconds, memoryMb, environment, initializer, preStop } = record;
  const { description, instanceConcurrency, layers = [], passive } = record;
  return {
    runtime,
    handler,
    code,
    layers,
    timeoutSeconds,
    memoryMb,
    environment,
    initializer,
    preStop,
    description,
    instanceConcurrency,
    passive,
  };
}

function cpuOf(passive: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const cpu = passive?.['cpu'];
  return typeof cpu === 'number' ? cpu : undefined;
}

function withMembers(
  passive: Readonly<Record<string, unknown>>,
  added: NonNullable<SettingsChange['passiveMembers']>,
): Readonly<Record<string, unknown>> {
  const merged = Object.entries(added).map(([name, members]) => [name, { ...(passive[name] as object), ...members }]);
  return { ...passive, ...(Object.fromEntries(merged) as Record<string, unknown>) };
}

/** A time limit alone makes no hook. */
function withHookMembers(hook: Hook | null, members: Partial<Hook>): Hook | null {
  if (members.handler === '') return null;
  if (hook === null && members.handler === undefined) return null;
  return { handler: '', timeoutSeconds: HOOK_TIMEOUT_SECONDS_DEFAULT, ...hook, ...members };
}

/** Tools send hooks with an empty handler for "none"; a built-in runtime would try to load it. */
function usableHook(runtime: string, hook: Hook | null): Hook | null {
  return hook?.handler === '' && !SERVER_RUNTIME.test(runtime) ? null : hook;
}
