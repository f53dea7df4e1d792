/** One row of a dialect's table. */
import { KIB } from '../../core/limits.ts';
import type { OperationSettings } from '../../service/service-context.ts';
import type { Call, Reply, RequestHeaders } from './call.ts';

export type Method = 'DELETE' | 'GET' | 'POST' | 'PUT';

export interface Operation {
  /** The API's action name: `GetAsyncTask`. */
  readonly name: string;
  readonly method: Method;
  /** Below the version prefix; `{name}` stands for one segment: `/functions/{functionName}/async-tasks/{taskId}`. */
  readonly path: string;
  /** A longer body is refused before it is read to the end, with `EntityTooLarge` and this bound. */
  readonly bodyBytesMax: number | ((headers: RequestHeaders, settings: OperationSettings) => number);
  /** Only key pairs of the operator may call it; others get `AccessDenied`. Default false. */
  readonly operatorOnly?: boolean;
  /** Throws `FcError` to refuse. */
  handle(call: Call): Promise<Reply>;
}

/** Bound of bodies that hold no payload and no code. */
export const CONTROL_BODY_BYTES_MAX = 256 * KIB;
