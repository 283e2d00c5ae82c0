/** Answers a query over a table: filtered, sorted, and kept for the pages that follow. */
import { conditionsOf, EVER, meets, namesOf, windowOf } from './conditions.js';
import { QueryError } from './query-error.js';
import type { Column, Found, List, SortKey, Table } from './table.js';

/** Queries whose rows are kept: a client pages through a few at once. */
const KEPT = 8;
/** They are not told from one another by these. */
const NOT_OF_THE_QUERY = ['limit', 'cursor', 'offset', 'apiKey'];

/** `version` changes whenever the table's rows may have: what was kept is then found anew. */
export function listOf<R>(table: Table<R>, version: () => number): List {
  const kept = new Map<string, readonly R[]>();
  let keptVersion = Number.NaN;

  function rowsOf(parameters: URLSearchParams): readonly R[] {
    if (keptVersion !== version()) kept.clear();
    keptVersion = version();
    const key = keyOf(parameters);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const rows = select(table, parameters);
    for (const oldest of kept.keys()) {
      if (kept.size < KEPT) break;
      kept.delete(oldest);
    }
    kept.set(key, rows);
    return rows;
  }

  return {
    limit: table.limit,
    find(parameters): Found {
      const rows = rowsOf(parameters);
      return {
        count: rows.length,
        page: (from, to) => rows.slice(from, to).map((row) => inOnePiece(table.json(row))),
      };
    },
  };
}

/**
 * A text that was put together of a hundred parts is a tree of them until somebody looks into it: thousands of
 * such trees on a page cost the garbage collector more than all else.
 */
function inOnePiece(text: string): string {
  return text.charCodeAt(0) > 0 ? text : '';
}

function keyOf(parameters: URLSearchParams): string {
  const own = new URLSearchParams(parameters);
  for (const name of NOT_OF_THE_QUERY) own.delete(name);
  own.sort();
  return own.toString();
}

function select<R>(table: Table<R>, parameters: URLSearchParams): readonly R[] {
  const { columns, windowColumn, tickerColumn } = table;
  const conditions = conditionsOf(parameters, columns);
  const windowed = windowColumn === undefined ? undefined : columns[windowColumn];
  const kind = windowed?.kind === 'instant' ? 'instant' : 'day';
  const rows = table.rows({
    window: windowColumn === undefined ? EVER : windowOf(conditions, windowColumn, kind),
    tickers: tickerColumn === undefined ? undefined : namesOf(conditions, tickerColumn),
  });
  const tests = conditions.flatMap((condition) => {
    const column = columns[condition.column];
    return column === undefined ? [] : [(row: R) => meets(column, row, condition)];
  });
  const found: R[] = [];
  for (const row of rows as Iterable<R>) if (tests.every((test) => test(row))) found.push(row);
  const keys = sortKeys(table, parameters);
  return sorted(
    found,
    keys.map((key) => ({ ...key, by: columns[key.column] })),
  );
}

function sortKeys<R>(
  { generation, columns, sort }: Table<R>,
  parameters: URLSearchParams,
): readonly SortKey[] {
  const asked = parameters.get('sort');
  const order = parameters.get('order');
  if (asked === null || asked === '')
    return generation === 'v1' || order === null
      ? sort
      : sort.map((key) => ({ ...key, descending: order === 'desc' }));
  return asked.split(',').map((text) => {
    const [, column = text, direction] =
      generation === 'v1' ? (/^(.*?)(?:\.(asc|desc))?$/.exec(text) ?? []) : [];
    if (!Object.hasOwn(columns, column)) throw new QueryError(`Cannot sort by ${JSON.stringify(column)}.`);
    return { column, descending: (generation === 'v1' ? direction : order) === 'desc' };
  });
}

/** Stable; rows without a value come last, whichever the direction. */
function sorted<R>(
  rows: R[],
  keys: readonly (SortKey & { readonly by: Column<R> | undefined })[],
): readonly R[] {
  const [first, ...more] = keys;
  if (first?.by === undefined) return rows;
  const columns = [first, ...more].flatMap(({ by, descending }) =>
    by === undefined || by.kind === 'list' ? [] : [{ by, sign: descending ? -1 : 1 }],
  );
  if (isSorted(rows, columns)) return rows;
  return rows.sort((a, b) => compare(a, b, columns));
}

type Sorting<R> = readonly {
  readonly by: Exclude<Column<R>, { readonly kind: 'list' }>;
  readonly sign: number;
}[];

/** Most tables come in their usual order: to see that costs a fraction of sorting a million rows. */
function isSorted<R>(rows: readonly R[], columns: Sorting<R>): boolean {
  for (let at = 1; at < rows.length; at++) {
    if (compare(rows[at - 1] as R, rows[at] as R, columns) > 0) return false;
  }
  return true;
}

function compare<R>(a: R, b: R, columns: Sorting<R>): number {
  for (const { by, sign } of columns) {
    const [left, right] = [by.of(a), by.of(b)];
    if (left === right) continue;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return left < right ? -sign : sign;
  }
  return 0;
}
