/**
 * Decides who sent a request, from its headers alone. Nothing of a request is believed, its nonce not used up and its
 * body not read, before its signature is right.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { FcError } from '../../core/errors.ts';
import type { KeyPair } from '../../service/access-keys.ts';
import { parseUtc } from '../shared/dates.ts';
import { FC_SCHEME, parseAuthorization, requireSigned, SCHEME } from './authorization.ts';
import type { BodyDigest } from './body-digest.ts';
import { canonicalRequest, type SignedRequest } from './canonical-request.ts';
import { expectedText, parseFcAuthorization, signedDate, timeOfFcDate } from './fc-signature.ts';
import { HmacKey } from './hmac-key.ts';
import type { SigningKeys } from './signing-keys.ts';

/** A request may be so much older or younger than our clock. */
export const SKEW_MS = 15 * 60_000;

/** A key that no pair has: an unknown id takes as long as a known one. */
const DUMMY_SECRET = new HmacKey('no pair has this secret');

/** The part of the store that remembers nonces. */
export interface NonceMemory {
  useNonce(
    use: { readonly digest: bigint; readonly expiresAtMs: number },
    nowMs: number,
  ): Promise<'first' | 'used' | 'full'>;
}

export interface Authentication {
  readonly keys: SigningKeys;
  readonly nonces: NonceMemory;
  readonly now: () => number;
  /** `acs3` refuses the FC scheme, which covers neither the query nor every body. */
  readonly signatures: 'all' | 'acs3';
}

export interface Sender {
  readonly pair: KeyPair;
  /** What the signature says of the body; compare it once the body is read. */
  readonly bodyDigest: BodyDigest;
}

/** What a signature must cover, by what is signed. */
export interface SignatureRules {
  /** Headers that an ACS3 signature must cover. */
  readonly mustSign: readonly string[];
  /** What `x-acs-version` must say; null where there are no versions. */
  readonly version: string | null;
}

/**
 * Of an operation: without these headers a request could be replayed, moved to another host or version, or given
 * another body.
 */
