/** A service as 2.0 shows it, and the bodies of CreateService and UpdateService. */
import { DESCRIPTION_LENGTH_MAX } from '../../../core/limits.ts';
import { isName, NAME_RULE } from '../../../core/names.ts';
import type { ServiceSettings } from '../../../core/resources.ts';
import type { CreateServiceInput } from '../../../service/create-service.ts';
import type { FoundService } from '../../../service/get-service.ts';
import { cloudMembers, logMembers } from '../cloud-members.ts';
import { rfc3339Seconds } from '../dates.ts';
import type { Fields } from '../fields.ts';
import { object, type Reader, readMembers } from '../kept-members.ts';

const PASSIVE: Readonly<Record<string, Reader>> = { ...cloudMembers, logConfig: object(logMembers) };

export function decodeCreateService(fields: Fields): CreateServiceInput {
  const serviceName = fields.text('serviceName') ?? '';
  if (serviceName === '') throw fields.missing('serviceName');
  if (!isName(serviceName)) throw fields.refusal('serviceName', NAME_RULE);
  return { serviceName, settings: { description: '', ...decodeServiceChange(fields) } };
}

/** The given members. */
export function decodeServiceChange(fields: Fields): Partial<ServiceSettings> & Pick<ServiceSettings, 'passive'> {
  const description = fields.text('description', { lengthMax: DESCRIPTION_LENGTH_MAX });
  return { ...(description !== undefined && { description }), passive: readMembers(fields, PASSIVE) };
}

export function encodeService({ record, settings, modifiedAtMs }: FoundService): Record<string, unknown> {
  return {
    serviceName: record.serviceName,
    serviceId: record.serviceId,
    description: settings.description,
    internetAccess: true,
    ...settings.passive,
    // A role of the platform's own; there is none.
    useSLRAuthentication: false,
    createdTime: rfc3339Seconds(record.createdAtMs),
    lastModifiedTime: rfc3339Seconds(modifiedAtMs),
  };
}
