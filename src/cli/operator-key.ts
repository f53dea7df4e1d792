/** The operator's key pair for commands that talk to a server: from the environment, else from the data folder. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from './command.ts';
import type { KeyPair } from './sign-request.ts';
import type { Terminal } from './terminal.ts';

const FILE_NAME = 'credentials.json';

export async function findOperatorKey(dataDir: string | undefined, env: Terminal['env']): Promise<KeyPair> {
  const accessKeyId = env['MEANWHILE_ACCESS_KEY_ID'];
  const accessKeySecret = env['MEANWHILE_ACCESS_KEY_SECRET'];
  if (accessKeyId && accessKeySecret) return { accessKeyId, accessKeySecret };
  return readKeyFile(resolve(dataDir ?? (env['MEANWHILE_DATA_DIR'] || 'data'), FILE_NAME));
}

async function readKeyFile(path: string): Promise<KeyPair> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CommandError(
      `no key pair to sign with: ${path} cannot be read. Set MEANWHILE_ACCESS_KEY_ID and MEANWHILE_ACCESS_KEY_SECRET, ` +
        "or name the server's data folder with --data-dir",
      { cause },
    );
  }
  const pair = parsePair(text);
  if (pair === undefined) throw new CommandError(`${path} holds no key pair; the server writes it at its first start`);
  return pair;
}

function parsePair(text: string): KeyPair | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null) return undefined;
    if (!('accessKeyId' in document) || !('accessKeySecret' in document)) return undefined;
    const { accessKeyId, accessKeySecret } = document;
    return typeof accessKeyId === 'string' && typeof accessKeySecret === 'string'
      ? { accessKeyId, accessKeySecret }
      : undefined;
  } catch {
    return undefined; // the message of the parser could quote the secret
  }
}
