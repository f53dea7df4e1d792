/** The calls that the demo makes, all through the official SDK of Function Compute 3.0. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import Fc, * as model from '@alicloud/fc20230330';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { ZipFile } from 'yazl';
import type { DemoServer } from './demo-server.ts';
import type { DemoFunction } from './demo-plan.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const READ_TIMEOUT_MS = 30_000;
const PAGE_LIMIT = 100;

/** The SDK takes anything here and reads members that are absent; the package of the class is none of ours. */
const nothing: object = {};
const NO_OPTIONS = nothing as Parameters<Fc.default['invokeFunctionWithOptions']>[3];

export class DemoClient {
  readonly #sdk: Fc.default;

  constructor({ url, accessKeyId, accessKeySecret }: DemoServer) {
    this.#sdk = new Fc.default(
      new $OpenApiUtil.Config({
        accessKeyId,
        accessKeySecret,
        endpoint: url.host,
        protocol: 'HTTP',
        readTimeout: READ_TIMEOUT_MS,
      }),
    );
  }

  /** Deploys an example under a name of its own, with its asynchronous configuration. */
  async deploy(deployed: DemoFunction): Promise<void> {
    const { functionName, example, retries, maxAgeSeconds, onSuccess, concurrency } = deployed;
    const body = new model.CreateFunctionInput({
      functionName,
      runtime: 'nodejs20',
      handler: 'index.handler',
      timeout: 120,
      code: new model.InputCodeLocation({ zipFile: (await zipOf(example)).toString('base64') }),
      ...(deployed.preStop && {
        instanceLifecycleConfig: new model.InstanceLifecycleConfig({
          preStop: new model.LifecycleHook({ handler: 'index.preStop', timeout: 3 }),
        }),
      }),
    });
    await this.#sdk.createFunction(new model.CreateFunctionRequest({ body }));
    const config = new model.PutAsyncInvokeConfigInput({
      asyncTask: true,
      maxAsyncRetryAttempts: retries,
      ...(maxAgeSeconds !== undefined && { maxAsyncEventAgeInSeconds: maxAgeSeconds }),
      ...(onSuccess !== undefined && {
        destinationConfig: new model.DestinationConfig({
          onSuccess: new model.Destination({ destination: `acs:fc:::functions/${onSuccess}` }),
        }),
      }),
    });
    await this.#sdk.putAsyncInvokeConfig(functionName, new model.PutAsyncInvokeConfigRequest({ body: config }));
    if (concurrency === undefined) return;
    const limit = new model.PutConcurrencyInput({ reservedConcurrency: concurrency });
    await this.#sdk.putConcurrencyConfig(functionName, new model.PutConcurrencyConfigRequest({ body: limit }));
  }

  /** Rejects unless the answer is a 202. */
  async submit(functionName: string, taskId: string, payload: string): Promise<void> {
    const { statusCode } = await this.#sdk.invokeFunctionWithOptions(
      functionName,
      new model.InvokeFunctionRequest({ body: Readable.from([Buffer.from(payload)]) }),
      new model.InvokeFunctionHeaders({ xFcInvocationType: 'Async', xFcAsyncTaskId: taskId }),
      NO_OPTIONS,
    );
    if (statusCode !== 202) throw new Error(`task ${taskId} was answered with ${statusCode}, not 202`);
  }

  async stopTask(functionName: string, taskId: string): Promise<void> {
    await this.#sdk.stopAsyncTask(functionName, taskId, new model.StopAsyncTaskRequest({}));
  }

  /** Every task of a function, page by page. */
  async listTasks(functionName: string): Promise<model.AsyncTask[]> {
    const tasks: model.AsyncTask[] = [];
    let nextToken: string | undefined;
    do {
      const request = new model.ListAsyncTasksRequest({ limit: PAGE_LIMIT, nextToken });
      const { body } = await this.#sdk.listAsyncTasks(functionName, request);
      tasks.push(...(body?.tasks ?? []));
      nextToken = body?.nextToken;
    } while (nextToken);
    return tasks;
  }
}

async function zipOf(example: string): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(await readFile(join(EXAMPLES, example, 'index.js')), 'index.js');
  zip.end();
  return await buffer(zip.outputStream);
}
