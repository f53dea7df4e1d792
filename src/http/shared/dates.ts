/** The date forms of the wire. Inside, time is epoch milliseconds. */

/** `2020-09-10T02:45:02Z`: resources, at second precision. */
export function rfc3339Seconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** Requests of one second carry the same date: it is read once. */
let last: { readonly text: string; readonly epochMs: number | undefined } = { text: '', epochMs: undefined };

/** Reads `x-acs-date`: UTC, with or without a fraction. Undefined when it is none. */
export function parseUtc(text: string): number | undefined {
  if (text !== last.text) {
    const epochMs = UTC.test(text) ? Date.parse(text) : Number.NaN;
    last = { text, epochMs: Number.isNaN(epochMs) ? undefined : epochMs };
  }
  return last.epochMs;
}
