/** The grammar of names. Every name is checked once, where it enters; what is stored may be trusted. */

export const LATEST = 'LATEST';

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;
/** `service$function`: how 3.0 writes a function of 2.0. */
const SERVICE_FUNCTION_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,127}\$[A-Za-z_][A-Za-z0-9_-]{0,127}$/;
const VERSION_ID = /^[1-9][0-9]{0,9}$/;

export const NAME_RULE = 'a letter or _ first, then letters, digits, _ and -, 1 to 128 characters';

/** A function of 2.0, by the two names that it has there. */
export interface ServiceFunction {
  readonly serviceName: string;
  readonly functionName: string;
}

/** How the rest of the server knows a function of 2.0. */
export const nameInService = ({ serviceName, functionName }: ServiceFunction): string =>
  `${serviceName}$${functionName}`;

/** The two names of a function of 2.0; undefined for one of 3.0, which lies in no service. */
export function splitServiceFunction(name: string): ServiceFunction | undefined {
  const dollar = name.indexOf('$');
  return dollar < 0 ? undefined : { serviceName: name.slice(0, dollar), functionName: name.slice(dollar + 1) };
}

/** A plain function, service or alias name. */
export const isName = (text: string): boolean => NAME.test(text);
export const isFunctionName = (text: string): boolean => NAME.test(text) || SERVICE_FUNCTION_NAME.test(text);
export const isAliasName = (text: string): boolean => NAME.test(text) && text !== LATEST;
export const isVersionId = (text: string): boolean => VERSION_ID.test(text);
/** The grammar for ids that a caller chooses; generated ids (request ids) may begin with a digit. */
export const isTaskId = (text: string): boolean => NAME.test(text);

export type Qualifier =
  | { readonly kind: 'latest' }
  | { readonly kind: 'version'; readonly versionId: string }
  | { readonly kind: 'alias'; readonly aliasName: string };

/** Reads a qualifier; undefined when it can be none. Empty means LATEST. */
export function parseQualifier(text: string): Qualifier | undefined {
  if (text === '' || text === LATEST) return { kind: 'latest' };
  if (isVersionId(text)) return { kind: 'version', versionId: text };
  return isAliasName(text) ? { kind: 'alias', aliasName: text } : undefined;
}
