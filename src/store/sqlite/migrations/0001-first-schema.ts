import type { Migration } from './migration.ts';

/**
 * Status codes: 0 Enqueued, 1 Retrying (waiting) · 2 Dequeued, 3 Running, 4 Stopping (held) · 5 Succeeded, 6 Failed,
 * 7 Stopped, 8 Expired, 9 Invalid (final). Ranges of codes are what the partial indexes and the checks rest on.
 *
 * Indexes end in the row's number without naming it: a rowid is part of every index.
 */
export const firstSchema: Migration = {
  version: 1,
  name: 'first schema',
  clientVersionMin: 1,
  sql: `
CREATE TABLE interned_function (
  function_id   INTEGER PRIMARY KEY,
  account       TEXT NOT NULL,
  function_name TEXT NOT NULL,
  UNIQUE (account, function_name)
) STRICT;

-- A function by one of its qualifiers: what lists walk.
CREATE TABLE interned_target (
  target_id   INTEGER PRIMARY KEY,
  function_id INTEGER NOT NULL,
  qualifier   TEXT NOT NULL,
  UNIQUE (function_id, qualifier)
) STRICT;

CREATE TABLE task (
  id                 INTEGER PRIMARY KEY,
  function_id        INTEGER NOT NULL,
  target_id          INTEGER NOT NULL,
  task_id            TEXT NOT NULL,
  request_id         TEXT NOT NULL,
  tracked            INTEGER NOT NULL CHECK (tracked IN (0, 1)),
  hops               INTEGER NOT NULL,
  retry_count_max    INTEGER NOT NULL,
  on_success         TEXT,
  on_failure         TEXT,
  accepted_at_ms     INTEGER NOT NULL,
  expires_at_ms      INTEGER NOT NULL,
  due_at_ms          INTEGER NOT NULL,
  ended_at_ms        INTEGER,
  status             INTEGER NOT NULL CHECK (status BETWEEN 0 AND 9),
  attempt            INTEGER NOT NULL CHECK (attempt >= 0),
  fence              INTEGER NOT NULL CHECK (fence >= 0),
  owner              TEXT,
  retry_count        INTEGER NOT NULL CHECK (retry_count BETWEEN 0 AND retry_count_max),
  lost_count         INTEGER NOT NULL CHECK (lost_count >= 0),
  refused_count      INTEGER NOT NULL CHECK (refused_count >= 0),
  duration_ms        REAL NOT NULL,
  instance_id        TEXT,
  error              TEXT NOT NULL,
  destination_status INTEGER NOT NULL CHECK (destination_status BETWEEN 0 AND 2),
  -- JSON: [[status, at_ms], [status, at_ms, error, message], ...]
  history            TEXT NOT NULL,
  CONSTRAINT ended_when_final CHECK ((status >= 5) = (ended_at_ms IS NOT NULL)),
  CONSTRAINT owned_when_held CHECK ((status BETWEEN 2 AND 4) = (owner IS NOT NULL))
) STRICT;

CREATE TRIGGER final_task_never_changes
BEFORE UPDATE OF status, attempt, fence, ended_at_ms, history ON task
WHEN old.status >= 5
BEGIN
  SELECT RAISE(ABORT, 'a final task never changes');
END;

-- The unique key of a task, in the place of a unique index: it holds all that a search by prefix sorts and filters by.
CREATE TABLE task_name (
  function_id    INTEGER NOT NULL,
  task_id        TEXT NOT NULL,
  id             INTEGER NOT NULL,
  target_id      INTEGER NOT NULL,
  accepted_at_ms INTEGER NOT NULL,
  tracked        INTEGER NOT NULL,
  PRIMARY KEY (function_id, task_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_by_time ON task (target_id, accepted_at_ms) WHERE tracked = 1;
CREATE INDEX task_by_status ON task (target_id, status, accepted_at_ms) WHERE tracked = 1;
-- A claim skips expired tasks, and the counts are taken at the start, without a look at the rows.
CREATE INDEX task_due ON task (function_id, due_at_ms, id, expires_at_ms, status) WHERE status <= 1;
CREATE INDEX task_expiry ON task (expires_at_ms) WHERE status <= 1;
CREATE INDEX task_held ON task (owner, status, expires_at_ms, function_id) WHERE status BETWEEN 2 AND 4;
CREATE INDEX task_ended ON task (tracked, ended_at_ms) WHERE status >= 5;

CREATE TABLE task_payload (
  id    INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE task_result (
  id          INTEGER PRIMARY KEY,
  bytes       BLOB NOT NULL,
  total_bytes INTEGER NOT NULL,
  log_tail    TEXT NOT NULL
) STRICT;

-- slot: 0 onSuccess, 1 onFailure
CREATE TABLE delivery (
  delivery_id INTEGER PRIMARY KEY,
  id          INTEGER NOT NULL,
  slot        INTEGER NOT NULL CHECK (slot IN (0, 1)),
  destination TEXT NOT NULL,
  due_at_ms   INTEGER NOT NULL,
  try_count   INTEGER NOT NULL CHECK (try_count >= 0)
) STRICT;

CREATE INDEX delivery_due ON delivery (due_at_ms);
CREATE INDEX delivery_of_task ON delivery (id);

CREATE TABLE record (
  kind     TEXT NOT NULL,
  path     TEXT NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  revision INTEGER NOT NULL,
  PRIMARY KEY (kind, path)
) STRICT, WITHOUT ROWID;

-- One row: revisions never repeat, even for a record made anew under an old path.
CREATE TABLE record_revision (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  last     INTEGER NOT NULL
) STRICT;
INSERT INTO record_revision VALUES (1, 0);

CREATE TABLE package (
  sha256       TEXT PRIMARY KEY,
  stored_at_ms INTEGER NOT NULL,
  size_bytes   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Written before their package: chunks without one are what a crash left, or an upload under way.
CREATE TABLE package_chunk (
  chunk_id INTEGER PRIMARY KEY,
  sha256   TEXT NOT NULL,
  position INTEGER NOT NULL,
  bytes    BLOB NOT NULL,
  UNIQUE (sha256, position)
) STRICT;

-- Digests of 8 bytes, packed; a generation is dropped when all of it has expired.
CREATE TABLE nonce_batch (
  batch_id   INTEGER PRIMARY KEY,
  generation INTEGER NOT NULL,
  digests    BLOB NOT NULL
) STRICT;

CREATE INDEX nonce_batch_by_generation ON nonce_batch (generation);
`,
};
