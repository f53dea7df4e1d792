/** The HTTP listener: its limits, its life, and what Node refuses before a request exists. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { invalidArgument } from '../core/errors.ts';
import type { ServiceContext } from '../service/service-context.ts';
import type { Logger } from '../telemetry/logger.ts';
import { CODE_LINK_OPERATION } from './admin/code-link-operation.ts';
import { ADMIN } from './admin/dialect.ts';
import { type Health, healthOperation } from './admin/health-operation.ts';
import { metricsOperation, type MetricsText } from './admin/metrics-operation.ts';
import { type FindKey, SigningKeys } from './authentication/signing-keys.ts';
import { BodyBudget } from './body-budget.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { FC_2016_08_15 } from './fc-2016-08-15/dialect.ts';
import { FC_2021_04_06 } from './fc-2021-04-06/dialect.ts';
import { FC_2023_03_30 } from './fc-2023-03-30/dialect.ts';
import { type Exchange, type Front, handleRequest } from './handle-request.ts';
import type { Dialect } from './shared/dialect.ts';
import { Router } from './shared/router.ts';

export interface HttpServerOptions {
  readonly context: ServiceContext;
  readonly findKey: FindKey;
  readonly health: () => Health;
  readonly metrics: () => Promise<MetricsText>;
  readonly logger: Logger;
  /** Which signature schemes are taken: `all`, or ACS3 alone. */
  readonly signatures: 'all' | 'acs3';
  /** Told the status of each answer. Must not throw. */
  readonly answered: (status: number) => void;
  /** Address to bind: `127.0.0.1`, `::`, … */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface HttpServer {
  /** Resolves once requests are taken; rejects when the address cannot be had. */
  listen(): Promise<{ readonly url: string }>;
  /** Takes no more connections, lets running requests finish for so long, then cuts them off. */
  close(graceMs: number): Promise<void>;
}

/** The times together, because each alone leaves a hole: Node looks at the first two every 30 s unless told. */
const LIMITS = {
  headersTimeout: 10_000,
  // The longest that any body may take; `readBody` holds each operation to less, by the size of what it may be sent.
  requestTimeout: 660_000,
  connectionsCheckingInterval: 1000,
  // Node tells clients of it, and the SDK's agent drops a connection before it is over. Long enough for the next call
  // of a loop; thousands of idle connections are gone within seconds.
  keepAliveTimeout: 5000,
  // All headers are counted by `screen`: a lower number here would drop the rest silently, and a signature with them.
  maxHeadersCount: 0,
  // Node would answer with no body, which an SDK cannot read; `screen` refuses a request without a host in our words.
  requireHostHeader: false,
} as const;

const DIALECTS: readonly Dialect[] = [FC_2023_03_30, FC_2021_04_06, FC_2016_08_15, ADMIN];

export function createHttpServer(options: HttpServerOptions): HttpServer {
  return new Listener(options);
}

class Listener implements HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #closing = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    const front = this.#front();
    const { maxHeadersCount, ...limits } = LIMITS;
    const handle = (exchange: Exchange): void => {
      handleRequest(front, exchange).catch((error: unknown) => {
        options.logger.error({ err: error }, 'an answer could not be written');
        exchange.response.destroy();
      });
    };
    this.#server = createServer({ ...limits, noDelay: true }, (request, response) => handle({ request, response }));
    this.#server.maxHeadersCount = maxHeadersCount;
    // Node would answer 417 with no body and no request id. What it does about `100-continue` stays.
    this.#server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      const expected = (request.headers.expect ?? '').slice(0, 64);
      const refusal = invalidArgument(`header expect may say 100-continue alone (actual: '${expected}')`);
      handle({ request, response, refusal });
    });
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
      answerBrokenRequest(socket, error, ADMIN.newRequestId(options.context.now())),
    );
  }

  async listen(): Promise<{ readonly url: string }> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen({ host, port }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return { url: urlOf(this.#server.address() as AddressInfo) };
  }

  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const cut = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    try {
      await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    } finally {
      clearTimeout(cut);
    }
  }

  #front(): Front {
    const { context, findKey, health, metrics, logger, answered, signatures } = this.#options;
    const { now } = context;
    const authentication = { keys: new SigningKeys(findKey, now), nonces: context.store, now, signatures };
    return {
      context,
      dialects: new Map(DIALECTS.map((dialect) => [dialect.version, dialect])),
      fallback: ADMIN,
      open: new Router([healthOperation(health), metricsOperation(metrics), CODE_LINK_OPERATION]),
      authentication,
      acs3Authentication: { ...authentication, signatures: 'acs3' },
      budget: new BodyBudget(),
      logger,
      closing: () => this.#closing,
      answered,
    };
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
