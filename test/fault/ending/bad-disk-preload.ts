/** Loaded into a server before its own code: once a file is there, every commit fails as on a bad disk. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_IOERR = 10;

const file = process.env['FAULT_BAD_DISK'] ?? '';

const { exec } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function (sql: string) {
  if (sql === 'COMMIT' && existsSync(file)) throw Object.assign(new Error('disk I/O error'), { errcode: SQLITE_IOERR });
  exec.call(this, sql);
};
