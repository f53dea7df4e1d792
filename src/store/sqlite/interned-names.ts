/** The numbers that stand for functions and their qualifiers. Rows are never removed; what a transaction made is forgotten with it. */
import type { DatabaseSync } from 'node:sqlite';
import { findFunctionId, findTargetId, insertFunction, insertTarget, readFunctionNames } from './sql/names.ts';

export interface Target {
  readonly functionId: number;
  readonly targetId: number;
}

export class InternedNames {
  readonly #sql;
  readonly #functionIds = new Map<string, number>();
  readonly #targets = new Map<string, Target>();

  constructor(database: DatabaseSync) {
    this.#sql = {
      findFunctionId: findFunctionId(database),
      insertFunction: insertFunction(database),
      readFunctionNames: readFunctionNames(database),
      findTargetId: findTargetId(database),
      insertTarget: insertTarget(database),
    };
  }

  /** Undefined when no task ever named it. */
  findFunctionId(account: string, functionName: string): number | undefined {
    const key = `${account}\n${functionName}`;
    const known = this.#functionIds.get(key);
    if (known !== undefined) return known;
    const found = this.#sql.findFunctionId(account, functionName);
    if (found !== undefined) this.#functionIds.set(key, found);
    return found;
  }

  target(account: string, functionName: string, qualifier: string): Target {
    const key = `${account}\n${functionName}\n${qualifier}`;
    let target = this.#targets.get(key);
    if (target === undefined) {
      const functionId = this.findFunctionId(account, functionName) ?? this.#sql.insertFunction(account, functionName);
      const targetId = this.#sql.findTargetId(functionId, qualifier) ?? this.#sql.insertTarget(functionId, qualifier);
      target = { functionId, targetId };
      this.#targets.set(key, target);
    }
    return target;
  }

  functionNames(functionId: number): [account: string, functionName: string] {
    return this.#sql.readFunctionNames(functionId);
  }

  rolledBack(): void {
    this.#functionIds.clear();
    this.#targets.clear();
  }
}
