/** One step of the schema. Steps are only added; a published one never changes. */
export interface Migration {
  /** From 1, without gaps; each engine counts its own. */
  readonly version: number;
  readonly name: string;
  /** The oldest schema version whose programs still work with a database of this one. */
  readonly clientVersionMin: number;
  /** Runs inside a transaction, with the schema as the search path. */
  readonly sql: string;
}
