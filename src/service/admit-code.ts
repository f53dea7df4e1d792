/** Takes in a code package: checked and durable before any function points to it. */
import { invalidArgument } from '../core/errors.ts';
import type { CodePackage } from '../core/resources.ts';
import type { ServiceContext } from './service-context.ts';

export interface CodeInput {
  readonly zip: Uint8Array;
  /** CRC-64 that the sender computed, as unsigned decimal; null when it sent none. */
  readonly checksum: string | null;
}

/** Rejects with `InvalidArgument` when the zip cannot be used or is not what the sender meant to send. */
export async function admitCode({ packages, store }: ServiceContext, code: CodeInput): Promise<CodePackage> {
  const admitted = await packages.admit(code.zip);
  if ('problem' in admitted) throw invalidArgument(`code.zipFile cannot be used: ${admitted.problem}`);
  const { sha256, checksum } = admitted.package;
  if (code.checksum !== null && code.checksum !== checksum) {
    throw invalidArgument(
      `code.checksum must be the CRC-64 (ECMA-182) of the zip, ${checksum} (actual: '${code.checksum}')`,
    );
  }
  await store.putPackage(sha256, code.zip);
  return admitted.package;
}
