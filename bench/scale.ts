/** How much work there is: enough for figures that hold, or just enough to see that everything runs. */
export interface Scale {
  /** Each case is measured this often, the contenders taking turns. */
  readonly rounds: number;
  readonly connections: readonly number[];
  readonly acceptTasks: number;
  readonly bulkTasks: number;
  readonly backlogTasks: number;
  /** The first is measured in every round. The others, once, show whether the cost of a task grows with their number. */
  readonly endToEndTasks: readonly number[];
  /** Submitted to several nodes of one database. */
  readonly sharedTasks: number;
  readonly idleTasks: number;
  readonly pacedTasks: number;
  readonly payloadTasks: number;
  /** Sizes of the backlog whose memory is measured. */
  readonly waitingTasks: readonly number[];
  /** Sizes of the full store; the largest is filled twice, with ids in order and with random ones. */
  readonly recordTasks: readonly number[];
}

export const FULL: Scale = {
  rounds: 5,
  connections: [1, 16, 64, 256],
  acceptTasks: 30_000,
  bulkTasks: 50_000,
  backlogTasks: 20_000,
  endToEndTasks: [30_000, 300_000],
  sharedTasks: 6_000,
  idleTasks: 500,
  pacedTasks: 5_000,
  payloadTasks: 4_000,
  waitingTasks: [100_000, 1_000_000],
  recordTasks: [1_000_000, 10_000_000],
};

/** For a look, and for CI: under a minute. Its figures mean nothing. */
export const QUICK: Scale = {
  rounds: 1,
  connections: [1, 64],
  acceptTasks: 1_000,
  bulkTasks: 2_000,
  backlogTasks: 500,
  endToEndTasks: [200],
  sharedTasks: 100,
  idleTasks: 20,
  pacedTasks: 100,
  payloadTasks: 100,
  waitingTasks: [5_000],
  recordTasks: [1_000],
};
