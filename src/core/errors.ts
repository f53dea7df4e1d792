/**
 * The registry of refusals: everything a caller can be told, by code. A dialect maps each code to its own name,
 * status and bytes, and a test fails when one is not mapped.
 */

export interface ErrorEntry {
  readonly meaning: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
}

export const ERRORS = {
  InvalidArgument: { meaning: 'A field, header or parameter has a wrong value.', retryable: false },
  MissingRequiredHeader: { meaning: 'A header that the operation needs is missing.', retryable: false },
  PathNotSupported: { meaning: 'No operation has this path and method.', retryable: false },
  OperationNotSupported: { meaning: 'The operation exists in Function Compute and not here.', retryable: false },
  EntityTooLarge: { meaning: 'The body is larger than allowed.', retryable: false },
  UnsupportedMediaType: { meaning: 'The body has an encoding that is not understood.', retryable: false },
  AccessDenied: { meaning: 'The key pair may not do this.', retryable: false },
  SignatureNotMatch: { meaning: 'The signature does not fit the request.', retryable: false },
  InvalidAccessKeyID: { meaning: 'No enabled key pair has this id.', retryable: false },
  InvalidSecurityToken: { meaning: 'The security token does not belong to the key pair.', retryable: false },
  RequestTimeTooSkewed: { meaning: 'The request was signed too long ago, or in the future.', retryable: true },
  SignatureNonceUsed: { meaning: 'A request with this nonce was already accepted.', retryable: false },
  ServiceNotFound: { meaning: 'No such service.', retryable: false },
  FunctionNotFound: { meaning: 'No such function.', retryable: false },
  VersionNotFound: { meaning: 'No such version.', retryable: false },
  LayerNotFound: { meaning: 'No such layer.', retryable: false },
  LayerVersionNotFound: { meaning: 'No such version of the layer.', retryable: false },
  AliasNotFound: { meaning: 'No such alias.', retryable: false },
  AsyncConfigNotFound: {
    meaning: 'The function has no asynchronous configuration for this qualifier.',
    retryable: false,
  },
  ConcurrencyConfigNotFound: { meaning: 'The function has no concurrency configuration.', retryable: false },
  TriggerNotFound: { meaning: 'No such trigger, or no HTTP trigger behind the URL.', retryable: false },
  TaskNotFound: { meaning: 'No such task.', retryable: false },
  ServiceAlreadyExists: { meaning: 'A service of this name exists.', retryable: false },
  FunctionAlreadyExists: { meaning: 'A function of this name exists.', retryable: false },
  AliasAlreadyExists: { meaning: 'An alias of this name exists.', retryable: false },
  TriggerAlreadyExists: {
    meaning: 'A trigger of this name exists, or an HTTP trigger for this qualifier.',
    retryable: false,
  },
  TaskAlreadyExists: { meaning: 'A task of this id exists; nothing was queued.', retryable: false },
  AdditionalVersionContainsMajorVersion: {
    meaning: 'The weights of an alias name its main version.',
    retryable: false,
  },
  VersionInUse: { meaning: 'An alias points to the version.', retryable: false },
  ServiceNotEmpty: { meaning: 'The service still has functions, versions or aliases.', retryable: false },
  FunctionNotEmpty: { meaning: 'The function still has triggers.', retryable: false },
  PreconditionFailed: { meaning: 'The resource is not the one that `If-Match` names any more.', retryable: false },
  ConcurrentUpdate: { meaning: 'Somebody else changed the resource at the same time.', retryable: true },
  TaskAlreadyCompleted: { meaning: 'The task has ended and cannot be stopped.', retryable: false },
  FunctionDisabled: { meaning: 'Invocation of the function is disabled.', retryable: true },
  BadResponse: { meaning: 'The function answered a request with what cannot be sent.', retryable: true },
  ResourceExhausted: { meaning: 'The concurrency limit, or the bound of waiting work, is reached.', retryable: true },
  ResourceThrottled: { meaning: 'The server has no capacity at the moment.', retryable: true },
  InternalServerError: { meaning: 'A fault of the server.', retryable: true },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * A refusal on its way to a caller. The message says what is wrong and what to do; it names the field and the
 * allowed values and never another account's things.
 */
export class FcError extends Error {
  override readonly name = 'FcError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Shorthand for the commonest refusal. */
export function invalidArgument(message: string): FcError {
  return new FcError('InvalidArgument', message);
}

/** A function, version, alias, task, … that does not exist. */
export function isNotFound(error: unknown): error is FcError {
  return error instanceof FcError && error.code.endsWith('NotFound');
}
