/** The official SDK of 2021-04-06, pointed at a server. Every call goes into the wire log. */
import { createRequire } from 'node:module';
import type FcOpen from '@alicloud/fc-open20210406';
import { Config } from '@alicloud/openapi-client';
import {
  errorOf,
  type OlderAnswer,
  type OlderApi,
  type OlderCall,
  type OlderRefusal,
  type OlderTarget,
} from './older-api.ts';
import { OPERATOR } from './server.ts';
import { memberPaths, type WireLog } from './wire-log.ts';

type Models = Readonly<Record<string, new (members: object) => object>>;

// The package is CommonJS, and Vitest finds another default export in it than Node and the compiler do.
const sdk = createRequire(import.meta.url)('@alicloud/fc-open20210406') as typeof FcOpen;
const models = sdk as unknown as Models;

const TIMEOUT_MS = 30_000;

/** Sent with every call: each operation documents them, and none may stumble over them. */
const EVERYWHERE = {
  'X-Fc-Account-Id': '1000000000000000',
  'X-Fc-Date': 'Sat, 14 Jul 2017 07:02:38 GMT',
  'X-Fc-Trace-Id': 'trace',
};

type CallParameters = Parameters<FcOpen.default['callApi']>;

class LoggingClient extends sdk.default {
  readonly #log: WireLog;

  constructor(config: Config, log: WireLog) {
    super(config);
    this.#log = log;
  }

  /** Every operation of the SDK comes through here, with what it puts on the wire. */
  override async callApi(...[params, request, runtime]: CallParameters): ReturnType<FcOpen.default['callApi']> {
    const { action } = params;
    this.#log.request(action, requestMembers(request));
    const answer = await super.callApi(params, request, runtime);
    const { body, headers } = answer as { body?: unknown; headers?: Record<string, string> };
    const isJson = params.bodyType === 'json';
    this.#log.response(action, [...Object.keys(headers ?? {}), ...(isJson ? memberPaths(body) : [])]);
    return answer;
  }
}

/** Lists travel as `name.1`, `name.2`. */
function requestMembers({ query, headers, body }: CallParameters[1]): string[] {
  const names = [...Object.keys(query ?? {}).map((name) => name.replace(/\.\d+$/, '')), ...Object.keys(headers ?? {})];
  const isJson = typeof body === 'object' && body !== null;
  return [...names, ...(isJson ? memberPaths(body) : body === undefined ? [] : ['body'])];
}

export class Sdk2021 implements OlderApi {
  readonly version = '2021-04-06';
  readonly #client: LoggingClient;
  readonly #log: WireLog;

  constructor({ host, keyPair = OPERATOR }: OlderTarget, log: WireLog) {
    const timeouts = { readTimeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS };
    const { accessKeyId, accessKeySecret } = keyPair;
    const securityToken = 'securityToken' in keyPair ? keyPair.securityToken : undefined;
    const credentials = { accessKeyId, accessKeySecret, ...(securityToken !== undefined && { securityToken }) };
    this.#client = new LoggingClient(
      new Config({ ...credentials, endpoint: host, protocol: 'http', ...timeouts }),
      log,
    );
    this.#log = log;
  }

  async call(operation: string, call: OlderCall = {}): Promise<OlderAnswer> {
    const name = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}WithOptions`;
    const methods = this.#client as unknown as Readonly<Record<string, (...values: unknown[]) => Promise<Answer>>>;
    const answer = await methods[name]?.call(this.#client, ...argumentsOf(operation, call), {});
    if (answer === undefined) throw new Error(`the SDK has no ${name}`);
    const { headers = {}, body } = answer;
    const json = Buffer.isBuffer(body) || body === undefined ? {} : ((body as { toMap(): object }).toMap() as Json);
    return { headers, json, bytes: Buffer.isBuffer(body) ? body : Buffer.alloc(0) };
  }

  async refusal(operation: string, call: OlderCall = {}): Promise<OlderRefusal> {
    const error = await errorOf(this.call(operation, call));
    if (typeof error['code'] !== 'string' || typeof error['statusCode'] !== 'number') throw error as unknown as Error;
    this.#log.error(operation, error['code']);
    return { code: error['code'], status: error['statusCode'], message: String(error['message']) };
  }
}

type Json = Readonly<Record<string, unknown>>;

interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The parameters of the path, then the request and its headers as the SDK's own models. */
function argumentsOf(operation: string, call: OlderCall): unknown[] {
  const { query = {}, body = {}, qualifier, payload } = call;
  const Request = models[`${operation}Request`];
  const Headers = models[`${operation}Headers`];
  const members = {
    ...(qualifier !== undefined && { qualifier }),
    ...query,
    ...body,
    ...(payload !== undefined && { body: Buffer.from(payload) }),
  };
  return [
    ...[call.service, call.function, call.id].filter((part) => part !== undefined),
    ...(Request === undefined ? [] : [new Request(membersOf(Request, members))]),
    ...(Headers === undefined ? [{}] : [new Headers({ commonHeaders: { ...EVERYWHERE, ...call.headers } })]),
  ];
}

/** Names of the wire to those of the model: `InstanceConcurrency` is `instanceConcurrency` to the caller. */
function membersOf(Request: unknown, members: Json): Json {
  const names = Object.entries((Request as { names(): Readonly<Record<string, string>> }).names());
  const known = Object.entries(members).map(([wireName, value]) => {
    const found = names.find(([, name]) => name.toLowerCase() === wireName.toLowerCase());
    if (found === undefined) throw new Error(`the SDK has no member ${wireName}`);
    return [found[0], value] as const;
  });
  return Object.fromEntries(known);
}
