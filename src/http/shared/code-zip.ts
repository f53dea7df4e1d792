/** The code of a function as it comes in a request: a zip in base64. */
import { FcError, invalidArgument } from '../../core/errors.ts';
import { CODE_ZIP_BYTES_MAX } from '../../core/limits.ts';
import type { Fields } from './fields.ts';
import { CONTROL_BODY_BYTES_MAX } from './operation.ts';

/** Bound of bodies that hold a zip in base64, and other members. */
export const CODE_BODY_BYTES_MAX = Math.ceil(CODE_ZIP_BYTES_MAX / 3) * 4 + CONTROL_BODY_BYTES_MAX;

/** The member `code`, taken apart; undefined when the request has none. */
export function decodeCodeZip(fields: Fields): { readonly zip: Uint8Array; readonly code: Fields } | undefined {
  const code = fields.object('code');
  if (code === undefined) return undefined;
  if ((code.text('ossBucketName') ?? '') !== '' || (code.text('ossObjectName') ?? '') !== '') {
    throw invalidArgument(
      'code.ossBucketName and code.ossObjectName cannot be used here: there is no object storage; send the zip as base64 in code.zipFile',
    );
  }
  const zipFile = code.text('zipFile');
  if (zipFile === undefined || zipFile === '') throw code.missing('zipFile');
  return { zip: decodeBase64(zipFile), code };
}

/**
 * Node's decoder skips what is not base64 and takes the URL alphabet as well; a package that was cut or changed on its
 * way must not be taken for another. Comparing lengths finds every skipped sign without a pass over 130 MB of text.
 */
function decodeBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  const zip = Buffer.from(text, 'base64');
  const whole = text.length % 4 === 0 && zip.byteLength === (text.length / 4) * 3 - padding;
  if (!whole || text.includes('-') || text.includes('_')) {
    throw invalidArgument('code.zipFile must be base64 of the standard alphabet, padded, without line breaks');
  }
  if (zip.byteLength > CODE_ZIP_BYTES_MAX) {
    throw new FcError('EntityTooLarge', `code.zipFile exceeds maximum allowed size (${CODE_ZIP_BYTES_MAX} bytes)`);
  }
  return zip;
}
