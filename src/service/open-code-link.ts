/** Gives the zip that a download link stands for: of a function's code, or of a layer's. */
import { FcError } from '../core/errors.ts';
import { unsealCodeLink } from './code-link.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Needs no caller: the token is the right to read. Rejects with `AccessDenied` for a token that this server did not
 * give out or that is over, and with `FunctionNotFound` when the package has been deleted meanwhile.
 */
export async function openCodeLink(context: ServiceContext, token: string): Promise<Uint8Array> {
  const link = unsealCodeLink(context.settings.sealingKey, token);
  if (link === undefined || link.expiresAtMs <= context.now()) {
    throw new FcError(
      'AccessDenied',
      'the download link is not valid or has expired; ask for the function or layer again',
    );
  }
  const zip = await context.store.getPackage(link.sha256);
  if (zip === undefined) throw new FcError('FunctionNotFound', 'the code package of the link has been deleted');
  return zip;
}
