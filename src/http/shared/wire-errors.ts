/** Names and statuses of errors as they are in every version of the API, or the core's own; a version renames what it must. */
import type { ErrorCode } from '../../core/errors.ts';
import type { WireErrors } from './error-document.ts';

const WIRE_ERRORS: WireErrors = {
  InvalidArgument: { code: 'InvalidArgument', status: 400 },
  MissingRequiredHeader: { code: 'MissingRequiredHeader', status: 400 },
  PathNotSupported: { code: 'PathNotSupported', status: 400 },
  OperationNotSupported: { code: 'OperationNotSupported', status: 400 },
  EntityTooLarge: { code: 'EntityTooLarge', status: 400 },
  UnsupportedMediaType: { code: 'UnsupportedMediaType', status: 415 },
  AccessDenied: { code: 'AccessDenied', status: 403 },
  SignatureNotMatch: { code: 'SignatureNotMatch', status: 403 },
  InvalidAccessKeyID: { code: 'InvalidAccessKeyID', status: 403 },
  InvalidSecurityToken: { code: 'InvalidSecurityToken', status: 403 },
  RequestTimeTooSkewed: { code: 'RequestTimeTooSkewed', status: 403 },
  SignatureNonceUsed: { code: 'SignatureNonceUsed', status: 403 },
  ServiceNotFound: { code: 'ServiceNotFound', status: 404 },
  FunctionNotFound: { code: 'FunctionNotFound', status: 404 },
  VersionNotFound: { code: 'VersionNotFound', status: 404 },
  LayerNotFound: { code: 'LayerNotFound', status: 404 },
  LayerVersionNotFound: { code: 'LayerVersionNotFound', status: 404 },
  AliasNotFound: { code: 'AliasNotFound', status: 404 },
  AsyncConfigNotFound: { code: 'AsyncConfigNotFound', status: 404 },
  ConcurrencyConfigNotFound: { code: 'ConcurrencyConfigNotFound', status: 404 },
  TriggerNotFound: { code: 'TriggerNotFound', status: 404 },
  TaskNotFound: { code: 'TaskNotFound', status: 404 },
  ServiceAlreadyExists: { code: 'ServiceAlreadyExists', status: 409 },
  FunctionAlreadyExists: { code: 'FunctionAlreadyExists', status: 409 },
  AliasAlreadyExists: { code: 'AliasAlreadyExists', status: 409 },
  TriggerAlreadyExists: { code: 'TriggerAlreadyExists', status: 409 },
  TaskAlreadyExists: { code: 'TaskAlreadyExists', status: 409 },
  AdditionalVersionContainsMajorVersion: { code: 'AdditionalVersionContainsMajorVersion', status: 400 },
  VersionInUse: { code: 'VersionInUse', status: 409 },
  ServiceNotEmpty: { code: 'ServiceNotEmpty', status: 409 },
  FunctionNotEmpty: { code: 'FunctionNotEmpty', status: 409 },
  PreconditionFailed: { code: 'PreconditionFailed', status: 412 },
  ConcurrentUpdate: { code: 'ConcurrentUpdate', status: 409 },
  TaskAlreadyCompleted: { code: 'TaskAlreadyCompleted', status: 412 },
  FunctionDisabled: { code: 'FunctionDisabled', status: 403 },
  BadResponse: { code: 'BadResponse', status: 502 },
  ResourceExhausted: { code: 'ResourceExhausted', status: 429 },
  ResourceThrottled: { code: 'ResourceThrottled', status: 503 },
  InternalServerError: { code: 'InternalServerError', status: 500 },
};

/** The errors under the names that one version has for some of them. Statuses are the same everywhere. */
export function wireErrors(names: Partial<Record<ErrorCode, string>> = {}): WireErrors {
  const errors: Record<ErrorCode, WireErrors[ErrorCode]> = { ...WIRE_ERRORS };
  for (const [code, name] of Object.entries(names) as [ErrorCode, string][]) {
    errors[code] = { ...WIRE_ERRORS[code], code: name };
  }
  return errors;
}
