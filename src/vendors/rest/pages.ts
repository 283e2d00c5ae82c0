/**
 * A list's pages, each checked and made rows, until there is no `next_url`. Only that ends a list: a page may
 * be short or empty. One that leads back to a page that was there is a loop, and the list is not complete.
 */
import type { TableType } from '#market/tables/table-type.js';
import { SourceError } from '#platform/http/source-error.js';
import type { RestClient } from './client.js';
import { exactNumbers } from './exact-numbers.js';
import { ShapeError } from './shape-error.js';
import { recordsOf } from './shapes.js';

export interface PageRequest<T> {
  readonly type: TableType;
  /** Throws ShapeError. */
  readonly row: (record: unknown) => T;
  /** Of the first page. */
  readonly target: string;
  /** Where one ticker was asked for in the path. */
  readonly ticker?: string;
  readonly signal: AbortSignal | undefined;
}

/** Throws SourceError, ShapeError, or the signal's reason. */
export async function* pages<T>(client: RestClient, request: PageRequest<T>): AsyncGenerator<readonly T[]> {
  const { type, row, ticker, signal } = request;
  const exact = exactNumbers(type);
  const read = (text: string): { readonly rows: readonly T[]; readonly nextUrl: string | undefined } => {
    const { records, nextUrl } = recordsOf(parsed(exact?.(text) ?? text, type.name), type, ticker);
    return { rows: records.map(row), nextUrl };
  };
  const seen = new Set<string>();
  let before = '';
  for (let target: string | undefined = request.target; target !== undefined; ) {
    if (seen.has(target)) throw circle(type);
    seen.add(target);
    const page: ReturnType<typeof read> = await client.get({ target, signal }, read);
    // A cursor that leads back may have a new name each time.
    const ends = page.rows.length > 1 ? JSON.stringify([page.rows[0], page.rows.at(-1)]) : '';
    if (ends !== '' && ends === before) throw circle(type);
    before = ends;
    yield page.rows;
    target = page.nextUrl === undefined ? undefined : client.next(page.nextUrl);
  }
}

function circle({ name }: TableType): ShapeError {
  return new ShapeError(name, 'the list goes round in a circle: next_url leads back');
}

/** A body that was cut or spoilt on the way is asked for again. */
function parsed(text: string, type: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError('damaged', `${type}: the answer is no whole JSON`);
  }
}
