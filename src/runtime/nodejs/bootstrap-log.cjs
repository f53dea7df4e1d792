'use strict';
/** Where `console` and `context.logger` write: whole lines on the control pipe, in order with the results. */
const { format } = require('node:util');

/** Function Compute cuts a record there. */
const LINE_LENGTH_MAX = 128 * 1024;
/** A burst, and what is added to it in a second; a flood is dropped here, before it costs the server anything. */
const BURST_LENGTH = 1024 * 1024;
const LENGTH_PER_MS = 1024;
/** Of dropped lines so much is kept, so that the end of the log is the end. */
const KEPT_LENGTH = 4096;

/** The levels as the service writes them: `console.log` shows as `verbose` in its logs. */
const LEVELS = { log: 'verbose', debug: 'debug', info: 'info', warn: 'warn', error: 'error' };

function createLog(send) {
  let requestId = '';
  let available = BURST_LENGTH;
  let filledAt = performance.now();
  let droppedLines = 0;
  let kept = [];

  function write(line) {
    const text = line.length > LINE_LENGTH_MAX ? line.slice(0, LINE_LENGTH_MAX) : line;
    fill();
    // Once lines are dropped, short ones must not overtake them: all are, until there is room again.
    if (text.length > available || (droppedLines > 0 && available < BURST_LENGTH / 2)) {
      drop(text);
      return;
    }
    finish();
    available -= text.length;
    send(text);
  }

  function fill() {
    const now = performance.now();
    available = Math.min(BURST_LENGTH, available + (now - filledAt) * LENGTH_PER_MS);
    filledAt = now;
  }

  function drop(text) {
    droppedLines += 1;
    kept.push(text.slice(-KEPT_LENGTH));
    if (kept.length > KEPT_LENGTH) kept = lastLines(kept);
  }

  /** Lines of the newest 4 KiB. */
  function lastLines(lines) {
    let length = 0;
    let first = lines.length;
    while (first > 0 && length < KEPT_LENGTH) length += lines[--first].length;
    return lines.slice(first);
  }

  /** Says what was dropped, and gives the end of it. */
  function finish() {
    if (droppedLines === 0) return;
    const lines = lastLines(kept);
    send(`[${droppedLines - lines.length} lines were dropped: the function logs more than 1 MiB a second]`);
    lines.forEach(send);
    droppedLines = 0;
    kept = [];
  }

  return {
    finish,
    begin(id) {
      requestId = id;
    },
    line(level, args) {
      write(`${new Date().toISOString()} ${requestId} [${level}] ${format(...args)}`);
    },
  };
}

/** Gives `debug`, `info`, `warn`, `error` and `log` to an object. */
function addLevels(target, log) {
  for (const [name, level] of Object.entries(LEVELS)) target[name] = (...args) => log.line(level, args);
  return target;
}

module.exports = { createLog, addLevels };
