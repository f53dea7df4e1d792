/** One server for a test file, its clients, and the file's account of what it has covered. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Environment } from '../support/command.ts';
import { type RawCall, RawClient } from '../support/raw-client.ts';
import type { RawResponse } from '../support/raw-http.ts';
import { SdkClient } from '../support/sdk.ts';
import { type KeyPair, type Server, startServer } from '../support/server.ts';
import { memberPaths, WireLog } from '../support/wire-log.ts';
import { BUILT, claimsOf, operationAt } from './coverage.ts';

export class Bench {
  #server: Server | undefined;
  readonly log = new WireLog();

  get server(): Server {
    if (this.#server === undefined) throw new Error('the server has not been started yet');
    return this.#server;
  }

  set server(server: Server) {
    this.#server = server;
  }

  /** The SDK, as the operator unless told otherwise. */
  sdk(keyPair?: KeyPair & { readonly securityToken?: string }): SdkClient {
    const { host } = this.server;
    return new SdkClient({ host, ...(keyPair && { keyPair, ...keyPair }) }, this.log);
  }

  raw(keyPair?: KeyPair): RawClient {
    const { host } = this.server;
    return new RawClient({ host, ...(keyPair && { keyPair }) }, (call, response) => this.#observe(call, response));
  }

  #observe({ method = 'GET', target, body, headers = [] }: RawCall, response: RawResponse): void {
    const operation = operationAt(method, target);
    if (operation === undefined) return;
    const query = [...new URLSearchParams(target.split('?')[1] ?? '').keys()];
    this.log.request(operation, [...query, ...headers.map(([name]) => name.toLowerCase()), ...membersOf(body)]);
    const answer = membersOf(response.body);
    if (response.status < 400) this.log.response(operation, [...Object.keys(response.headers), ...answer]);
    else this.log.error(operation, String((JSON.parse(response.body.toString('utf8')) as { Code?: unknown }).Code));
  }
}

function membersOf(body: Uint8Array | string | undefined): readonly string[] {
  try {
    return memberPaths(JSON.parse(Buffer.from(body ?? '').toString('utf8')));
  } catch {
    return []; // not JSON
  }
}

/** Starts a server before the file's tests and ends it behind them. */
export function useServer(env: Environment = {}): Bench {
  const bench = new Bench();
  beforeAll(async () => {
    bench.server = await startServer({ env });
  });
  afterAll(() => bench.server.stop());
  return bench;
}

/** The last test of a file: what `coverage.ts` says that the file covers was really sent and really came back. */
export function testCoverage(file: string, { log }: Bench): void {
  test(`everything that the list of coverage claims of ${file} went over the wire`, () => {
    const claims = Object.entries(BUILT)
      .filter(([, row]) => row.file === file)
      .flatMap(([operation, row]) => claimsOf(operation, row));
    expect(claims.length).toBeGreaterThan(0);
    expect(claims.filter(({ operation, kind, name }) => !log.has(operation, kind, name))).toEqual([]);
  });
}
