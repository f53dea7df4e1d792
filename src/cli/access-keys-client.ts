/** The server's access keys, over HTTP. */
import { randomUUID } from 'node:crypto';
import { CommandError } from './command.ts';
import { type KeyPair, signRequest } from './sign-request.ts';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly account: string;
  /** May manage keys. */
  readonly operator: boolean;
  readonly enabled: boolean;
}

export interface CreatedAccessKey extends KeyPair, AccessKey {
  /** Null when none was asked for. */
  readonly securityToken: string | null;
}

export interface NewAccessKey {
  /** The caller's own when absent. */
  readonly account?: string;
  readonly operator: boolean;
  readonly withSecurityToken: boolean;
}

const PATH = '/meanwhile/access-keys';
const VERSION = 'meanwhile';
const TIMEOUT_MS = 30_000;
/** What fetch says of the ports that its standard forbids. */
const BAD_PORT = 'bad port';

/** Each method rejects with a `CommandError` when the server cannot be reached or refuses. */
export class AccessKeysClient {
  readonly #url: URL;
  readonly #pair: KeyPair;

  constructor(url: URL, pair: KeyPair) {
    this.#url = url;
    this.#pair = pair;
  }

  async list(): Promise<readonly AccessKey[]> {
    const { accessKeys } = (await this.#call('ListAccessKeys', 'GET', PATH)) as { accessKeys: readonly AccessKey[] };
    return accessKeys;
  }

  async create(key: NewAccessKey): Promise<CreatedAccessKey> {
    return (await this.#call('CreateAccessKey', 'POST', PATH, JSON.stringify(key))) as CreatedAccessKey;
  }

  async setEnabled(accessKeyId: string, enabled: boolean): Promise<void> {
    await this.#call('UpdateAccessKey', 'PUT', pathOf(accessKeyId), JSON.stringify({ enabled }));
  }

  async delete(accessKeyId: string): Promise<void> {
    await this.#call('DeleteAccessKey', 'DELETE', pathOf(accessKeyId));
  }

  async #call(action: string, method: string, path: string, body = ''): Promise<unknown> {
    const url = new URL(path, this.#url);
    const headers = signRequest({ method, url, version: VERSION, action, body }, this.#pair, {
      now: new Date(),
      nonce: randomUUID(),
    });
    const { status, text } = await this.#send(url, { method, headers, ...(body === '' ? {} : { body }) });
    const document = parse(text);
    if (status >= 200 && status < 300) return document;
    throw new CommandError(
      `the server refused (${status} ${fieldOf(document, 'Code')}): ${fieldOf(document, 'Message')}`,
    );
  }

  async #send(url: URL, request: RequestInit): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      const reason = reasonOf(cause);
      const remedy =
        reason === BAD_PORT
          ? 'Clients of HTTP leave this port to another protocol: start the server on another one with `meanwhile serve --listen`'
          : 'Start one with `meanwhile serve`, or name it with --url';
      throw new CommandError(`cannot reach a server at ${url.origin} (${reason}). ${remedy}`, { cause });
    }
  }
}

function pathOf(accessKeyId: string): string {
  return `${PATH}/${encodeURIComponent(accessKeyId)}`;
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError('what answers there is no Meanwhile server: its answer is no JSON; check --url', { cause });
  }
}

function fieldOf(document: unknown, name: string): string {
  const value = (document as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : 'without a reason';
}

/** fetch says only "fetch failed"; what happened is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return 'code' in error ? String(error.code) : error.message;
}
