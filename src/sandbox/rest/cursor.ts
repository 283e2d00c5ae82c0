/** The vendor's cursors: a query with all its filters and the place it has come to, in base64. */
import { QueryError } from './query-error.js';

export interface Place {
  readonly parameters: URLSearchParams;
  /** Rows before. */
  readonly offset: number;
  /** Pages before. */
  readonly page: number;
}

/** Where a request is: at a query's beginning, or where its cursor says; that leaves no other parameter. */
export function placeOf(asked: URLSearchParams): Place {
  const cursor = asked.get('cursor');
  if (cursor === null) return { parameters: asked, offset: 0, page: 0 };
  const [query = '', offset, page] = Buffer.from(cursor, 'base64url').toString().split('\n');
  if (!/^\d+$/.test(offset ?? '') || !/^\d+$/.test(page ?? '')) throw new QueryError('Invalid cursor.');
  return { parameters: new URLSearchParams(query), offset: Number(offset), page: Number(page) };
}

/** `mark` makes another cursor of the same place. */
export function cursorOf({ parameters, offset, page }: Place, mark = ''): string {
  const query = new URLSearchParams(parameters);
  query.delete('apiKey');
  return Buffer.from(`${query}\n${offset}\n${page}\n${mark}`).toString('base64url');
}
