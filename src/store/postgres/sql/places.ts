/** Statements on `sync_place`, and what bounds a function over all nodes. */
import type { FunctionKey } from '../../../core/task.ts';
import { arrayOf } from '../array-text.ts';
import type { Session } from '../session.ts';
import type { Statement } from '../statement.ts';
import { type GivenTime, nowMs } from './now.ts';

/** SQL for how many executions of a function go on: `from` names its account and function_name. Exact under its lock. */
export function occupied(from: string, leaseTime: string): string {
  return `((
    SELECT coalesce(sum(live_count.count), 0) FROM interned_function JOIN live_count USING (function_id)
    WHERE interned_function.account = ${from}.account AND interned_function.function_name = ${from}.function_name
      AND live_count.status BETWEEN 2 AND 4
  ) + (
    SELECT count(*) FROM sync_place JOIN node_lease ON node_lease.node_id = sync_place.owner
    WHERE sync_place.account = ${from}.account AND sync_place.function_name = ${from}.function_name
      AND node_lease.valid_until_ms > ${nowMs(leaseTime)}))`;
}

/** In the order of the keys, so that two that want several of the same wait for each other instead of a deadlock. */
const LOCK_BOUNDS: Statement = {
  name: 'lock_bounds',
  text: `
    SELECT pg_advisory_xact_lock(key) FROM (
      SELECT DISTINCT hashtextextended(current_schema() || E'\\n' || account || E'\\n' || function_name, 0) AS key
      FROM unnest($1::text[], $2::text[]) AS bounded (account, function_name)
      ORDER BY key OFFSET 0) AS ordered`,
};

/** Until the end of the transaction, whoever counts executions of these functions waits. */
export async function lockBounds(session: Session, functions: readonly FunctionKey[]): Promise<void> {
  await session.query(LOCK_BOUNDS, [
    arrayOf(functions.map(({ account }) => account)),
    arrayOf(functions.map(({ functionName }) => functionName)),
  ]);
}

export interface PlaceRow extends FunctionKey {
  readonly owner: string;
  readonly placeId: string;
  readonly concurrencyMax: number;
}

/** Each place at most once, under the locks of the functions. */
const TAKE_PLACES: Statement = {
  name: 'take_places',
  text: `
    WITH wanted AS MATERIALIZED (
      SELECT wanted.*,
        EXISTS (SELECT 1 FROM node_lease WHERE node_id = owner AND valid_until_ms > ${nowMs('$6')}) AS has_lease,
        EXISTS (SELECT 1 FROM sync_place WHERE sync_place.owner = wanted.owner AND sync_place.place_id = wanted.place_id) AS is_taken
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) WITH ORDINALITY
        AS wanted (owner, place_id, account, function_name, bound, number)
    ), bounded AS MATERIALIZED (
      SELECT account, function_name, ${occupied('named', '$6')} AS occupied
      FROM (SELECT DISTINCT account, function_name FROM wanted) AS named
    ), fresh AS (
      SELECT *, row_number() OVER (PARTITION BY account, function_name ORDER BY number) AS rank
      FROM wanted WHERE has_lease AND NOT is_taken
    ), taken AS (
      INSERT INTO sync_place (owner, place_id, account, function_name)
      SELECT owner, place_id, account, function_name FROM fresh JOIN bounded USING (account, function_name)
      WHERE occupied + rank <= bound
      RETURNING owner, place_id
    )
    SELECT CASE
      WHEN NOT has_lease THEN 'lapsed'
      WHEN is_taken OR (owner, place_id) IN (SELECT owner, place_id FROM taken) THEN 'taken'
      ELSE 'full' END
    FROM wanted ORDER BY number`,
};

export type PlaceAnswer = 'taken' | 'full' | 'lapsed';

export async function takePlaces(
  session: Session,
  places: readonly PlaceRow[],
  leaseTime: GivenTime,
): Promise<readonly PlaceAnswer[]> {
  const rows = await session.query(TAKE_PLACES, [
    arrayOf(places.map(({ owner }) => owner)),
    arrayOf(places.map(({ placeId }) => placeId)),
    arrayOf(places.map(({ account }) => account)),
    arrayOf(places.map(({ functionName }) => functionName)),
    arrayOf(places.map(({ concurrencyMax }) => concurrencyMax)),
    leaseTime,
  ]);
  return rows.map(([answer]) => answer as PlaceAnswer);
}

const FREE_PLACES: Statement = {
  name: 'free_places',
  text: `
    DELETE FROM sync_place USING unnest($1::text[], $2::text[]) AS freed (owner, place_id)
    WHERE sync_place.owner = freed.owner AND sync_place.place_id = freed.place_id`,
};

export async function freePlaces(
  session: Session,
  places: readonly Pick<PlaceRow, 'owner' | 'placeId'>[],
): Promise<void> {
  await session.write(FREE_PLACES, [
    arrayOf(places.map(({ owner }) => owner)),
    arrayOf(places.map(({ placeId }) => placeId)),
  ]);
}
