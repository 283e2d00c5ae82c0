/**
 * One page of a list in the vendor's envelope. A page may be shorter than its limit, or empty, and still have
 * a next one; a list that fills its last page to the brim has one more, without `results`.
 */
import { cursorOf, type Place } from './cursor.js';
import { QueryError } from './query-error.js';
import type { List } from './table.js';

/** Of so many pages, the third is half as long and the fourth empty. */
const PAGES_IN_TURN = 7;

export interface Page {
  readonly rows: readonly string[];
  /** Undefined on the last page. */
  readonly next: Place | undefined;
}

export function pageOf(list: List, place: Place): Page {
  const limit = limitOf(list, place.parameters.get('limit'));
  const found = list.find(place.parameters);
  const { offset, page } = place;
  const turn = page % PAGES_IN_TURN;
  const most = turn === 2 ? Math.ceil(limit / 2) : turn === 3 ? 0 : limit;
  const end = Math.min(offset + most, found.count);
  const brimful = end === found.count && end - offset === limit;
  const next = { ...place, offset: end, page: page + 1 };
  return { rows: found.page(offset, end), next: end < found.count || brimful ? next : undefined };
}

function limitOf({ limit }: List, asked: string | null): number {
  if (asked === null || asked === '') return limit.usual;
  const number = Number(asked);
  if (!Number.isInteger(number) || number < 1 || number > limit.most)
    throw new QueryError(`'limit' must be a whole number from 1 to ${limit.most}.`);
  return number;
}

export interface EnvelopeOf {
  readonly page: Page;
  readonly status: string;
  /** A text, or the number 1, which samples show too. */
  readonly requestId: string | number;
  /** With this page's number of rows, and empty pages as `[]`; else neither. */
  readonly counted: boolean;
  /** `http://host:port/path`. */
  readonly url: string;
  /** For a fault's sake. */
  readonly mark?: string;
}

export function envelopeOf({ page, status, requestId, counted, url, mark }: EnvelopeOf): Buffer {
  const fields = [`"status":"${status}"`, `"request_id":${JSON.stringify(requestId)}`];
  if (counted) fields.push(`"count":${page.rows.length}`);
  if (counted || page.rows.length > 0) fields.push(`"results":[${page.rows.join(',')}]`);
  if (page.next !== undefined) fields.push(`"next_url":"${url}?cursor=${cursorOf(page.next, mark)}"`);
  return Buffer.from(`{${fields.join(',')}}`);
}
