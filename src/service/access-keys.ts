/** Key pairs: who may call, and as which account. Secrets are kept as they are, because signatures are made with them. */
import { FcError, invalidArgument } from '../core/errors.ts';
import { RecordShelf } from './record-shelf.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Whose functions and tasks the pair sees. */
  readonly account: string;
  /** May make and take away key pairs. */
  readonly operator: boolean;
  readonly enabled: boolean;
  /** What requests must carry beside the signature, as temporary credentials do; null when nothing. */
  readonly securityToken: string | null;
}

/** What may be shown of a pair once it was made. */
export type ListedKeyPair = Omit<KeyPair, 'accessKeySecret' | 'securityToken'>;

export interface CreateAccessKeyInput {
  /** Decimal digits; null means the caller's own. */
  readonly account: string | null;
  readonly operator: boolean;
  /** Makes a pair that is used as the real service's temporary credentials are. */
  readonly withSecurityToken: boolean;
}

/** Ids come from requests before anything of them is proved, so what can be none goes to no store. */
const ACCESS_KEY_ID = /^[A-Za-z0-9._-]{1,128}$/;
const ACCOUNT = /^[0-9]{1,32}$/;
const ID_LENGTH = 20;
/** By it the 2016 SDK knows temporary credentials: with another id it sends no token. */
const TEMPORARY_PREFIX = 'STS.';

const KEY_PAIRS = new RecordShelf<KeyPair, [accessKeyId: string]>({
  kind: 'access-key',
  depth: 1,
  pathOf: (accessKeyId) => (ACCESS_KEY_ID.test(accessKeyId) ? [accessKeyId] : undefined),
});

/** Undefined when there is none of this id. Disabled ones are found. */
export async function getAccessKey({ store }: ServiceContext, accessKeyId: string): Promise<KeyPair | undefined> {
  return (await KEY_PAIRS.find(store, accessKeyId))?.document;
}

/** The only answer that ever holds the secret. */
export async function createAccessKey(
  { store, newUuid }: ServiceContext,
  caller: Caller,
  input: CreateAccessKeyInput,
): Promise<KeyPair> {
  const account = input.account ?? caller.account;
  if (!ACCOUNT.test(account)) throw invalidArgument(`account must be 1 to 32 digits (actual: '${account}')`);
  const token = (): string => (newUuid() + newUuid()).replaceAll('-', '');
  const pair: KeyPair = {
    accessKeyId: `${input.withSecurityToken ? TEMPORARY_PREFIX : ''}MW${token().slice(0, ID_LENGTH).toUpperCase()}`,
    accessKeySecret: token(),
    account,
    operator: input.operator,
    enabled: true,
    securityToken: input.withSecurityToken ? token() : null,
  };
  const answer = await store.writeRecords([KEY_PAIRS.put(pair, 'absent', pair.accessKeyId)]);
  if (answer === 'conflict') throw new FcError('ConcurrentUpdate', 'the id that was made is taken; try again');
  return pair;
}

/** All, in order of their ids, without secrets. */
export async function listAccessKeys({ store }: ServiceContext): Promise<readonly ListedKeyPair[]> {
  const listed: ListedKeyPair[] = [];
  for await (const { accessKeySecret: _, securityToken: __, ...pair } of KEY_PAIRS.all(store, null)) listed.push(pair);
  return listed;
}

/** Rejects with `InvalidArgument` when there is no such pair, or when no operator could make one any more. */
export async function setAccessKeyEnabled(
  context: ServiceContext,
  { accessKeyId, enabled }: { readonly accessKeyId: string; readonly enabled: boolean },
): Promise<ListedKeyPair> {
  const pair = await requireAccessKey(context, accessKeyId);
  if (!enabled) await refuseForLastOperator(context, pair);
  const changed = { ...pair, enabled };
  await context.store.writeRecords([KEY_PAIRS.put(changed, 'any', accessKeyId)]);
  const { accessKeySecret: _, securityToken: __, ...listed } = changed;
  return listed;
}

/** Rejects as `setAccessKeyEnabled` does. What the account owns stays. */
export async function deleteAccessKey(context: ServiceContext, accessKeyId: string): Promise<void> {
  await refuseForLastOperator(context, await requireAccessKey(context, accessKeyId));
  await context.store.writeRecords([KEY_PAIRS.delete('any', accessKeyId)]);
}

/**
 * Sees to it that the pair of the server's settings is there. One of the same id and secret stays as it is, disabled or
 * not; one that differs is replaced, because the settings were changed.
 */
export async function ensureFirstKey({ store }: ServiceContext, pair: KeyPair): Promise<void> {
  const found = (await KEY_PAIRS.find(store, pair.accessKeyId))?.document;
  const same = found?.accessKeySecret === pair.accessKeySecret && found.account === pair.account;
  if (!same) await store.writeRecords([KEY_PAIRS.put(pair, 'any', pair.accessKeyId)]);
}

async function requireAccessKey(context: ServiceContext, accessKeyId: string): Promise<KeyPair> {
  const pair = await getAccessKey(context, accessKeyId);
  if (pair === undefined) throw invalidArgument(`access key '${accessKeyId}' does not exist`);
  return pair;
}

/** Nobody could undo it over the API. */
async function refuseForLastOperator(context: ServiceContext, pair: KeyPair): Promise<void> {
  if (!pair.operator || !pair.enabled) return;
  const others = await listAccessKeys(context);
  if (others.some(({ accessKeyId, operator, enabled }) => operator && enabled && accessKeyId !== pair.accessKeyId)) {
    return;
  }
  throw invalidArgument(`access key '${pair.accessKeyId}' is the last enabled one of an operator; make another first`);
}
