'use strict';

const { createHash } = require('node:crypto');

/** How many attempts of four fail first: by the payload, so that the same task always does the same. */
function failuresBefore(payload) {
  return createHash('sha256').update(payload).digest()[0] % 4;
}

/**
 * Fails on the first attempts of three tasks in four, then succeeds: what retries are for. With fewer retries than
 * failures (at most three) the task ends as Failed.
 */
exports.handler = async (event, context) => {
  const retryCount = context.retryCount ?? 0;
  const failures = failuresBefore(event);
  if (retryCount < failures) {
    throw new Error(`not yet: attempt ${retryCount + 1}, works on attempt ${failures + 1}`);
  }
  return `worked on attempt ${retryCount + 1}`;
};
