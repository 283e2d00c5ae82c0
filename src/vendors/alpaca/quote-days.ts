/**
 * Whole days of quotes from Alpaca: every page of a day in its order, to the end, and nothing of another day.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { boundsOf } from '#market/quotes/day.js';
import type { Quote } from '#market/quotes/quote.js';
import { SourceError } from '#platform/http/source-error.js';
import type { AlpacaClient } from './client.js';
import { before, stampOf } from './timestamp.js';

export interface AlpacaDays {
  readonly client: Pick<AlpacaClient, 'page' | 'url'>;
  readonly feed: string;
  /** Quotes of a page at most, 1 to 10,000. */
  readonly limit: number;
}

/** A server that answers nothing over and over is in a loop; a true day has no such stretch. */
const MOST_EMPTY_PAGES = 1000;

/** The pages of a day go to `take`, one after the other. Throws SourceError, or the signal's reason. */
export async function readAlpacaDay(
  { client, feed, limit }: AlpacaDays,
  { symbol, day }: { readonly symbol: string; readonly day: IsoDay },
  take: (quotes: readonly Quote[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const { fromNs, toNs } = boundsOf(day);
  const range = { start: stampOf(fromNs), end: stampOf(before(toNs)) };
  const where = `quotes of ${symbol} on ${day}`;
  let token: string | undefined;
  let last = fromNs;
  let empty = 0;
  do {
    const page = await client.page({ symbol, feed, limit, ...range, token }, signal);
    if (page.next !== undefined && page.next === token)
      throw new SourceError('server', `${where}: a page that leads to itself.`);
    for (const { tsNs } of page.quotes) {
      if (tsNs < last || tsNs >= toNs)
        throw new SourceError(
          'damaged',
          `${where}: one of ${stampOf(tsNs)} ${tsNs < last ? `behind one of ${stampOf(last)}` : 'of another day'}.`,
        );
      last = tsNs;
    }
    empty = page.quotes.length === 0 ? empty + 1 : 0;
    if (empty > MOST_EMPTY_PAGES) throw new SourceError('server', `${where}: ${empty} empty pages in a row.`);
    take(page.quotes);
    token = page.next;
  } while (token !== undefined);
}
