/** Whether a request is one to an HTTP trigger, by its host name or its path, and where it leads. */
import type { IncomingMessage } from 'node:http';
import { decodeText } from '../../core/http-event.ts';
import { nameInService } from '../../core/names.ts';
import { isSubdomain } from '../../service/trigger-subdomain.ts';

interface Place {
  /** What stands before the function's own paths, with a slash at its end. */
  readonly basePath: string;
  /** The function's own path and the query, still encoded. */
  readonly target: string;
}

export type TriggerAddress = Place &
  (
    | { readonly by: 'host'; readonly subdomain: string }
    | {
        readonly by: 'path';
        /** `service$function` for one of 2.0. */
        readonly functionName: string;
        /** Empty when none is named. */
        readonly qualifier: string;
      }
  );

/** Versions of the API in the place of the first segment; one name behind `proxy` in 3.0, two in 2.0. */
const BY_PATH = /^\/+(2023-03-30\/proxy\/(?<own>[^/?]+)|2016-08-15\/proxy\/(?<service>[^/?]+)\/(?<named>[^/?]+))/;

/** Undefined for nearly every request, and soon: the hot path of the API asks it first. */
export function triggerAddress({
  url = '',
  headers,
}: Pick<IncomingMessage, 'url' | 'headers'>): TriggerAddress | undefined {
  const { host = '' } = headers;
  const dot = host.indexOf('.');
  const label = dot < 0 ? '' : host.slice(0, dot).toLowerCase();
  if (isSubdomain(label)) return { by: 'host', subdomain: label, basePath: '/', target: url };
  return url.includes('/proxy/') ? addressByPath(url) : undefined;
}

/** The part of a request's URL that names the trigger is the server's; the rest is the function's, as it came. */
function addressByPath(url: string): TriggerAddress | undefined {
  const match = BY_PATH.exec(url);
  if (match === null) return undefined;
  const { own, service = '', named = '' } = match.groups ?? {};
  const rest = url.slice(match[0].length);
  const [first, qualifier] = splitAtDot(decodeText(own ?? service));
  return {
    by: 'path',
    functionName: own === undefined ? nameInService({ serviceName: first, functionName: decodeText(named) }) : first,
    qualifier,
    basePath: `${match[0]}/`,
    target: rest.startsWith('/') ? rest : `/${rest}`,
  };
}

/** Names have no dot. */
function splitAtDot(text: string): readonly [name: string, qualifier: string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}
