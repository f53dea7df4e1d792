/** The operator's key pair for commands that talk to a server: from the environment, else from the data folder. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError, UsageError } from './command.ts';
import type { KeyPair } from './sign-request.ts';
import type { Terminal } from './terminal.ts';

const FILE_NAME = 'credentials.json';

const [ID_VARIABLE, SECRET_VARIABLE] = ['MEANWHILE_ACCESS_KEY_ID', 'MEANWHILE_ACCESS_KEY_SECRET'] as const;

/** Half a pair is a mistake, as it is for the server: signing with another one would hide it. */
export async function findOperatorKey(dataDir: string | undefined, env: Terminal['env']): Promise<KeyPair> {
  const { [ID_VARIABLE]: accessKeyId, [SECRET_VARIABLE]: accessKeySecret } = env;
  if (accessKeyId && accessKeySecret) return { accessKeyId, accessKeySecret };
  if (accessKeyId || accessKeySecret) {
    const [given, missing] = accessKeyId ? [ID_VARIABLE, SECRET_VARIABLE] : [SECRET_VARIABLE, ID_VARIABLE];
    throw new UsageError(`${given} is given without ${missing}; set that too, or leave out both`);
  }
  if (dataDir === '') throw new UsageError('--data-dir must be a path, not ""');
  return readKeyFile(resolve(dataDir ?? (env['MEANWHILE_DATA_DIR'] || 'data'), FILE_NAME));
}

async function readKeyFile(path: string): Promise<KeyPair> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CommandError(
      `no key pair to sign with: ${path} cannot be read. Set ${ID_VARIABLE} and ${SECRET_VARIABLE}, ` +
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
