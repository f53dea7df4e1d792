/**
 * The operator's key pair: the one that was configured, or one made at the first start and kept in the data folder. Of
 * several servers on one store the first makes it, and each keeps it in its own folder.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from './config/config.ts';

type KeySettings = Pick<Config, 'dataDir' | 'accessKeyId' | 'accessKeySecret' | 'accountId'>;

export interface FirstKeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

interface KeptKeyPair extends FirstKeyPair {
  readonly account: string;
}

export interface FirstKey {
  /** Where the pair is kept; null when the settings give it, and nothing is kept. */
  readonly file: string | null;
  /** Null unless this start made it. */
  readonly made: FirstKeyPair | null;
  /** Ids of enabled pairs of operators beside the one that the settings give; none when they give none. */
  readonly others: readonly string[];
}

export interface KeyStore {
  /** Stores the pair as the operator's. The same one stays as it is, disabled or not; another of its id is replaced. */
  readonly ensure: (pair: KeptKeyPair) => Promise<void>;
  /** Gives the pair of all servers on this store: the one that is offered, unless another server was first. */
  readonly agree: (pair: KeptKeyPair) => Promise<KeptKeyPair>;
  readonly list: () => Promise<readonly StoredKeyPair[]>;
}

interface StoredKeyPair {
  readonly accessKeyId: string;
  readonly operator: boolean;
  readonly enabled: boolean;
}

export async function prepareFirstKey(config: KeySettings, { ensure, agree, list }: KeyStore): Promise<FirstKey> {
  const file = join(config.dataDir, 'credentials.json');
  const { accessKeyId, accessKeySecret, accountId: account } = config;
  if (accessKeyId !== null && accessKeySecret !== null) {
    await ensure({ accessKeyId, accessKeySecret, account });
    const others = (await list()).filter((pair) => pair.operator && pair.enabled && pair.accessKeyId !== accessKeyId);
    return { file: null, made: null, others: others.map((pair) => pair.accessKeyId) };
  }
  const kept = await readKept(file);
  const offered = kept ?? { ...newKeyPair(), account };
  const pair = await agree(offered);
  await ensure(pair);
  const { accessKeyId: id, accessKeySecret: secret } = pair;
  if (id !== kept?.accessKeyId || secret !== kept.accessKeySecret) await keep(file, pair);
  const isMade = kept === undefined && id === offered.accessKeyId;
  return { file, made: isMade ? { accessKeyId: id, accessKeySecret: secret } : null, others: [] };
}

async function readKept(file: string): Promise<KeptKeyPair | undefined> {
  try {
    const { accessKeyId, accessKeySecret, account } = JSON.parse(await readFile(file, 'utf8')) as KeptKeyPair;
    if (accessKeyId && accessKeySecret && account) return { accessKeyId, accessKeySecret, account };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read as a key pair; restore it, or remove it to have a new pair made`, {
      cause: error,
    });
  }
  throw new Error(`${file} holds no key pair; restore it, or remove it to have a new pair made`);
}

/**
 * Whole or not at all: a pair cut short would lock the operator out at the next start. On the disk with its name, because
 * the pair is shown once.
 */
async function keep(file: string, pair: KeptKeyPair): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(pair, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  const folder = await open(dirname(file), 'r');
  await folder.sync();
  await folder.close();
}

/** In the form of the service's: letters and digits, 24 and 30 of them. */
function newKeyPair(): FirstKeyPair {
  return { accessKeyId: `LTAI${letters(20)}`, accessKeySecret: letters(30) };
}

function letters(count: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let text = '';
  while (text.length < count) {
    for (const byte of randomBytes(count)) {
      // Bytes beyond the last whole alphabet would make some letters likelier.
      if (byte < 248 && text.length < count) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
