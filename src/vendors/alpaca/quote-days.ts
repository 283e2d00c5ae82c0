/**
 * Whole days of quotes from Alpaca: every page of a day in its order, to the end, and nothing of another day.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { boundsOf } from '#market/quotes/day.js';
import type { Quote } from '#market/quotes/quote.js';
import type { QuoteLines } from '#market/quotes/quote-lines.js';
import { SourceError } from '#platform/http/source-error.js';
import type { AlpacaClient } from './client.js';
import { parsePage, type QuotePage } from './page.js';
import { type ScannedPage, scanPage } from './scan-page.js';
import { before, stampOf } from './timestamp.js';

export interface AlpacaDays {
  readonly client: Pick<AlpacaClient, 'pageRead'>;
  readonly feed: string;
  /** Quotes of a page at most, 1 to 10,000. */
  readonly limit: number;
}

export interface PageTaker {
  take(quotes: readonly Quote[]): void;
  /** Where whole quotes go as lines of text, which is quicker; `wrote` is told how many of a page did. */
  readonly lines?: QuoteLines | undefined;
  wrote?(quotes: number): void;
}

/** A server that answers nothing over and over is in a loop; a true day has no such stretch. */
const MOST_EMPTY_PAGES = 1000;

/** The pages of a day go to the taker, one after the other. Throws SourceError, or the signal's reason. */
export async function readAlpacaDay(
  { client, feed, limit }: AlpacaDays,
  { symbol, day }: { readonly symbol: string; readonly day: IsoDay },
  taker: PageTaker,
  signal: AbortSignal,
): Promise<void> {
  const { fromNs, toNs } = boundsOf(day);
  const range = { start: stampOf(fromNs), end: stampOf(before(toNs)) };
  const seconds = { from: Number(fromNs.slice(0, -9)), to: Number(toNs.slice(0, -9)) };
  const where = `quotes of ${symbol} on ${day}`;
  const { lines } = taker;
  let token: string | undefined;
  let last = fromNs;
  let empty = 0;
  do {
    const page = await client.pageRead(
      { symbol, feed, limit, ...range, token },
      signal,
      (bytes): QuotePage | ScannedPage =>
        (lines && scanPage(bytes, symbol, lines, seconds)) ?? parsePage(bytes.toString('utf8'), symbol),
    );
    if (page.next !== undefined && page.next === token)
      throw new SourceError('server', `${where}: a page that leads to itself.`);
    if ('quotes' in page) {
      if (lines !== undefined && lines.seconds >= 0) last = momentOf(lines);
      last = checkOrder(page.quotes, last, toNs, where);
      taker.take(page.quotes);
    } else taker.wrote?.(page.count);
    const count = 'quotes' in page ? page.quotes.length : page.count;
    empty = count === 0 ? empty + 1 : 0;
    if (empty > MOST_EMPTY_PAGES) throw new SourceError('server', `${where}: ${empty} empty pages in a row.`);
    token = page.next;
  } while (token !== undefined);
}

function momentOf({ seconds, nanoseconds }: QuoteLines): string {
  return `${seconds}${String(nanoseconds).padStart(9, '0')}`;
}

/** Returns the last one's moment. Throws SourceError for what goes back, or belongs to another day. */
function checkOrder(quotes: readonly Quote[], from: string, to: string, where: string): string {
  let last = from;
  for (const { tsNs } of quotes) {
    if (tsNs < last || tsNs >= to)
      throw new SourceError(
        'damaged',
        `${where}: one of ${stampOf(tsNs)} ${tsNs < last ? `behind one of ${stampOf(last)}` : 'of another day'}.`,
      );
    last = tsNs;
  }
  return last;
}
