/**
 * The thread that watches. It shares nothing with the server but two numbers, and ends the process by a signal: a thread
 * that hangs in the kernel would keep an orderly end waiting.
 *
 * Plain JavaScript, because a thread that strips types takes twice the memory (measured: 22 MB against 10).
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const STANDARD_ERROR = 2;

/** `signs` holds what `SIGNS` of `watchdog.ts` says. */
const { signs, hangMs, lookMs } = workerData;
const [TURNS, STORE_WAIT_MS] = [0, 1];

let lastTurn = -1;
let looks = 0;

/*
 * Counted in looks rather than in time: a machine that sleeps and a process that is stopped do not look either, so that
 * waking up is never taken for a standstill.
 */
setInterval(() => {
  const turn = Atomics.load(signs, TURNS);
  looks = turn === lastTurn ? looks + 1 : 0;
  lastTurn = turn;
  const waitedMs = Atomics.load(signs, STORE_WAIT_MS);
  if (looks * lookMs >= hangMs) end(`the event loop has not turned for ${(looks * lookMs) / 1000} s`);
  else if (waitedMs >= hangMs) end(`the store has not answered for ${Math.round(waitedMs / 1000)} s`);
}, lookMs);

/** The log is the main thread's; this line goes around it, in its form. */
function end(cause) {
  const time = new Date().toISOString();
  const msg = `${cause}: the server ends itself, so that it is started anew`;
  writeSync(STANDARD_ERROR, `${JSON.stringify({ level: 60, time, msg })}\n`);
  process.kill(process.pid, 'SIGKILL');
}
