/** What is typed of quotes: symbols and days, the table, its reduction, how large a batch is. */
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import type { CommandContext } from '#cli/run/context.js';
import type { Settings } from '#cli/settings/settings.js';
import { UsageError } from '#cli/usage-error.js';
import { type ResolvedRange, resolveRange } from '#market/calendar/range.js';
import { stocksQuotes } from '#market/datasets/stocks.js';
import { parseReduction, REDUCTIONS, type Reduction } from '#market/quotes/reduction.js';
import { vendorSpelling } from '#market/tickers/vendor-spelling.js';
import { isFeed, QUOTE_SOURCES, type QuoteTable } from '#store/quotes/layout.js';
import { rangeContext, rangeFlags } from './range-flags.js';

const DEFAULT_BATCH = 10_000;
const MOST_BATCH = 1_000_000;

export interface SymbolsAndDays {
  readonly symbols: readonly string[];
  readonly range: ResolvedRange;
}

/**
 * `AAPL,MSFT 2024-01-01 2024-12-31`, `AAPL 2024-02` for all of it, or symbols and the options of a range. Throws
 * UsageError.
 */
export function symbolsAndDays(
  { args, flags }: Pick<Invocation, 'args' | 'flags'>,
  now: Date,
): SymbolsAndDays {
  const isDay = (text: string): boolean => /^(?:\d{4}(?:-\d{1,2}){0,2}|today|yesterday)$/.test(text);
  const days = args.filter(isDay);
  const symbols = args
    .filter((arg) => !isDay(arg))
    .flatMap((arg) => arg.split(','))
    .map((symbol) => vendorSpelling(symbol.trim()))
    .filter(Boolean);
  if (symbols.length === 0)
    throw new UsageError('Say which symbols: barloom quotes import AAPL,MSFT 2024-01-02 2024-01-31.');
  const wrong = symbols.find((symbol) => !/^[A-Za-z0-9][A-Za-z0-9./-]{0,15}$/.test(symbol));
  if (wrong !== undefined) throw new UsageError(`${wrong} is no symbol such as AAPL or BRK.B.`);
  if (days.length > 2) throw new UsageError(`Give two days, the first and the last: not ${days.join(', ')}.`);
  const given = rangeFlags(flags);
  const [start, end] = days;
  const options = start === undefined ? given : { ...given, start, end: end ?? given.end ?? start };
  return { symbols: [...new Set(symbols)], range: resolveRange(options, rangeContext(stocksQuotes, now)) };
}

/** The table that is meant. Throws UsageError. */
export function quoteTable(flags: Invocation['flags']): QuoteTable {
  const from = String(flags['from'] ?? 'alpaca');
  const source = QUOTE_SOURCES.find((one) => one === from);
  if (source === undefined)
    throw new UsageError(`--from ${from} is not known: give ${QUOTE_SOURCES.join(' or ')}.`);
  const feed = String(flags['feed'] ?? 'sip');
  if (!isFeed(feed)) throw new UsageError(`--feed ${feed} is no feed such as sip, iex, otc or boats.`);
  if (source === 'massive' && feed !== 'sip')
    throw new UsageError(`--feed ${feed}: the archive's stocks_quotes are the consolidated tape's, sip.`);
  return { source, feed, reduction: reductionOf(flags) };
}

/** Throws UsageError. */
export function reductionOf(flags: Invocation['flags']): Reduction | undefined {
  const given = flags['reduce'];
  if (given === undefined) return undefined;
  const reduction = parseReduction(String(given));
  if (reduction === undefined) throw new UsageError(`--reduce ${String(given)} is none of ${REDUCTIONS}.`);
  return reduction;
}

/** Quotes of a batch. Throws UsageError. */
export function batchSizeOf(settings: Settings): number {
  const size = settings.count('bulkImport.batchSize', DEFAULT_BATCH);
  if (size > MOST_BATCH)
    throw new UsageError(
      `${settings.origin('bulkImport.batchSize')} ${size} is more than ${MOST_BATCH}: a batch is kept in memory.`,
    );
  return size;
}

/** The folder of imported quotes. */
export function quotesFolder({ settings, layout }: Pick<CommandContext, 'settings' | 'layout'>): string {
  return path.resolve(layout.dataDir, settings.text('historicalData.path') ?? 'quotes');
}
