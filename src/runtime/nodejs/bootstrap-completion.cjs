'use strict';
/** Calls a user's function and finds out when, and how, it is done. */

/**
 * Resolves nothing itself: calls `settle(end, value)` once, with end `returned`, `handled` (callback with an error) or
 * `unhandled` (thrown, rejected).
 *
 * @param args all but the callback, which is passed last
 */
function callUserFunction(userFunction, args, settle) {
  const takesCallback = userFunction.length > args.length;
  let done = false;
  const finish = (end, value) => {
    if (done) return;
    done = true;
    settle(end, value);
  };
  const callback = (error, data) => {
    if (error === null || error === undefined) finish('returned', data);
    else finish('handled', error);
  };

  let returned;
  try {
    returned = userFunction(...args, callback);
  } catch (error) {
    finish('unhandled', error);
    return;
  }
  if (typeof returned?.then === 'function') {
    returned.then(
      (value) => {
        // Old code is async and answers by a callback that comes later; the published runtime waits for nothing else.
        if (value === undefined && takesCallback && !done) waitForEmptyLoop(() => finish('returned', undefined));
        else finish('returned', value);
      },
      (error) => finish('unhandled', error),
    );
  } else if (!takesCallback) {
    finish('returned', returned);
  } else if (returned !== undefined && !done) {
    // An arrow function returns whatever its last call gives, a timer or a request, and calls back later.
    waitForEmptyLoop(() => finish('returned', returned));
  }
}

/** Nothing is left that could ever call back. */
let onEmptyLoop;
let keepAlive;

function waitForEmptyLoop(callback) {
  onEmptyLoop = callback;
  keepAlive.unref();
}

/** @param socket what keeps the process alive between calls */
function watchEmptyLoop(socket) {
  keepAlive = socket;
  process.on('beforeExit', () => {
    keepAlive.ref();
    onEmptyLoop?.();
    onEmptyLoop = undefined;
  });
}

/** A call is over: whatever comes next, the process waits for it. */
function stopWaiting() {
  if (onEmptyLoop === undefined) return;
  onEmptyLoop = undefined;
  keepAlive.ref();
}

module.exports = { callUserFunction, watchEmptyLoop, stopWaiting };
