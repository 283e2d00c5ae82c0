/** The counts of a run, out of its report rows. Pure. */
import { parseSymbol } from '#market/instruments/broker-symbol.js';
import type { Instrument } from '#market/instruments/instrument.js';
import type { MarketCount, MatchSummary } from '#store/matching/match-summary.js';
import type { ReportRows } from './report-rows.js';

export type ArchiveCounts = Pick<MatchSummary, 'at' | 'archive_files' | 'doubles' | 'tickers'>;

export function summarize({ matched, unmatched }: ReportRows, archive: ArchiveCounts): MatchSummary {
  return {
    ...archive,
    instruments: matched.length + unmatched.length,
    matched: matched.length,
    by_market: marketCounts(
      matched.map(({ instrument }) => instrument),
      unmatched.map(({ instrument }) => instrument),
    ),
    by_strategy: tally(matched.map(({ strategy }) => strategy)),
    by_confidence: tally(matched.map(({ confidence }) => confidence)),
    by_reason: tally(unmatched.map(({ reason }) => reason)),
    by_data_status: tally(matched.map(({ dataStatus }) => dataStatus)),
    by_currency_status: tally(matched.map(({ currencyStatus }) => currencyStatus)),
  };
}

/** The most frequent first. */
function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}

function marketCounts(
  matched: readonly Instrument[],
  unmatched: readonly Instrument[],
): readonly MarketCount[] {
  const found = tally(matched.map(marketName));
  const all = tally([...matched, ...unmatched].map(marketName));
  return Object.entries(all).map(([market, instruments]) => ({
    market,
    instruments,
    matched: found[market] ?? 0,
  }));
}

/** Longer ones are phrases with a company's name in them, one an instrument. */
const LONGEST_CODE = 12;

function marketName(instrument: Instrument): string {
  const market = instrument.market.toUpperCase();
  if (market !== '' && market.length <= LONGEST_CODE) return market;
  return parseSymbol(instrument).venue?.name ?? (market === '' ? '(none)' : '(unknown)');
}
