'use strict';
/** How much memory this process has had at most. */

/** What the kernel says before anything ran is the peak of the server that started this process. */
const INHERITED_KB = process.resourceUsage().maxRSS;
/** Reading the present size costs some microseconds, which a flood of short calls would feel. */
const READ_AGAIN_MS = 100;

let peakKb = 0;
let readAtMs = Number.NEGATIVE_INFINITY;

function maxMemoryKb() {
  const { maxRSS } = process.resourceUsage();
  if (maxRSS > INHERITED_KB) return maxRSS;
  const nowMs = performance.now();
  if (nowMs - readAtMs >= READ_AGAIN_MS) {
    peakKb = Math.max(peakKb, Math.round(process.memoryUsage.rss() / 1024));
    readAtMs = nowMs;
  }
  return peakKb;
}

module.exports = { maxMemoryKb };
