/** Reads a service of 2.0: its head, or what a version or an alias of it stands for. */
import type { ServiceRecord, ServiceSettings } from '../core/resources.ts';
import { findQualifiedService, requireService } from './find-service.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface GetServiceInput {
  readonly serviceName: string;
  /** Empty means LATEST. An alias stands for its main version, whatever its weights. */
  readonly qualifier: string;
}

export interface FoundService {
  readonly record: ServiceRecord;
  /** Of the head or of the version. */
  readonly settings: ServiceSettings;
  /** When these settings were set or published. */
  readonly modifiedAtMs: number;
}

/** Rejects with `ServiceNotFound`, `VersionNotFound`, `AliasNotFound`, or `InvalidArgument` for what can be no qualifier. */
export async function getService(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, qualifier }: GetServiceInput,
): Promise<FoundService> {
  const key = { account, serviceName };
  const record = await requireService(context, key);
  const version = await findQualifiedService(context, key, qualifier);
  if (version === undefined) return { record, settings: record, modifiedAtMs: record.modifiedAtMs };
  return { record, settings: version.settings, modifiedAtMs: version.modifiedAtMs };
}
