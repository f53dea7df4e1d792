/** The code of a function as it comes in a request, with the checksum that its sender computed. */
import type { CodeInput } from '../../service/admit-code.ts';
import { decodeCodeZip } from '../shared/code-zip.ts';
import type { Fields } from '../shared/fields.ts';

/** Undefined when the request has no code. */
export function decodeCode(fields: Fields): CodeInput | undefined {
  const given = decodeCodeZip(fields);
  return given && { zip: given.zip, checksum: given.code.text('checksum') || null };
}
