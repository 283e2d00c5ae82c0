/**
 * The two reports: a line an instrument, in the order of the lists. Younger columns stand behind those that
 * users know.
 */
import type { Instrument } from '#market/instruments/instrument.js';
import { csvRow } from './csv-row.js';

export interface MatchReportRow {
  readonly instrument: Instrument;
  readonly ticker: string;
  readonly path: string;
  readonly region: string;
  readonly category: string;
  readonly strategy: string;
  /** ISO days; '' where the file has no row. */
  readonly priceStart: string;
  readonly priceEnd: string;
  readonly priceRows: number;
  readonly inferredCurrency: string;
  readonly resolvedCurrency: string;
  readonly currencyStatus: string;
  readonly dataStatus: string;
  readonly dataFlags: string;
  readonly currencyUnit: string;
  readonly currencyUnitFrom: string;
  readonly matchedBy: string;
  readonly confidence: string;
}

export interface UnmatchedReportRow {
  readonly instrument: Instrument;
  readonly reason: string;
  /** `same_isin=PRX.PL;same_name=PRX.UK`. */
  readonly hint: string;
}

const MATCH_HEADER =
  'symbol,isin,market,name,currency,matched_ticker,stooq_path,region,category,strategy,source_file,price_start,price_end,price_rows,' +
  'inferred_currency,resolved_currency,currency_status,data_status,data_flags,currency_unit,currency_unit_from,matched_by,confidence\n';
const UNMATCHED_HEADER = 'symbol,isin,market,name,currency,source_file,reason,hint\n';

export function matchReportCsv(rows: readonly MatchReportRow[]): string {
  return MATCH_HEADER + rows.map(matchLine).join('');
}

export function unmatchedReportCsv(rows: readonly UnmatchedReportRow[]): string {
  const lines = rows.map(({ instrument, reason, hint }) =>
    csvRow([...listed(instrument), instrument.sourceFile, reason, hint]),
  );
  return UNMATCHED_HEADER + lines.join('');
}

function listed({ symbol, isin, market, name, currency }: Instrument): readonly string[] {
  return [symbol, isin, market, name, currency];
}

function matchLine(row: MatchReportRow): string {
  return csvRow([
    ...listed(row.instrument),
    row.ticker,
    row.path,
    row.region,
    row.category,
    row.strategy,
    row.instrument.sourceFile,
    row.priceStart,
    row.priceEnd,
    String(row.priceRows),
    row.inferredCurrency,
    row.resolvedCurrency,
    row.currencyStatus,
    row.dataStatus,
    row.dataFlags,
    row.currencyUnit,
    row.currencyUnitFrom,
    row.matchedBy,
    row.confidence,
  ]);
}
