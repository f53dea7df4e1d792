/** Tags of services: of what 2.0 has, only services can carry any. */
import { invalidArgument } from '../core/errors.ts';
import type { ServiceRecord, Tag } from '../core/resources.ts';
import { changeService } from './change-service.ts';
import { requireService } from './find-service.ts';
import type { Caller, ServiceContext } from './service-context.ts';

const TAGS_MAX = 20;

export interface TagServiceInput {
  readonly serviceName: string;
  /** A key that is there gets the new value. */
  readonly tags: readonly Tag[];
}

/** Rejects with `ServiceNotFound`, or `InvalidArgument` when there would be too many. */
export async function tagService(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, tags: added }: TagServiceInput,
): Promise<void> {
  await changeService(context, { account, serviceName }, async (found) => {
    const kept = found.tags.filter(({ key }) => !added.some((tag) => tag.key === key));
    const tags = [...kept, ...added];
    if (tags.length > TAGS_MAX) {
      throw invalidArgument(`a service may have at most ${TAGS_MAX} tags (it would have ${tags.length})`);
    }
    return { record: { ...found, tags }, result: undefined };
  });
}

export interface UntagServiceInput {
  readonly serviceName: string;
  /** Keys that are not there are no error. */
  readonly keys: readonly string[] | 'all';
}

/** Rejects with `ServiceNotFound`. */
export async function untagService(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, keys }: UntagServiceInput,
): Promise<void> {
  await changeService(context, { account, serviceName }, async (found) => {
    const tags = keys === 'all' ? [] : found.tags.filter(({ key }) => !keys.includes(key));
    return { record: { ...found, tags }, result: undefined };
  });
}

/** Rejects with `ServiceNotFound`. */
export async function getServiceTags(
  context: ServiceContext,
  { account }: Caller,
  { serviceName }: { readonly serviceName: string },
): Promise<ServiceRecord['tags']> {
  return (await requireService(context, { account, serviceName })).tags;
}
