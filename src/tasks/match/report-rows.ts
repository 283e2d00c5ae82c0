/** The rows of both reports, out of what was matched and judged. Pure. */
import { parseSymbol } from '#market/instruments/broker-symbol.js';
import { type CurrencyPolicy, listedMoney, resolveCurrency } from '#market/instruments/currency.js';
import type { Instrument } from '#market/instruments/instrument.js';
import type { Match, Matched, Unmatched } from '#market/instruments/match.js';
import { flagsOf, isoOf, statusOf } from '#market/instruments/price-quality.js';
import { VENUES } from '#market/instruments/venues.js';
import type { MatchReportRow, UnmatchedReportRow } from '#store/matching/reports.js';
import type { SourceState } from '#store/matching/state.js';
import { indexEntry } from '#vendors/stooq/index-entries.js';

export interface MatchedInstrument {
  readonly instrument: Instrument;
  readonly match: Match;
}

export interface ReportRows {
  readonly matched: readonly MatchReportRow[];
  readonly unmatched: readonly UnmatchedReportRow[];
}

export function reportRows(
  all: readonly MatchedInstrument[],
  sources: Readonly<Record<string, SourceState>>,
  policy: CurrencyPolicy,
): ReportRows {
  const newest = newestByRegion(sources);
  const byIsin = tickersByIsin(all);
  const matched: MatchReportRow[] = [];
  const unmatched: UnmatchedReportRow[] = [];
  for (const { instrument, match } of all) {
    if (match.kind === 'unmatched') {
      unmatched.push({ instrument, reason: match.reason, hint: hintFor(instrument, match, byIsin) });
      continue;
    }
    const source = sources[match.ticker];
    if (source === undefined) throw new Error(`no source of ${match.ticker}`);
    matched.push(matchedRow(instrument, match, { source, newest, policy }));
  }
  return { matched, unmatched };
}

function matchedRow(
  instrument: Instrument,
  match: Matched,
  {
    source,
    newest,
    policy,
  }: {
    readonly source: SourceState;
    readonly newest: ReadonlyMap<string, number>;
    readonly policy: CurrencyPolicy;
  },
): MatchReportRow {
  const { path, region, category } = indexEntry(source.path);
  const currency = resolveCurrency({
    listed: listedMoney(instrument.currency, instrument.name),
    region,
    isLondon: region === 'uk' && parseSymbol(instrument).venue === VENUES.london,
    policy,
  });
  const { judged } = source;
  const counts = judged.kind === 'counts' ? judged.counts : undefined;
  const flags = counts === undefined ? [] : flagsOf(counts, newest.get(region) ?? 0);
  return {
    instrument,
    ticker: match.ticker,
    path,
    region,
    category,
    strategy: match.strategy,
    priceStart: isoOf(counts?.first ?? 0),
    priceEnd: isoOf(counts?.last ?? 0),
    priceRows: counts?.rows ?? 0,
    inferredCurrency: currency.inferred,
    resolvedCurrency: currency.resolved,
    currencyStatus: currency.status,
    dataStatus: judged.kind === 'failed' ? judged.status : statusOf(judged.counts, flags),
    dataFlags: flags.join(';'),
    currencyUnit: currency.unit,
    currencyUnitFrom: currency.unitFrom,
    matchedBy: match.alias === undefined ? match.by : `${match.by}:${match.alias}`,
    confidence: match.confidence,
  };
}

/** The last day of a region's files: what lags behind it is stale, whatever the clock says. */
function newestByRegion(sources: Readonly<Record<string, SourceState>>): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { path, judged } of Object.values(sources)) {
    if (judged.kind !== 'counts') continue;
    const { region } = indexEntry(path);
    newest.set(region, Math.max(newest.get(region) ?? 0, judged.counts.last));
  }
  return newest;
}

function tickersByIsin(all: readonly MatchedInstrument[]): ReadonlyMap<string, ReadonlySet<string>> {
  const tickers = new Map<string, Set<string>>();
  for (const { instrument, match } of all) {
    if (match.kind === 'unmatched' || instrument.isin === '') continue;
    const named = tickers.get(instrument.isin) ?? new Set();
    tickers.set(instrument.isin, named.add(match.ticker));
  }
  return tickers;
}

/**
 * Another line of the same company, which the lists say by its ISIN, and the same name on other markets,
 * which may be anybody.
 */
function hintFor(
  { isin }: Instrument,
  { near }: Unmatched,
  byIsin: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  const lines = isin === '' ? [] : [...(byIsin.get(isin) ?? [])];
  return [
    ...lines.map((ticker) => `same_isin=${ticker}`),
    ...near.map((ticker) => `same_name=${ticker}`),
  ].join(';');
}
