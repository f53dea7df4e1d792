/**
 * The token of a download link: account, package and end of life, sealed. The link works without a signature, as the
 * real service's does, so whoever holds it may read the code until it ends.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface CodeLink {
  readonly account: string;
  readonly sha256: string;
  readonly expiresAtMs: number;
}

/** Stands before what is sealed, so that no seal made with the same key for another purpose fits. */
const PURPOSE = 'code-link:';
const SEAL_BYTES = 32;

/** Letters, digits, - and _ only. */
export function sealCodeLink(key: Uint8Array, link: CodeLink): string {
  const body = Buffer.from(JSON.stringify([link.account, link.sha256, link.expiresAtMs]));
  return Buffer.concat([seal(key, body), body]).toString('base64url');
}

/** Undefined for what was not sealed with this key; whether it is still valid is for the caller to compare. */
export function unsealCodeLink(key: Uint8Array, token: string): CodeLink | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(SEAL_BYTES);
  const given = bytes.subarray(0, SEAL_BYTES);
  if (given.byteLength !== SEAL_BYTES || !timingSafeEqual(given, seal(key, body))) return undefined;
  const [account, sha256, expiresAtMs] = JSON.parse(body.toString()) as [string, string, number];
  return { account, sha256, expiresAtMs };
}

function seal(key: Uint8Array, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(PURPOSE).update(body).digest();
}
