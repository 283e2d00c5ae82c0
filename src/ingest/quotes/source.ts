/** Where whole days of quotes come from. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Quote } from '#market/quotes/quote.js';
import type { QuoteLines } from '#market/quotes/quote-lines.js';

export interface QuoteTaker {
  /** The next quotes of the day, in their order. */
  take(quotes: readonly Quote[]): void;
  /**
   * Where every quote is kept: whoever has their text may write it here himself, and tell how many they were;
   * undefined where some are left out.
   */
  readonly lines: QuoteLines | undefined;
  wrote(quotes: number): void;
  /** What was taken of the day does not count: it comes again, from its first quote on. */
  again(): void;
}

export interface QuoteSource {
  /** A URL, or `archive`: what a file says it is from. */
  readonly from: string;
  /**
   * Hands all quotes of a symbol and New York day to the taker, some at a time; none where the symbol had none.
   * Throws SourceError (`not-found`: the day, or the symbol, is not to be had), the archive's damage, the disk's
   * error, or the signal's reason.
   */
  readDay(symbol: string, day: IsoDay, taker: QuoteTaker, signal: AbortSignal): Promise<void>;
}
