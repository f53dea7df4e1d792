/** Lists the published versions of a service of 2.0, by id. */
import type { ServiceVersion } from '../core/resources.ts';
import { requireService } from './find-service.ts';
import type { Page } from './record-shelf.ts';
import { paddedVersionId, SERVICE_VERSIONS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ListServiceVersionsInput {
  readonly serviceName: string;
  readonly order: 'ascending' | 'descending';
  readonly limit: number;
  /** Empty for the first page. */
  readonly nextToken: string;
  /** The first page begins at this version id; empty for the first of the order. */
  readonly startKey: string;
}

export async function listServiceVersions(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, startKey, ...request }: ListServiceVersionsInput,
): Promise<Page<ServiceVersion>> {
  const key = { account, serviceName };
  await requireService(context, key);
  return await SERVICE_VERSIONS.list(context.store, key, { ...request, startKey: paddedVersionId(startKey) });
}
