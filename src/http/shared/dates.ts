/** The date forms of the wire. Inside, time is epoch milliseconds. */

/** `2020-09-10T02:45:02Z`: resources, at second precision. */
export function rfc3339Seconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

const RFC_1123 = /^[A-Z][a-z]{2}, ?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Reads `Date` and `x-fc-date`: `Fri, 20 Nov 2026 23:17:28 GMT`. Undefined when it is none. */
export function parseRfc1123(text: string): number | undefined {
  const epochMs = RFC_1123.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(epochMs) ? undefined : epochMs;
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
