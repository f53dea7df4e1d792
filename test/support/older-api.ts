/**
 * The API of 2.0 as its two official SDKs give it, behind one face: the same test runs through each, and what goes over
 * the wire is what that SDK makes of it.
 */
import type { KeyPair } from './server.ts';

export interface OlderCall {
  readonly service?: string;
  /** Version or alias of the service; left out when absent. */
  readonly qualifier?: string;
  readonly function?: string;
  /** The last parameter of the path: a version id, an alias, a task. */
  readonly id?: string;
  /** By the names of the wire. */
  readonly query?: object;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of an invocation. */
  readonly payload?: string;
}

export interface OlderAnswer {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** As the SDK understood it; empty for an answer without body. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Of an invocation. */
  readonly bytes: Buffer;
}

export interface OlderRefusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

export interface OlderApi {
  readonly version: '2021-04-06' | '2016-08-15';
  /** By the action's name in 2021. Rejects as the SDK does. */
  call(operation: string, call?: OlderCall): Promise<OlderAnswer>;
  /** The refusal that the SDK makes of an answer; rejects when there is none. */
  refusal(operation: string, call?: OlderCall): Promise<OlderRefusal>;
}

export interface OlderTarget {
  readonly host: string;
  readonly keyPair?: KeyPair & { readonly securityToken?: string };
}

/** The error that a call ends with; rejects when it succeeds. */
export async function errorOf(call: Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
  try {
    await call;
  } catch (error) {
    return error as Readonly<Record<string, unknown>>;
  }
  throw new Error('the call was not refused');
}
