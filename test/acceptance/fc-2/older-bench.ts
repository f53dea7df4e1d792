/** One server and the SDKs of 2.0 for a test file, with the file's account of what went over the wire. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Environment } from '../../support/command.ts';
import type { OlderApi, OlderTarget } from '../../support/older-api.ts';
import { RawClient } from '../../support/raw-client.ts';
import { SdkClient } from '../../support/sdk.ts';
import { type Server, startServer } from '../../support/server.ts';
import { WireLog } from '../../support/wire-log.ts';
import { BUILT, claimsOf } from './coverage.ts';

export type MakeApi = (target: OlderTarget, log: WireLog) => OlderApi;

export class OlderBench {
  readonly log = new WireLog();
  readonly #makeApi: MakeApi;
  #server: Server | undefined;

  constructor(makeApi: MakeApi) {
    this.#makeApi = makeApi;
  }

  get server(): Server {
    if (this.#server === undefined) throw new Error('the server has not been started yet');
    return this.#server;
  }

  set server(server: Server) {
    this.#server = server;
  }

  /** The SDK, as the operator. */
  get api(): OlderApi {
    return this.#makeApi({ host: this.server.host }, this.log);
  }

  /** The SDK of 3.0 on the same server. */
  get newer(): SdkClient {
    return new SdkClient({ host: this.server.host }, new WireLog());
  }

  get raw(): RawClient {
    return new RawClient({ host: this.server.host });
  }
}

/** Starts a server before the file's tests and ends it behind them. */
export function useOlderServer(makeApi: MakeApi, env: Environment = {}): OlderBench {
  const bench = new OlderBench(makeApi);
  beforeAll(async () => {
    bench.server = await startServer({ env });
  });
  afterAll(() => bench.server.stop());
  return bench;
}

/**
 * The last test of a version: what `coverage.ts` says was really sent and really came back.
 *
 * @param sends whether this version's SDK can send a member; what it cannot is no claim
 */
export function testOlderCoverage({ log }: OlderBench, sends: (operation: string, member: string) => boolean): void {
  test('everything that the list of coverage claims went over the wire', () => {
    const claims = Object.entries(BUILT).flatMap(([operation, row]) => claimsOf(operation, row));
    const missing = claims
      .filter(({ operation, kind, name }) => kind !== 'request' || sends(operation, name))
      .filter(({ operation, kind, name }) => !log.has(operation, kind, name));
    expect(missing).toEqual([]);
  });
}
