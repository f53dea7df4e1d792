/**
 * Where the two versions of 2.0 differ in what they have in common: 2021-04-06 and 2016-08-15 have one resource tree and
 * the same documents, and stay islands beside what stands in this folder.
 */
import { invalidArgument } from '../../../core/errors.ts';
import { invariant } from '../../../core/invariant.ts';
import { LATEST, nameInService, type ServiceFunction, splitServiceFunction } from '../../../core/names.ts';
import type { ServiceKey } from '../../../service/resource-store.ts';
import { inService } from '../../../service/find-service.ts';
import { type Call, pathParameter, type Reply } from '../call.ts';
import type { Method, Operation } from '../operation.ts';
import { withOwnName } from '../own-name.ts';

export interface QualifiedService {
  readonly serviceName: string;
  /** Empty when none was named. */
  readonly qualifier: string;
}

export interface Form {
  /** The service that a call names, and the version or alias of it. */
  readonly serviceOf: (call: Call) => QualifiedService;
  readonly taskLimitDefault: number;
  /** Of `/tag`, to take tags away. */
  readonly untagMethod: Method;
  /** The answer of tagging and untagging, which have no result. */
  readonly taggedReply: (call: Call) => Reply;
  /** How a trigger's configuration is written: as an object, or as its JSON. */
  readonly triggerConfig: (config: Readonly<Record<string, unknown>>) => unknown;
}

export const SERVICE = '/services/{serviceName}';
export const FUNCTION = `${SERVICE}/functions/{functionName}`;

/** `svc.prod`: neither names of services nor qualifiers have a dot. */
export function splitAtDot(segment: string): QualifiedService {
  const dot = segment.indexOf('.');
  if (dot < 0) return { serviceName: segment, qualifier: '' };
  return { serviceName: segment.slice(0, dot), qualifier: segment.slice(dot + 1) };
}

/** The service of an operation that changes it, or what hangs on it as a whole. */
export function headOf(form: Form, call: Call): string {
  const { serviceName, qualifier } = form.serviceOf(call);
  if (qualifier === '' || qualifier === LATEST) return serviceName;
  throw invalidArgument(
    `a published version does not change: name the service without a version or alias (actual: '${qualifier}')`,
  );
}

export interface QualifiedFunction {
  /** As the rest of the server knows it: `service$function`. */
  readonly functionName: string;
  /** Empty when none was named. */
  readonly qualifier: string;
}

export function functionOf(form: Form, call: Call): QualifiedFunction {
  const { serviceName, qualifier } = form.serviceOf(call);
  return { functionName: nameInService({ serviceName, functionName: pathParameter(call, 'functionName') }), qualifier };
}

/** The two names of a function that 2.0 knows. */
export function splitName(name: string): ServiceFunction {
  const split = splitServiceFunction(name);
  invariant(split !== undefined, 'only functions of services are reached through 2.0');
  return split;
}

/** The head of a function, for an operation that changes it. */
export function functionHeadOf(form: Form, call: Call): string {
  return nameInService({ serviceName: headOf(form, call), functionName: pathParameter(call, 'functionName') });
}

/** Empty when the caller takes any. */
export function ifMatchOf({ headers }: Call): string {
  return headers['if-match'] ?? '';
}

/** An operation on a function says that the service is missing where that is why the function is, and calls both by their own names. */
export function withinService(form: Form, operations: readonly Operation[]): readonly Operation[] {
  return operations.map((operation) => ({
    ...operation,
    async handle(call: Call): Promise<Reply> {
      const key: ServiceKey = { account: call.caller.account, serviceName: form.serviceOf(call).serviceName };
      try {
        return await inService(call.context, key, () => operation.handle(call));
      } catch (error) {
        throw withOwnName(error, functionOf(form, call).functionName);
      }
    },
  }));
}
