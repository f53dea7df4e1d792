/** A service as 2.0 shows it, and the bodies of CreateService and UpdateService. */
import { DESCRIPTION_LENGTH_MAX } from '../../../core/limits.ts';
import { isName, NAME_RULE } from '../../../core/names.ts';
import type { ServiceSettings } from '../../../core/resources.ts';
import type { CreateServiceInput } from '../../../service/create-service.ts';
import type { FoundService } from '../../../service/get-service.ts';
import { rfc3339Seconds } from '../dates.ts';
import type { Fields } from '../fields.ts';
import {
  ANY_INT32,
  flag,
  integer,
  object,
  objects,
  type Reader,
  readMembers,
  text,
  textMap,
  texts,
} from '../kept-members.ts';

const mountDir = text({ lengthMax: 64 });

/** Members that describe one cloud's network, storage and rights. */
const PASSIVE: Readonly<Record<string, Reader>> = {
  internetAccess: flag,
  logConfig: object({
    enableInstanceMetrics: flag,
    enableRequestMetrics: flag,
    logBeginRule: text(),
    logstore: text({ lengthMax: 63 }),
    project: text({ lengthMax: 63 }),
  }),
  nasConfig: object({
    groupId: integer(ANY_INT32),
    mountPoints: objects({ enableTLS: flag, mountDir, serverAddr: text({ lengthMax: 128 }) }),
    userId: integer(ANY_INT32),
  }),
  ossMountConfig: object({
    mountPoints: objects({
      bucketName: text({ lengthMin: 3, lengthMax: 64 }),
      bucketPath: text({ lengthMax: 128 }),
      endpoint: text({ lengthMax: 128 }),
      mountDir: text({ lengthMin: 2, lengthMax: 64 }),
      readOnly: flag,
    }),
  }),
  role: text({ lengthMax: 300 }),
  tracingConfig: object({ params: textMap, type: text() }),
  vpcConfig: object({
    role: text(),
    securityGroupId: text({ lengthMax: 50 }),
    vSwitchIds: texts,
    vpcId: text({ lengthMax: 50 }),
  }),
};

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
