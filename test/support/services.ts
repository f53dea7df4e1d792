/** Deploys services and functions of 2.0 and follows their tasks. */
import { type FixtureName, fixtureZip } from './code-package.ts';
import { uniqueName } from './functions.ts';
import type { OlderApi } from './older-api.ts';
import { until } from './until.ts';

export async function createService(api: OlderApi, members: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { json } = await api.call('CreateService', { body: { serviceName: uniqueName('svc'), ...members } });
  return String(json['serviceName']);
}

export interface Place {
  readonly service: string;
  readonly function: string;
}

export interface ServiceFunctionOptions {
  readonly service?: string;
  readonly function?: string;
  readonly fixture?: FixtureName;
  /** Members of CreateFunction beside those. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Makes a function of a fixture, with a service for it unless one is named. */
export async function createServiceFunction(api: OlderApi, options: ServiceFunctionOptions = {}): Promise<Place> {
  const service = options.service ?? (await createService(api));
  const functionName = options.function ?? uniqueName('f');
  const body = { ...(await serviceFunctionBody(options.fixture)), functionName, ...options.more };
  await api.call('CreateFunction', { service, body });
  return { service, function: functionName };
}

export interface ServiceFunctionBody {
  readonly code: { readonly zipFile: string };
  readonly [member: string]: unknown;
}

export async function serviceFunctionBody(fixture: FixtureName = 'scripted'): Promise<ServiceFunctionBody> {
  const zipFile = (await fixtureZip(fixture)).toString('base64');
  return { runtime: 'nodejs20', handler: 'index.handler', memorySize: 512, timeout: 10, code: { zipFile } };
}

/** A function whose invocations leave a record; nothing is retried. */
export async function createTaskPlace(api: OlderApi, options: ServiceFunctionOptions = {}): Promise<Place> {
  const place = await createServiceFunction(api, options);
  const body = { statefulInvocation: true, maxAsyncRetryAttempts: 0 };
  await api.call('PutFunctionAsyncInvokeConfig', { ...place, body });
  return place;
}

export interface OlderSubmission {
  readonly script?: unknown;
  readonly taskId?: string;
  readonly qualifier?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Submits a task and gives its id. A script is sent as JSON. */
export async function submitTo(api: OlderApi, place: Place, submission: OlderSubmission = {}): Promise<string> {
  const { script = {}, taskId, qualifier, headers } = submission;
  const { headers: answered } = await api.call('InvokeFunction', {
    ...place,
    ...(qualifier !== undefined && { qualifier }),
    payload: JSON.stringify(script),
    headers: {
      'X-Fc-Invocation-Type': 'Async',
      ...(taskId !== undefined && { 'X-Fc-Stateful-Async-Invocation-Id': taskId }),
      ...headers,
    },
  });
  const id = answered['x-fc-stateful-async-invocation-id'];
  if (id === undefined) throw new Error('not accepted as a task');
  return id;
}

export type Task = Readonly<Record<string, unknown>>;

export async function getTaskOf(api: OlderApi, place: Place, id: string): Promise<Task> {
  return (await api.call('GetStatefulAsyncInvocation', { ...place, id })).json;
}

const ENDS = ['Succeeded', 'Failed', 'Stopped', 'Expired', 'Invalid'];

/** The task once it has a state: one of its own, or any in which it has ended. */
export async function untilTaskOf(api: OlderApi, place: Place, id: string, status?: string): Promise<Task> {
  return await until(`task ${id} is ${status ?? 'over'}`, async () => {
    const task = await getTaskOf(api, place, id);
    const actual = String(task['status']);
    return actual === status || (status === undefined && ENDS.includes(actual)) ? task : undefined;
  });
}
