/** Numbers that Function Compute documents, in the units that it documents them in. Settings that lift one say so in `config/`. */

export const KIB = 1024;
export const MIB = 1024 * KIB;

export const RETRY_COUNT_MAX = 8;
export const RETRY_COUNT_DEFAULT = 3;

export const EVENT_AGE_SECONDS_MAX = 604_800;
export const EVENT_AGE_SECONDS_DEFAULT = 86_400;

/** Default of the setting `asyncPayloadBytesMax`. */
export const ASYNC_PAYLOAD_BYTES_DEFAULT = 128 * KIB;
export const SYNC_PAYLOAD_BYTES_MAX = 32 * MIB;
/** A longer result is kept cut to this size, and the record says so. */
export const RESULT_BYTES_KEPT = 1 * MIB;
export const LOG_TAIL_BYTES = 4 * KIB;

/** Default of the setting `delaySecondsMax`. */
export const DELAY_SECONDS_DEFAULT_MAX = 3_600;

/** Attempts that may be lost with their instance or node before the task fails: a function that takes its node down must not do it for ever. */
export const LOST_COUNT_MAX = 5;
/** Steps of a task's history from which on claims that came to nothing are no longer all kept. */
export const HISTORY_STEPS_KEPT = 100;
/** Deliveries that may follow one another from function to function before the chain is cut. */
export const HOPS_MAX = 16;

export const TIMEOUT_SECONDS_MAX = 86_400;
export const INITIALIZER_TIMEOUT_SECONDS_MAX = 300;
export const PRE_STOP_TIMEOUT_SECONDS_MAX = 90;
export const HOOK_TIMEOUT_SECONDS_DEFAULT = 3;

export const CODE_ZIP_BYTES_MAX = 100 * MIB;
export const DESTINATION_LENGTH_MAX = 512;
export const DESCRIPTION_LENGTH_MAX = 256;

export const LIST_LIMIT_DEFAULT = 20;
export const LIST_LIMIT_MAX = 100;
