'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** Works for as long as the payload says: `{"seconds": 30}`. Stop it while it runs. */
exports.handler = async (event) => {
  const { seconds = 10 } = JSON.parse(event.toString() || '{}');
  for (let second = 1; second <= seconds; second += 1) {
    await sleep(1_000);
    console.log(`${second} of ${seconds} seconds`);
  }
  return `worked for ${seconds} seconds`;
};

/** Runs before the instance ends, also when the task is stopped: the place to put things in order. */
exports.preStop = async () => {
  console.log('stopping: whatever was half done is put in order here');
};
