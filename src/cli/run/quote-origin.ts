/** Where `quotes import` takes quotes from: Alpaca, its sandbox, or the archive. */
import type { Invocation } from '#cli/invocation.js';
import { batchSizeOf } from '#cli/options/quote-options.js';
import type { Settings } from '#cli/settings/settings.js';
import { archiveSource } from '#ingest/quotes/archive-source.js';
import type { QuoteSource } from '#ingest/quotes/source.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { readSourceMarker } from '#store/archive/source-marker.js';
import type { CountQuotes } from '#tasks/quotes/estimate.js';
import type { ImportRequest } from '#tasks/quotes/plan-import.js';
import { readAlpacaDay } from '#vendors/alpaca/quote-days.js';
import { openAlpacaOf } from './alpaca.js';
import type { CommandContext } from './context.js';

/** Alpaca's largest page. */
const MOST_PAGE = 10_000;

/** Quotes of a page: those of a batch, as far as the vendor goes. Throws UsageError. */
export function pageSizeOf(settings: Settings): number {
  return Math.min(MOST_PAGE, batchSizeOf(settings));
}

export interface QuoteOrigin {
  readonly source: QuoteSource;
  readonly identity: SourceIdentity;
  readonly count: CountQuotes | undefined;
  readonly perMinute: () => number | undefined;
  readonly close: () => Promise<void>;
}

/** Throws UsageError, or SourceError without keys or with a wrong URL. `most`: requests at once. */
export async function openQuoteOrigin(
  { table: { source, feed } }: ImportRequest,
  invocation: Invocation,
  context: CommandContext,
  most: number,
): Promise<QuoteOrigin> {
  if (source === 'massive') {
    const marker = await readSourceMarker(context.layout.archiveDir);
    return {
      source: archiveSource(context.layout),
      identity: typeof marker === 'object' ? marker : { endpoint: 'file:archive', bucket: 'stocks_quotes' },
      count: undefined,
      perMinute: () => undefined,
      close: async () => undefined,
    };
  }
  const limit = pageSizeOf(context.settings);
  const { client, identity, close } = await openAlpacaOf(context, invocation, most);
  return {
    source: {
      from: identity,
      readDay: (symbol, day, taker, signal) =>
        readAlpacaDay({ client, feed, limit }, { symbol, day }, taker, signal),
    },
    identity: { endpoint: identity, bucket: feed },
    count: async (symbol, fromMs, toMs) => {
      const range = { start: new Date(fromMs).toISOString(), end: new Date(toMs - 1).toISOString() };
      const { signal } = invocation.environment;
      let token: string | undefined;
      let quotes = 0;
      do {
        const page = await client.page({ symbol, feed, limit: MOST_PAGE, ...range, token }, signal);
        quotes += page.quotes.length;
        token = quotes < MOST_PAGE ? page.next : undefined;
      } while (token !== undefined);
      return quotes;
    },
    perMinute: client.perMinute,
    close,
  };
}
