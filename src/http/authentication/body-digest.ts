/** What a signature says of the body, to be compared once the body is read. */
import { hash } from 'node:crypto';
import { FcError } from '../../core/errors.ts';

export type BodyDigest =
  /** Lower-case hexadecimal, as ACS3 signs it. */
  | { readonly kind: 'sha256'; readonly hex: string }
  /** `Content-MD5` of a request by the FC scheme; the header is optional there. */
  | { readonly kind: 'md5'; readonly header: string }
  /** The signature does not cover the body. */
  | { readonly kind: 'none' };

/** Throws `SignatureNotMatch` when it is another body. */
export function checkBody(body: Uint8Array, digest: BodyDigest): void {
  if (digest.kind === 'sha256' && hash('sha256', body, 'hex') !== digest.hex) {
    throw new FcError(
      'SignatureNotMatch',
      'x-acs-content-sha256 is not the SHA-256 of the body in lower-case hexadecimal',
    );
  }
  if (digest.kind === 'md5' && !isMd5(body, digest.header)) {
    throw new FcError(
      'SignatureNotMatch',
      'Content-MD5 is not the MD5 of the body in base64 of its bytes, base64 of its hexadecimal text, or hexadecimal',
    );
  }
}

/** The clients write it in three ways: base64 of the bytes (the documents), base64 of the hex text (fc2), hex (Go). */
function isMd5(body: Uint8Array, header: string): boolean {
  const bytes = hash('md5', body, 'buffer');
  const hex = bytes.toString('hex');
  return [bytes.toString('base64'), Buffer.from(hex).toString('base64'), hex].includes(header);
}
