/** Deletes a service of 2.0 that holds nothing any more. */
import { FcError } from '../core/errors.ts';
import { checkEtag } from './etag.ts';
import { serviceNotFound } from './find-service.ts';
import { functionsOf, SERVICE_ALIASES, SERVICE_VERSIONS, type ServiceKey, SERVICES } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';
import { untilWritten } from './until-written.ts';

export interface DeleteServiceInput {
  readonly serviceName: string;
  /** Entity tag; empty when any will do. */
  readonly ifMatch: string;
}

/** Rejects with `ServiceNotFound`, `PreconditionFailed`, or `ServiceNotEmpty` with what is left in it. */
export async function deleteService(
  context: ServiceContext,
  { account }: Caller,
  { serviceName, ifMatch }: DeleteServiceInput,
): Promise<void> {
  const key = { account, serviceName };
  await untilWritten(`service '${serviceName}'`, async () => {
    const found = await SERVICES.find(context.store, key);
    if (found === undefined) throw serviceNotFound(serviceName);
    checkEtag(ifMatch, found.document);
    await refuseWhenUsed(context, key);
    // What is put into the service meanwhile writes its record, and this loses.
    return { result: undefined, answer: await context.store.writeRecords([SERVICES.delete(found.revision, key)]) };
  });
}

async function refuseWhenUsed({ store }: ServiceContext, key: ServiceKey): Promise<void> {
  const first = { limit: 1, nextToken: '' };
  const [aliases, versions, functions] = await Promise.all([
    SERVICE_ALIASES.list(store, key, first),
    SERVICE_VERSIONS.list(store, key, first),
    functionsOf(store, key),
  ]);
  const left = [
    ...functions.slice(0, 1).map(() => 'functions'),
    ...versions.items.map(() => 'versions'),
    ...aliases.items.map(() => 'aliases'),
  ];
  if (left.length === 0) return;
  throw new FcError('ServiceNotEmpty', `service '${key.serviceName}' still has ${left.join(', ')}; delete them first`);
}
