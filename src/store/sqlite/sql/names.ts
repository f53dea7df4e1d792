/** Statements on the interned names. */
import type { DatabaseSync } from 'node:sqlite';

export function findFunctionId(database: DatabaseSync) {
  const statement = database.prepare(
    'SELECT function_id FROM interned_function WHERE account = ? AND function_name = ?',
  );
  return (account: string, functionName: string): number | undefined =>
    statement.get(account, functionName)?.['function_id'] as number | undefined;
}

export function insertFunction(database: DatabaseSync) {
  const statement = database.prepare('INSERT INTO interned_function (account, function_name) VALUES (?, ?)');
  return (account: string, functionName: string): number =>
    Number(statement.run(account, functionName).lastInsertRowid);
}

export function readFunctionNames(database: DatabaseSync) {
  const statement = database.prepare('SELECT account, function_name FROM interned_function WHERE function_id = ?');
  statement.setReturnArrays(true);
  return (functionId: number): [account: string, functionName: string] =>
    statement.get(functionId) as unknown as [string, string];
}

export function findTargetId(database: DatabaseSync) {
  const statement = database.prepare('SELECT target_id FROM interned_target WHERE function_id = ? AND qualifier = ?');
  return (functionId: number, qualifier: string): number | undefined =>
    statement.get(functionId, qualifier)?.['target_id'] as number | undefined;
}

export function insertTarget(database: DatabaseSync) {
  const statement = database.prepare('INSERT INTO interned_target (function_id, qualifier) VALUES (?, ?)');
  return (functionId: number, qualifier: string): number =>
    Number(statement.run(functionId, qualifier).lastInsertRowid);
}

export function listTargetIds(database: DatabaseSync) {
  const statement = database.prepare('SELECT target_id FROM interned_target WHERE function_id = ? ORDER BY target_id');
  return (functionId: number): number[] => statement.all(functionId).map((row) => row['target_id'] as number);
}
