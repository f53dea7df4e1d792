/** Operations that Function Compute has and Meanwhile has not: named, so that a caller learns that its request was well-formed. */
import { FcError } from '../../core/errors.ts';
import { CONTROL_BODY_BYTES_MAX, type Method, type Operation } from './operation.ts';

export type UnsupportedRow = readonly [name: string, method: Method, path: string];

export function unsupportedOperations(rows: readonly UnsupportedRow[]): readonly Operation[] {
  return rows.map(([name, method, path]) => ({
    name,
    method,
    path,
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    async handle() {
      throw new FcError(
        'OperationNotSupported',
        `${name} is an operation of Function Compute that is not available here`,
      );
    },
  }));
}
