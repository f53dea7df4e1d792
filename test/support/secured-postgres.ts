/** A PostgreSQL server that takes TLS connections with a password alone, and shows a certificate for `localhost`. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PostgresCluster } from './postgres-cluster.ts';
import { makeSharedFolder } from './shared-folder.ts';

export interface SecuredPostgres {
  readonly port: number;
  /** The file of the certificate, which signed itself. */
  readonly certificate: string;
  readonly passwordFile: string;
  /** Ends it, and removes its files. */
  stop(): Promise<void>;
}

/** @param password of the role `meanwhile` */
export async function startSecuredPostgres(password: string): Promise<SecuredPostgres> {
  const folder = await makeSharedFolder('meanwhile-tls-');
  const [key, certificate] = [join(folder, 'server.key'), join(folder, 'server.crt')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
  ]);
  const cluster = await PostgresCluster.create();
  await cluster.start();
  await cluster.query(`ALTER ROLE meanwhile PASSWORD '${password}'`);
  await cluster.end();
  await cluster.putFile('server.key', await readFile(key, 'utf8'));
  await cluster.putFile('server.crt', await readFile(certificate, 'utf8'));
  await cluster.putFile(
    'pg_hba.conf',
    'hostssl all all 127.0.0.1/32 scram-sha-256\nhostssl all all ::1/128 scram-sha-256\n',
  );
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${password}\n`);
  const port = await freePort();
  await cluster.start(['ssl=on', 'listen_addresses=localhost', `port=${port}`]);
  const stop = async (): Promise<void> => {
    await cluster.remove();
    await rm(folder, { recursive: true });
  };
  return { port, certificate, passwordFile, stop };
}

/** PostgreSQL does not choose one itself. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}
