/** Errors of a function as documents, in the form that its callers know. */
import type { Outcome } from '../core/outcome.ts';

export function errorDocument(errorMessage: string, errorType: string): Buffer {
  return Buffer.from(JSON.stringify({ errorMessage, errorType }));
}

export function initializationError(errorMessage: string, errorType = 'InitializationError'): Outcome {
  return { kind: 'initialization-error', document: errorDocument(errorMessage, errorType) };
}
