/** Time as it is handed to everything that waits; a simulation hands out its own. */
export interface Clock {
  /** Epoch milliseconds; may jump. */
  now(): number;
  /** Milliseconds from some start; never jumps back. */
  monotonic(): number;
  /** Calls back once after `delayMs`; the result cancels it. */
  setTimer(delayMs: number, callback: () => void): () => void;
}
