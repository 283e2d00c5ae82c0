/** All companies' books: their filings, and the amounts of each. */
import type { DividendRecords } from '#sandbox/market/actions/dividend-records.js';
import type { SplitRecords } from '#sandbox/market/actions/split-records.js';
import { type DayNumber, numberOfDay } from '#sandbox/market/day-number.js';
import { type Issuer, isListed, type Securities } from '#sandbox/market/reference/securities.js';
import type { Universe } from '#sandbox/market/universe.js';
import { addedUp, type Balances, balancesOf, type Flows, flowsOf } from './figures.js';
import { AMENDED, type Filings, filingsOf, QUARTERLY, readAgain } from './filings.js';
import { filingDay, periodEnd, quarterBefore } from './periods.js';
import { type Reporter, reporterOf } from './reporter.js';

export interface Books {
  readonly reporters: readonly Reporter[];
  readonly filings: Filings;
  /** Indexes of the reporters that have, or had last, one of these tickers. */
  indexesOf(tickers: readonly string[]): readonly number[];
  /** As the vendor maps a company today; undefined and empty for some that are not listed any more. */
  tickersOf(reporter: Reporter, today: DayNumber): readonly string[] | undefined;
  /** Of a row of the filings, in thousands; as the vendor reads it on `today`. */
  balances(row: number, today: DayNumber): Balances;
  flows(row: number): Flows;
  reporterOf(issuer: Issuer): Reporter | undefined;
  /** Of the newest quarter that has ended by `today`, filed or not, with the year up to it. */
  newest(reporter: Reporter, today: DayNumber): { readonly balances: Balances; readonly year: Flows };
  /** All classes' shares at a day, in thousands, on that day's basis. */
  sharesAt(reporter: Reporter, day: DayNumber): number;
}

/** Of which a company's number of shares is told. */
const BASE_DAY = numberOfDay('2026-11-19');
/** Shares grow by so much a year: options that are taken up, less what is bought back. */
const DILUTION = 0.004;

export interface BookOptions {
  readonly universe: Universe;
  readonly securities: Securities;
  readonly splits: SplitRecords;
  readonly dividends: DividendRecords;
  /** Periods that end behind it are in no filing. */
  readonly horizon: DayNumber;
}

export function createBooks({ universe, securities, splits, dividends, horizon }: BookOptions): Books {
  const reporters = securities.issuers
    .map((issuer) => reporterOf(issuer, universe))
    .filter((reporter) => reporter !== undefined);
  const filings = filingsOf(reporters, horizon);
  const byTicker = new Map<string, number[]>();
  reporters.forEach((reporter, index) => {
    for (const { ticker } of reporter.listings)
      byTicker.set(ticker, [...(byTicker.get(ticker) ?? []), index]);
  });
  const byIssuer = new Map(reporters.map((reporter) => [reporter.issuer, reporter]));
  const mapped = new Map<Reporter, readonly string[] | undefined>();
  let mappedDay = Number.NaN;

  function sharesAt(reporter: Reporter, day: DayNumber): number {
    const main = reporter.listings.at(-1);
    const years = (BASE_DAY - day) / 365.25;
    const shares = reporter.shares * Math.max(0.5, 1 - DILUTION * years);
    // On the basis of `day`: what splits behind it make of them is not there yet.
    const ratio =
      main === undefined ? 1 : splits.ratio(main, day, BASE_DAY) / splits.ratio(main, BASE_DAY, day);
    return Math.max(1, Math.round((shares * ratio) / 1000));
  }

  function quarterFlows(reporter: Reporter, quarter: number, amended: boolean, basis: DayNumber): Flows {
    const [begin, end] = [periodEnd(reporter, quarter - 1), periodEnd(reporter, quarter)];
    const main = reporter.listings.at(-1);
    const paid = main === undefined ? [] : dividends.of(main, horizon);
    const dividend = paid
      .filter(({ ex }) => ex > begin && ex <= end)
      .reduce((sum, { cash }) => sum + cash, 0);
    const shares = sharesAt(reporter, end);
    const flows = flowsOf(reporter, quarter, amended, { shares, dividend });
    const ratio = main === undefined ? 1 : splits.ratio(main, end, basis);
    if (ratio === 1) return flows;
    const { basicShares, dilutedShares } = flows;
    return {
      ...flows,
      basicShares: Math.round(basicShares / ratio),
      dilutedShares: Math.round(dilutedShares / ratio),
    };
  }

  function yearFlows(reporter: Reporter, quarter: number, amended: boolean, basis: DayNumber): Flows {
    const of = (back: number) => quarterFlows(reporter, quarter - back, amended, basis);
    return addedUp([of(0), of(1), of(2), of(3)]);
  }

  function rowOf(row: number) {
    const reporter = reporters[filings.reporter[row] ?? 0];
    if (reporter === undefined) throw new RangeError(`no reporter of row ${row}`);
    const quarter = filings.quarter[row] ?? 0;
    return { reporter, quarter, timeframe: filings.timeframe[row], amended: filings.kind[row] === AMENDED };
  }

  return {
    reporters,
    filings,
    sharesAt,
    indexesOf: (tickers) => [...new Set(tickers.flatMap((ticker) => byTicker.get(ticker) ?? []))],
    tickersOf(reporter, today) {
      if (today !== mappedDay) mapped.clear();
      mappedDay = today;
      if (!mapped.has(reporter)) mapped.set(reporter, mappedTickers(reporter, today));
      return mapped.get(reporter);
    },
    balances(row, today) {
      const { reporter, quarter, amended } = rowOf(row);
      const balances = balancesOf(reporter, quarter, amended);
      const again = readAgain(reporter, quarter, filingDay(reporter, quarter));
      if (again === undefined || today >= again) return balances;
      // Until then, the vendor took intangible assets for other ones.
      const otherAssets = balances.otherAssets + (balances.intangibles ?? 0);
      return { ...balances, otherAssets, intangibles: undefined };
    },
    flows(row) {
      const { reporter, quarter, timeframe, amended } = rowOf(row);
      const basis = filingDay(reporter, quarter);
      if (timeframe === QUARTERLY) return quarterFlows(reporter, quarter, amended, basis);
      return yearFlows(reporter, quarter, amended, basis);
    },
    reporterOf: (issuer) => byIssuer.get(issuer),
    newest(reporter, today) {
      const quarter = quarterBefore(reporter, today);
      return {
        balances: balancesOf(reporter, quarter, false),
        year: yearFlows(reporter, quarter, false, today),
      };
    },
  };
}

/** Those listed now; else the last one, an empty list, or none, by chance. */
function mappedTickers(reporter: Reporter, today: DayNumber): readonly string[] | undefined {
  const now = reporter.listings.filter((listing) => isListed(listing, today)).map(({ ticker }) => ticker);
  if (now.length > 0) return now;
  const last = reporter.listings.at(-1);
  if (last === undefined || reporter.seed % 6 === 0) return undefined;
  return reporter.seed % 6 === 1 ? [] : [last.ticker];
}
