import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from '../support/command.ts';
import { createTaskFunction, runTask } from '../support/functions.ts';
import { SdkClient } from '../support/sdk.ts';
import { type SecuredPostgres, startSecuredPostgres } from '../support/secured-postgres.ts';
import { endServers, type Server, startServer } from '../support/server.ts';
import { WireLog } from '../support/wire-log.ts';

const PASSWORD = 'top-secret-of-this-test';
const log = new WireLog();

let database: SecuredPostgres;

beforeAll(async () => {
  database = await startSecuredPostgres(PASSWORD);
});
afterAll(async () => {
  await endServers();
  await database.stop();
});

interface Address {
  readonly host?: string;
  readonly password?: string;
  readonly parameters: string;
}

function addressOf({ host = 'localhost', password, parameters }: Address): string {
  const user = password === undefined ? 'meanwhile' : `meanwhile:${password}`;
  return `postgres://${user}@${host}:${database.port}/postgres?${parameters}`;
}

const checked = (): string => `sslmode=verify-full&sslrootcert=${database.certificate}`;

async function start(env: Environment): Promise<Server> {
  return await startServer({ env: { MEANWHILE_LOG_LEVEL: 'debug', ...env } });
}

/** What a server says that does not start. */
async function refusalToStart(env: Environment): Promise<string> {
  return await start(env).then(
    () => 'it started',
    (error: unknown) => String(error),
  );
}

describe('a database that takes TLS connections with a password alone', () => {
  test.each<[string, () => Environment]>([
    ['in the address', () => ({ MEANWHILE_STORE: addressOf({ password: PASSWORD, parameters: checked() }) })],
    [
      'in a file',
      () => ({
        MEANWHILE_STORE: addressOf({ parameters: checked() }),
        MEANWHILE_STORE_PASSWORD_FILE: database.passwordFile,
      }),
    ],
    ['in the environment', () => ({ MEANWHILE_STORE: addressOf({ parameters: checked() }), PGPASSWORD: PASSWORD })],
  ])('is used with the password %s, which no log shows', async (_, env) => {
    const server = await start(env());
    const sdk = new SdkClient({ host: server.host }, log);
    const functionName = await createTaskFunction(sdk);
    await runTask(sdk, functionName, { script: { reply: 'hello' } });
    await server.stop();
    expect(server.logs + server.stdout).not.toContain(PASSWORD);
  });

  test.each([
    ['prefer', () => 'sslmode=prefer'],
    ['require', () => 'sslmode=require'],
    ['verify-ca', () => `sslmode=verify-ca&sslrootcert=${database.certificate}`],
  ])('is used under another name than its certificate has with sslmode %s', async (_, parameters) => {
    const address = addressOf({ host: '127.0.0.1', password: PASSWORD, parameters: parameters() });
    const server = await start({ MEANWHILE_STORE: address });
    await server.stop();
  });

  test.each<[string, () => Address, string]>([
    ['without TLS', () => ({ password: PASSWORD, parameters: 'sslmode=disable' }), 'no encryption'],
    ['under another name', () => ({ host: '127.0.0.1', password: PASSWORD, parameters: checked() }), 'altnames'],
    ['with an unknown issuer', () => ({ password: PASSWORD, parameters: 'sslmode=verify-full' }), 'self-signed'],
    ['without the password', () => ({ parameters: checked() }), 'password'],
    [
      'with a wrong one',
      () => ({ password: `${PASSWORD}-no`, parameters: checked() }),
      'password authentication failed',
    ],
  ])('is refused %s, with the reason and without the password', async (_, address, reason) => {
    const refusal = await refusalToStart({ MEANWHILE_STORE: addressOf(address()) });
    expect(refusal).toContain(reason);
    expect(refusal).not.toContain(PASSWORD);
  });
});
