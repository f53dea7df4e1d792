/** Lists the services of an account, by name. */
import type { ServiceRecord, Tag } from '../core/resources.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { SERVICES } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface ListServicesInput extends PageRequest {
  /** A service must carry all of them. */
  readonly tags: readonly Tag[];
  /** Only services that carry any tag. */
  readonly tagged?: boolean;
}

/** A page may be short, or empty, and have a token all the same: filters are applied while a bounded part is read. */
export async function listServices(
  { store }: ServiceContext,
  { account }: Caller,
  { tags, tagged = false, ...request }: ListServicesInput,
): Promise<Page<ServiceRecord>> {
  return await SERVICES.list(
    store,
    { account },
    request,
    (record) =>
      (!tagged || record.tags.length > 0) &&
      tags.every((tag) => record.tags.some(({ key, value }) => key === tag.key && value === tag.value)),
  );
}
