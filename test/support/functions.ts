/** Deploys functions and follows their tasks, through the SDK. */
import { randomUUID } from 'node:crypto';
import {
  type AsyncTask,
  CreateFunctionInput,
  CreateFunctionRequest,
  DestinationConfig,
  GetAsyncTaskRequest,
  InputCodeLocation,
  PutAsyncInvokeConfigInput,
  PutAsyncInvokeConfigRequest,
} from '@alicloud/fc20230330';
import { type FixtureName, fixtureZip } from './code-package.ts';
import type { Invocation, SdkClient } from './sdk.ts';
import { until } from './until.ts';

/** A name that no other test uses: `echo-1b9d6bcd`. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

export interface FunctionOptions {
  readonly functionName?: string;
  readonly fixture?: FixtureName;
  /** Seconds; default 10. */
  readonly timeout?: number;
  /** Members of `CreateFunctionInput` beside those. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Makes a function of a fixture and gives its name. */
export async function createFunction(sdk: SdkClient, options: FunctionOptions = {}): Promise<string> {
  const { fixture = 'echo', functionName = uniqueName(fixture), timeout = 10, more = {} } = options;
  const body = await functionInput(fixture, { functionName, timeout, ...more });
  await sdk.createFunction(new CreateFunctionRequest({ body }));
  return functionName;
}

export async function functionInput(
  fixture: FixtureName,
  members: Readonly<Record<string, unknown>>,
): Promise<CreateFunctionInput> {
  return new CreateFunctionInput({
    runtime: 'nodejs20',
    handler: 'index.handler',
    memorySize: 512,
    code: await fixtureCode(fixture),
    ...members,
  });
}

export async function fixtureCode(fixture: FixtureName): Promise<InputCodeLocation> {
  return new InputCodeLocation({ zipFile: (await fixtureZip(fixture)).toString('base64') });
}

export interface AsyncOptions {
  readonly qualifier?: string;
  readonly asyncTask?: boolean;
  readonly maxAsyncRetryAttempts?: number;
  readonly maxAsyncEventAgeInSeconds?: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
}

/** Puts an asynchronous configuration; task mode is on unless told otherwise, and nothing is retried. */
export async function putAsyncConfig(sdk: SdkClient, functionName: string, options: AsyncOptions = {}): Promise<void> {
  const { qualifier, onSuccess, onFailure, ...members } = options;
  const destinationConfig = new DestinationConfig({
    ...(onSuccess !== undefined && { onSuccess: { destination: onSuccess } }),
    ...(onFailure !== undefined && { onFailure: { destination: onFailure } }),
  });
  const body = new PutAsyncInvokeConfigInput({
    asyncTask: true,
    maxAsyncRetryAttempts: 0,
    ...members,
    destinationConfig,
  });
  await sdk.putAsyncInvokeConfig(functionName, new PutAsyncInvokeConfigRequest({ qualifier, body }));
}

/** A function whose invocations leave a record. */
export async function createTaskFunction(
  sdk: SdkClient,
  options: FunctionOptions & { readonly config?: AsyncOptions } = {},
): Promise<string> {
  const functionName = await createFunction(sdk, { fixture: 'scripted', ...options });
  await putAsyncConfig(sdk, functionName, options.config);
  return functionName;
}

/** Submits a task and gives its id. A script is sent as JSON. */
export async function submit(
  sdk: SdkClient,
  functionName: string,
  options: Invocation & { readonly script?: unknown } = {},
): Promise<string> {
  const { script, ...invocation } = options;
  const payload = invocation.payload ?? JSON.stringify(script ?? {});
  const { status, headers } = await sdk.invoke(functionName, { ...invocation, payload, type: 'Async' });
  const taskId = headers['x-fc-async-task-id'];
  if (status !== 202 || taskId === undefined) throw new Error(`not accepted as a task: ${status}`);
  return taskId;
}

export async function getTask(sdk: SdkClient, functionName: string, taskId: string): Promise<AsyncTask> {
  const { body } = await sdk.getAsyncTask(functionName, taskId, new GetAsyncTaskRequest({}));
  if (body === undefined) throw new Error('an answer without a body');
  return body;
}

const ENDS = ['Succeeded', 'Failed', 'Stopped', 'Expired', 'Invalid'];

/** The task once it has a state: one of its own, or any in which it has ended. Rejects when it ends in another. */
export async function untilTask(
  sdk: SdkClient,
  {
    functionName,
    taskId,
    status,
  }: { readonly functionName: string; readonly taskId: string; readonly status?: string },
): Promise<AsyncTask> {
  let last: AsyncTask | undefined;
  const found = await until(`task ${taskId} is ${status ?? 'over'}`, async () => {
    last = await getTask(sdk, functionName, taskId);
    const isOver = ENDS.includes(last.status ?? '');
    return isOver || last.status === status ? last : undefined;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it is ${JSON.stringify(last)}`, { cause: error });
  });
  if (status !== undefined && found.status !== status) {
    throw new Error(`task ${taskId} is ${found.status}, not ${status}: ${JSON.stringify(found)}`);
  }
  return found;
}

/** Submits and waits for the end. */
export async function runTask(
  sdk: SdkClient,
  functionName: string,
  options: Invocation & { readonly script?: unknown } = {},
): Promise<AsyncTask> {
  return await untilTask(sdk, { functionName, taskId: await submit(sdk, functionName, options) });
}
