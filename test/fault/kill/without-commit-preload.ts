/**
 * The control of the kills, loaded into a server before its own code: once a file is there, it answers for commits that are
 * never made. A kill that then loses nothing would prove nothing.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const file = process.env['FAULT_WITHOUT_COMMIT'] ?? '';

const { exec } = DatabaseSync.prototype;
/** Those that write; the others begin otherwise. */
const writing = new WeakSet<DatabaseSync>();

DatabaseSync.prototype.exec = function (sql: string) {
  if (sql === 'BEGIN IMMEDIATE') writing.add(this);
  const isLeftOpen = writing.has(this) && this.isTransaction;
  if (sql === 'BEGIN IMMEDIATE' && isLeftOpen) return;
  if (sql === 'COMMIT' && isLeftOpen && existsSync(file)) return;
  exec.call(this, sql);
};
