/** The temporary key that functions find when the operator gives none. */
import { randomBytes } from 'node:crypto';
import type { Credentials } from './framing/protocol.ts';

/** In the form of the service's temporary keys, valid nowhere: code that only reads them must find something. */
export function madeUpCredentials(): Credentials {
  return {
    accessKeyId: `STS.${randomBytes(12).toString('hex')}`,
    accessKeySecret: randomBytes(24).toString('base64url'),
    securityToken: randomBytes(48).toString('base64'),
  };
}
