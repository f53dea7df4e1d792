export type StoreOpenProblem =
  | 'folder-in-use'
  | 'folder-unusable'
  | 'not-our-database'
  | 'schema-too-new'
  | 'damaged'
  | 'not-durable'
  | 'checkpoint-failed';

/** The data folder cannot be served. The message is for the operator: what is wrong and what to do. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
  readonly problem: StoreOpenProblem;

  constructor(problem: StoreOpenProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
