/** GET /meanwhile/code/{token}: what the links in answers about a function's or a layer's code lead to. */
import { openCodeLink } from '../../service/open-code-link.ts';
import { pathParameter } from '../shared/call.ts';
import type { Operation } from '../shared/operation.ts';

/**
 * Without a signature, as the real service's download link is: the sealed, short-lived token is the right to this one
 * package. Sent from memory: a package has 100 MiB at most, and the store gives it whole.
 */
export const CODE_LINK_OPERATION: Operation = {
  name: 'DownloadCode',
  method: 'GET',
  path: '/meanwhile/code/{token}',
  bodyBytesMax: 0,
  async handle(call) {
    const zip = await openCodeLink(call.context, pathParameter(call, 'token'));
    return {
      status: 200,
      headers: { 'Content-Type': 'application/zip', 'Content-Disposition': 'attachment; filename="code.zip"' },
      body: zip,
    };
  },
};
