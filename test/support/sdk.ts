/** The official SDK, pointed at a server. Every call goes into the wire log. */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type Fc from '@alicloud/fc20230330';
import { InvokeFunctionHeaders, InvokeFunctionRequest } from '@alicloud/fc20230330';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { type KeyPair, OPERATOR } from './server.ts';
import { memberPaths, type WireLog } from './wire-log.ts';

// The package is CommonJS, and Vitest finds another default export in it than Node and the compiler do.
const fc = createRequire(import.meta.url)('@alicloud/fc20230330') as typeof Fc;

type CallParameters = Parameters<Fc.default['callApi']>;

export interface Invocation {
  readonly payload?: Uint8Array | string;
  readonly qualifier?: string;
  readonly type?: 'Sync' | 'Async';
  readonly logType?: 'None' | 'Tail';
  readonly taskId?: string;
  /** Headers that the SDK has no field for. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface InvocationAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Long enough for a function that times out after three seconds on a busy machine. */
const READ_TIMEOUT_MS = 30_000;

/** The class of this argument belongs to a package that is not ours to import; every member of it may be absent. */
const NO_OPTIONS = Object.create(null) as Parameters<Fc.default['invokeFunctionWithOptions']>[3];

export class SdkClient extends fc.default {
  readonly #log: WireLog;

  constructor(
    target: { readonly host: string; readonly keyPair?: KeyPair; readonly securityToken?: string },
    log: WireLog,
  ) {
    const { accessKeyId, accessKeySecret } = target.keyPair ?? OPERATOR;
    super(
      new $OpenApiUtil.Config({
        accessKeyId,
        accessKeySecret,
        ...(target.securityToken !== undefined && { securityToken: target.securityToken }),
        endpoint: target.host,
        protocol: 'http',
        readTimeout: READ_TIMEOUT_MS,
        connectTimeout: READ_TIMEOUT_MS,
      }),
    );
    this.#log = log;
  }

  async invoke(functionName: string, invocation: Invocation = {}): Promise<InvocationAnswer> {
    const { payload, qualifier, type, logType, taskId, headers } = invocation;
    const answer = await this.invokeFunctionWithOptions(
      functionName,
      new InvokeFunctionRequest({
        qualifier,
        ...(payload !== undefined && { body: Readable.from([Buffer.from(payload)]) }),
      }),
      new InvokeFunctionHeaders({
        commonHeaders: { ...headers },
        xFcInvocationType: type,
        xFcLogType: logType,
        xFcAsyncTaskId: taskId,
      }),
      NO_OPTIONS,
    );
    const body = answer.body === undefined ? Buffer.alloc(0) : await buffer(answer.body);
    return { status: answer.statusCode ?? 0, headers: answer.headers ?? {}, body };
  }

  /** Every operation of the SDK comes through here, with what it puts on the wire. */
  override async callApi(...[params, request, runtime]: CallParameters): ReturnType<Fc.default['callApi']> {
    const { action } = params;
    this.#log.request(action, requestMembers(request));
    try {
      const answer = await super.callApi(params, request, runtime);
      const { body, headers } = answer as { body?: unknown; headers?: Record<string, string> };
      const isJson = params.bodyType === 'json';
      this.#log.response(action, [...Object.keys(headers ?? {}), ...(isJson ? memberPaths(body) : [])]);
      return answer;
    } catch (error) {
      this.#log.error(action, String((error as { code?: unknown }).code));
      throw error;
    }
  }
}

function requestMembers({ query, headers, body }: CallParameters[1]): string[] {
  const named = [...Object.keys(query ?? {}), ...Object.keys(headers ?? {})];
  const isJson = typeof body === 'object' && body !== null && !('pipe' in body);
  return [...named, ...(isJson ? memberPaths(body) : body === undefined ? [] : ['body'])];
}

/** What the SDK makes of a refusal. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** The refusal that a call ends with; rejects when it succeeds, or fails without one. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  let error: { code?: unknown; statusCode?: unknown; message?: unknown };
  try {
    await call;
  } catch (thrown) {
    error = thrown as typeof error;
    if (typeof error.code !== 'string' || typeof error.statusCode !== 'number') throw thrown;
    return { code: error.code, status: error.statusCode, message: String(error.message) };
  }
  throw new Error('the call was not refused');
}

/** The refusals of calls that are under way together: each is awaited from its start, so that none goes unhandled. */
export async function refusalsOf(calls: readonly Promise<unknown>[]): Promise<readonly Refusal[]> {
  return await Promise.all(calls.map(refusalOf));
}
