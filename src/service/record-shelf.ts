/** One kind of record: where its documents lie in the store and what they are. Nothing else builds paths. */
import { invalidArgument } from '../core/errors.ts';
import { invariant } from '../core/invariant.ts';
import type { FunctionKey } from '../core/task.ts';
import type { RecordKind, RecordPath, RecordQuery, Records, RecordWrite } from '../store/store.ts';
import { decodeNames, encodeNames } from './name-cursor.ts';

export interface Stored<Document> {
  readonly document: Document;
  readonly revision: number;
}

/** Part of a list that a caller may ask for; every list lies within one account. */
export type Scope =
  | { readonly account: string; readonly functionName?: string }
  | { readonly account: string; readonly serviceName: string }
  | { readonly account: string; readonly layerName: string };

export interface PageRequest {
  /** From 1. */
  readonly limit: number;
  /** Empty for the first page. */
  readonly nextToken: string;
  readonly prefix?: string;
  /** The first page begins at this name, or where it would stand. */
  readonly startKey?: string;
  /** By name; default ascending. */
  readonly order?: 'ascending' | 'descending';
}

export interface Page<Document> {
  readonly items: readonly Document[];
  /** Empty on the last page. */
  readonly nextToken: string;
}

/** Records that one page may look at. A filter that fits few gives a short page with a token instead of a long scan. */
const SCAN_MAX = 1000;
const BATCH_RECORDS = 100;

/** Signs that a name can have. Others go to no store: PostgreSQL, for one, refuses a NUL. */
const PREFIX = /^[A-Za-z0-9_$-]{0,257}$/;

export interface ShelfOptions<Name extends readonly unknown[]> {
  readonly kind: RecordKind;
  /** How many names a path has. */
  readonly depth: number;
  /** Undefined for what can be no name: such a document is not there. */
  readonly pathOf: (...name: Name) => RecordPath | undefined;
}

export class RecordShelf<Document, Name extends readonly unknown[]> {
  readonly #options: ShelfOptions<Name>;

  constructor(options: ShelfOptions<Name>) {
    this.#options = options;
  }

  async find(records: Records, ...name: Name): Promise<Stored<Document> | undefined> {
    const { kind, pathOf } = this.#options;
    const path = pathOf(...name);
    const record = path && (await records.getRecord(kind, path));
    return record && { document: record.document as Document, revision: record.revision };
  }

  /** The write that stores a document; in one `writeRecords` with others it is all or none. */
  put(document: Document, expect: number | 'absent' | 'any', ...name: Name): RecordWrite {
    return { write: 'put', kind: this.#options.kind, path: this.#path(name), document, expect };
  }

  delete(expect: number | 'any', ...name: Name): RecordWrite {
    return { write: 'delete', kind: this.#options.kind, path: this.#path(name), expect };
  }

  /** The write that deletes every document below a function. */
  deleteUnder(scope: FunctionKey): RecordWrite {
    return { write: 'delete-under', kind: this.#options.kind, path: pathOfScope(scope) };
  }

  /** One page in order of names, of those that `accepts` takes. */
  async list(
    records: Records,
    scope: Scope | null,
    request: PageRequest,
    accepts: (document: Document) => boolean = () => true,
  ): Promise<Page<Document>> {
    const { prefix = '' } = request;
    const under = scope === null ? [] : pathOfScope(scope);
    const count = this.#options.depth - under.length;
    let from = firstPath(under, count, request);
    const items: Document[] = [];
    if (!PREFIX.test(prefix) || !under.every((name) => PREFIX.test(name))) return { items, nextToken: '' };
    for (let scanned = 0; scanned < SCAN_MAX; scanned += BATCH_RECORDS) {
      const { batch, next } = await this.#batch(records, { under, prefix, from, order: request.order });
      for (const { path, document } of batch) {
        if (items.length === request.limit) return { items, nextToken: encodeNames(path.slice(under.length)) };
        if (accepts(document as Document)) items.push(document as Document);
      }
      if (next === undefined) return { items, nextToken: '' };
      from = next;
    }
    return { items, nextToken: encodeNames((from ?? under).slice(under.length)) };
  }

  /** Every document of a scope, or of all; those whose names begin with the prefix. */
  async *all(records: Records, scope: Scope | null, prefix = ''): AsyncGenerator<Document, void, void> {
    let nextToken = '';
    do {
      const page = await this.list(records, scope, { limit: BATCH_RECORDS, nextToken, prefix });
      yield* page.items;
      nextToken = page.nextToken;
    } while (nextToken !== '');
  }

  /** A batch of records and, unless they were the last, the path at which the next batch begins. */
  async #batch(records: Records, { under, prefix, from, order = 'ascending' }: BatchQuery) {
    const query: RecordQuery = {
      kind: this.#options.kind,
      under,
      order,
      limit: BATCH_RECORDS + 1,
      ...(prefix !== '' && { namePrefix: prefix }),
      ...(from !== undefined && { from }),
    };
    const found = await records.listRecords(query);
    return { batch: found.slice(0, BATCH_RECORDS), next: found[BATCH_RECORDS]?.path };
  }

  #path(name: Name): RecordPath {
    const path = this.#options.pathOf(...name);
    invariant(path !== undefined, 'a name was checked before its record is written');
    return path;
  }
}

interface BatchQuery {
  readonly under: RecordPath;
  readonly prefix: string;
  readonly from: RecordPath | undefined;
  readonly order: 'ascending' | 'descending' | undefined;
}

function pathOfScope(scope: Scope): RecordPath {
  if ('serviceName' in scope) return [scope.account, scope.serviceName];
  if ('layerName' in scope) return [scope.account, scope.layerName];
  return scope.functionName === undefined ? [scope.account] : [scope.account, scope.functionName];
}

function firstPath(under: RecordPath, count: number, request: PageRequest): RecordPath | undefined {
  const { nextToken, startKey = '' } = request;
  if (nextToken !== '') return [...under, ...decodeNames(nextToken, count)];
  if (startKey === '') return undefined;
  if (!PREFIX.test(startKey)) throw invalidArgument('startKey must be made of what a name may have');
  return [...under, startKey];
}
