/** Asynchronous configurations: what every version of the API says alike. The flag of task mode has a name of its own in each. */
import { DESTINATION_LENGTH_MAX, EVENT_AGE_SECONDS_MAX, RETRY_COUNT_MAX } from '../../core/limits.ts';
import type { AsyncConfig } from '../../core/resources.ts';
import type { AsyncConfigInput, PutAsyncConfigInput } from '../../service/async-config.ts';
import { rfc3339Seconds } from './dates.ts';
import type { Fields } from './fields.ts';

/** @param taskModeMember the name of the flag: `asyncTask`, `statefulInvocation` */
export function decodeAsyncConfig(
  fields: Fields,
  taskModeMember: string,
): Omit<PutAsyncConfigInput, keyof AsyncConfigInput> {
  const destinations = fields.object('destinationConfig');
  return {
    asyncTask: fields.boolean(taskModeMember) ?? false,
    maxAsyncRetryAttempts: fields.integer('maxAsyncRetryAttempts', { min: 0, max: RETRY_COUNT_MAX }) ?? null,
    maxAsyncEventAgeInSeconds:
      fields.integer('maxAsyncEventAgeInSeconds', { min: 1, max: EVENT_AGE_SECONDS_MAX }) ?? null,
    onSuccess: decodeDestination(destinations?.object('onSuccess')),
    onFailure: decodeDestination(destinations?.object('onFailure')),
  };
}

/** Tools send an empty destination for none. */
function decodeDestination(slot: Fields | undefined): string | null {
  return slot?.text('destination', { lengthMax: DESTINATION_LENGTH_MAX }) || null;
}

/**
 * Numbers that were not given come back as null, not as the default: so does the real service, and a tool that compares
 * what it wrote would find a difference.
 */
export function asyncConfigMembers(config: AsyncConfig): Record<string, unknown> {
  const { onSuccess, onFailure } = config;
  return {
    maxAsyncRetryAttempts: config.maxAsyncRetryAttempts,
    maxAsyncEventAgeInSeconds: config.maxAsyncEventAgeInSeconds,
    destinationConfig: {
      onSuccess: onSuccess === null ? null : { destination: onSuccess },
      onFailure: onFailure === null ? null : { destination: onFailure },
    },
    createdTime: rfc3339Seconds(config.createdAtMs),
    lastModifiedTime: rfc3339Seconds(config.modifiedAtMs),
  };
}
