/** Resource names: `acs:{service}:{region}:{account}:{resource}`; region and account may be empty. */
import { isAliasName, isFunctionName, isName, isVersionId, LATEST, splitServiceFunction } from './names.ts';

export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Splits at the first four colons; the resource keeps its own. */
export function parseArn(text: string): Arn | undefined {
  const match = /^acs:([a-z][a-z0-9-]*):([^:]*):([^:]*):(.+)$/.exec(text);
  if (!match) return undefined;
  const [, service = '', region = '', account = '', resource = ''] = match;
  return { service, region, account, resource };
}

export interface FunctionTarget {
  readonly functionName: string;
  /** `LATEST` when the name has none. */
  readonly qualifier: string;
}

/**
 * The function that an `acs:fc` resource names: `functions/{f}[/{qualifier}]` (3.0) or
 * `services/{s}[.{qualifier}]/functions/{f}` (2.0, known here as `{s}${f}`). Undefined when it names none.
 */
export function parseFunctionResource(resource: string): FunctionTarget | undefined {
  const v3 = /^functions\/([^/]+)(?:\/([^/]+))?$/.exec(resource);
  if (v3) return target(v3[1] ?? '', v3[2] ?? LATEST);
  const v2 = /^services\/([^/.]+)(?:\.([^/]+))?\/functions\/([^/]+)$/.exec(resource);
  if (!v2 || !isName(v2[1] ?? '') || !isName(v2[3] ?? '')) return undefined;
  return target(`${v2[1] ?? ''}$${v2[3] ?? ''}`, v2[2] ?? LATEST);
}

function target(functionName: string, qualifier: string): FunctionTarget | undefined {
  const known = qualifier === LATEST || isVersionId(qualifier) || isAliasName(qualifier);
  return isFunctionName(functionName) && known ? { functionName, qualifier } : undefined;
}

/** The 3.0 name of a function; a qualifier other than `LATEST` is a suffix. */
export function functionArn(
  place: { readonly region: string; readonly account: string },
  functionName: string,
  qualifier: string = LATEST,
): string {
  const suffix = qualifier === LATEST ? '' : `/${qualifier}`;
  return `acs:fc:${place.region}:${place.account}:functions/${functionName}${suffix}`;
}

/** The name that a function has where it was made: one of 2.0 has its service's, with the qualifier on that. */
export function ownFunctionArn(
  place: { readonly region: string; readonly account: string },
  functionName: string,
  qualifier: string,
): string {
  const split = splitServiceFunction(functionName);
  if (split === undefined) return functionArn(place, functionName, qualifier);
  const service = qualifier === LATEST ? split.serviceName : `${split.serviceName}.${qualifier}`;
  return `acs:fc:${place.region}:${place.account}:services/${service}/functions/${split.functionName}`;
}