export const operationRules = (version: string): SignatureRules => ({
  mustSign: ['host', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-version'],
  version,
});

/**
 * Of a request to an HTTP trigger, where the vendor's own sample signs nothing but the time, method, path and query: such
 * a request can be repeated for 15 minutes. What else is sent of the headers above must be signed, and true.
 */
export const TRIGGER_RULES: SignatureRules = { mustSign: ['x-acs-date'], version: null };

/** The scheme is chosen by its word, not by the path: one SDK signs requests of two versions. */
export async function authenticate(
  request: SignedRequest,
  rules: SignatureRules,
  authentication: Authentication,
): Promise<Sender> {
  const header = request.headers['authorization'];
  if (header === undefined) {
    throw new FcError('MissingRequiredHeader', 'required HTTP header Authorization was not specified');
  }
  if (!header.startsWith(`${FC_SCHEME} `)) return await authenticateAcs3({ request, header, rules }, authentication);
  if (authentication.signatures === 'all') return await authenticateFc({ request, header }, authentication);
  throw new FcError('SignatureNotMatch', `this server takes the signature scheme ${SCHEME} only`);
}

interface Attempt {
  readonly request: SignedRequest;
  /** `Authorization`. */
  readonly header: string;
}

async function authenticateAcs3(
  { request, header, rules }: Attempt & { readonly rules: SignatureRules },
  { keys, nonces, now }: Authentication,
): Promise<Sender> {
  const { accessKeyId, signature, signedHeaders } = parseAuthorization(header);
  requireSigned(signedHeaders, rules.mustSign);
  const key = await keys.find(accessKeyId);
  const digest = hash('sha256', canonicalRequest(request, signedHeaders), 'hex');
  const stringToSign = `${SCHEME}\n${digest}`;
  const expected = (key?.secret ?? DUMMY_SECRET).sign(stringToSign);
  const matches = isSameText(expected, signature);

  if (key?.pair.enabled !== true) throw invalidAccessKeyId(accessKeyId);
  // The hash tells a client's author which half is wrong: the canonical request or the key.
  if (!matches) throw signatureNotMatch(stringToSign);
  checkToken(key.pair, request, 'x-acs-security-token');
  const signedAtMs = checkDate(request.headers['x-acs-date'] ?? '', now());
  if (rules.version !== null) checkVersion(request.headers['x-acs-version'] ?? '', rules.version);
  const nonce = request.headers['x-acs-signature-nonce'];
  if (nonce !== undefined) await useNonce(nonces, { accessKeyId, nonce, signedAtMs, nowMs: now() });
  const hex = request.headers['x-acs-content-sha256'];
  return { pair: key.pair, bodyDigest: hex === undefined ? { kind: 'none' } : { kind: 'sha256', hex } };
}

/** The version is part of the path, which this scheme signs; a nonce it has none. */
async function authenticateFc({ request, header }: Attempt, { keys, now }: Authentication): Promise<Sender> {
  const authorization = parseFcAuthorization(header);
  const { accessKeyId } = authorization;
  const key = await keys.find(accessKeyId);
  const date = signedDate(request, key?.secret ?? DUMMY_SECRET, authorization);

  if (key?.pair.enabled !== true) throw invalidAccessKeyId(accessKeyId);
  if (date === undefined) throw signatureNotMatch(expectedText(request));
  checkToken(key.pair, request, 'x-fc-security-token');
  checkSkew(timeOfFcDate(date), now());
  const md5 = request.headers['content-md5'] ?? '';
  return { pair: key.pair, bodyDigest: md5 === '' ? { kind: 'none' } : { kind: 'md5', header: md5 } };
}

function invalidAccessKeyId(accessKeyId: string): FcError {
  return new FcError('InvalidAccessKeyID', `invalid access key ID '${accessKeyId}'`);
}

function signatureNotMatch(stringToSign: string): FcError {
  const hint = `the string to sign was '${stringToSign.replaceAll('\n', '\\n')}'`;
  return new FcError(
    'SignatureNotMatch',
    `The request signature we calculated does not match the signature you provided. Check your access key and signing method (${hint})`,
  );
}

function checkToken(pair: KeyPair, { headers }: SignedRequest, name: string): void {
  const token = headers[name];
  if (pair.securityToken === null) {
    if (token === undefined || token === '') return;
    throw new FcError('InvalidSecurityToken', `the key pair has no security token; send no ${name}`);
  }
  const matches = token !== undefined && isSameText(sha256(token), sha256(pair.securityToken));
  if (!matches) throw new FcError('InvalidSecurityToken', `${name} is not the token of the key pair`);
}

function checkDate(text: string, nowMs: number): number {
  const signedAtMs = parseUtc(text);
  if (signedAtMs === undefined) {
    throw new FcError('InvalidArgument', 'x-acs-date must have the form 2026-11-20T23:15:56Z');
  }
  checkSkew(signedAtMs, nowMs);
  return signedAtMs;
}

function checkSkew(signedAtMs: number, nowMs: number): void {
  if (Math.abs(nowMs - signedAtMs) <= SKEW_MS) return;
  const [sent, ours] = [new Date(signedAtMs).toUTCString(), new Date(nowMs).toUTCString()];
  throw new FcError(
    'RequestTimeTooSkewed',
    `the difference between the request time '${sent}' and the current time '${ours}' is too large`,
  );
}

/** A request that was signed for one API version must not be taken to another, where its path may mean something else. */
function checkVersion(actual: string, expected: string): void {
  if (actual === expected) return;
  throw new FcError('InvalidArgument', `x-acs-version must be ${expected} for this path`);
}

interface NonceOfRequest {
  readonly accessKeyId: string;
  readonly nonce: string;
  readonly signedAtMs: number;
  readonly nowMs: number;
}

async function useNonce(nonces: NonceMemory, request: NonceOfRequest): Promise<void> {
  if (request.nonce === '') throw new FcError('InvalidArgument', 'x-acs-signature-nonce must not be empty');
  // Signed, because the integers of both SQL engines are.
  const digest = Buffer.from(sha256(`${request.accessKeyId}\n${request.nonce}`, 'binary'), 'binary').readBigInt64BE(0);
  const answer = await nonces.useNonce({ digest, expiresAtMs: request.signedAtMs + SKEW_MS }, request.nowMs);
  if (answer === 'used')
    throw new FcError('SignatureNonceUsed', 'a request with this x-acs-signature-nonce was already accepted');
  if (answer === 'full')
    throw new FcError('ResourceExhausted', 'too many requests within the last minutes; try again later');
}

/** As text, for the reason that `HmacKey` gives. */
function sha256(text: string, encoding: 'hex' | 'binary' = 'hex'): string {
  return hash('sha256', text, encoding);
}

/** Of two texts of one length, in a time that tells nothing of where they differ. */
function isSameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
}
