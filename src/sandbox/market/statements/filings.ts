/**
 * Every row of statements that the vendor ever lists, as columns of numbers: whose, of which quarter and
 * timeframe, filed when, and from when to when it is listed. The three statements share them; a balance sheet
 * has no trailing twelve months. Amounts are worked out when a row is served.
 */
import { type DayNumber, numberOfDay } from '#sandbox/market/day-number.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import { filingDay, fiscalQuarter, periodEnd, quarterBefore } from './periods.js';
import type { Reporter } from './reporter.js';

export const TIMEFRAMES = ['quarterly', 'annual', 'trailing_twelve_months'] as const;
export const [QUARTERLY, ANNUAL, TRAILING] = [0, 1, 2] as const;

/** Filed anew with other numbers; shown under a wrong quarter for some months. */
export const [PLAIN, AMENDED, MISLABELLED] = [0, 1, 2] as const;

/** No filing date. */
export const UNDATED = -1;
/** Listed for good. */
const ALWAYS = 0x3fffffff;
const FIRST_PERIOD = numberOfDay('2009-12-20');
const YEARS_BEFORE_LISTING = 2;

export interface Filings {
  readonly count: number;
  /** Index into the reporters. */
  readonly reporter: Int32Array;
  readonly quarter: Int32Array;
  readonly timeframe: Uint8Array;
  readonly kind: Uint8Array;
  /** UNDATED where the vendor has none. */
  readonly filed: Int32Array;
  readonly ended: Int32Array;
  /** Listed from this day on, up to the day before `until`. */
  readonly from: Int32Array;
  readonly until: Int32Array;
  /** Rows of the reporter with an index begin here; one more than there are reporters. */
  readonly starts: Int32Array;
  /** All rows by filing date, those without one first. */
  readonly byFiling: Int32Array;
}

interface Row {
  readonly quarter: number;
  readonly timeframe: number;
  readonly kind: number;
  readonly filed: DayNumber;
  readonly from: DayNumber;
  readonly until: DayNumber;
}

/** Up to the periods that end by `horizon`. */
export function filingsOf(reporters: readonly Reporter[], horizon: DayNumber): Filings {
  const rows: Row[] = [];
  const owners: number[] = [];
  const starts = new Int32Array(reporters.length + 1);
  reporters.forEach((reporter, index) => {
    starts[index] = rows.length;
    for (const row of rowsOf(reporter, horizon)) rows.push(row);
    for (let at = starts[index] ?? 0; at < rows.length; at++) owners.push(index);
  });
  starts[reporters.length] = rows.length;
  const filed = Int32Array.from(rows, (row) => row.filed);
  const byFiling = Int32Array.from(rows, (_, at) => at).sort(
    (a, b) => (filed[a] ?? 0) - (filed[b] ?? 0) || a - b,
  );
  return {
    count: rows.length,
    reporter: Int32Array.from(owners),
    quarter: Int32Array.from(rows, (row) => row.quarter),
    timeframe: Uint8Array.from(rows, (row) => row.timeframe),
    kind: Uint8Array.from(rows, (row) => row.kind),
    filed,
    ended: Int32Array.from(rows, (row, at) => {
      const reporter = reporters[owners[at] ?? 0];
      return reporter === undefined ? 0 : periodEnd(reporter, row.quarter);
    }),
    from: Int32Array.from(rows, (row) => row.from),
    until: Int32Array.from(rows, (row) => row.until),
    ...{ starts, byFiling },
  };
}

function* rowsOf(reporter: Reporter, horizon: DayNumber): Iterable<Row> {
  const begin = Math.max((reporter.listings[0]?.first ?? 0) - YEARS_BEFORE_LISTING * 365, FIRST_PERIOD);
  const last = reporter.listings.some((one) => one.last === undefined)
    ? horizon
    : Math.max(...reporter.listings.map((one) => one.last ?? 0));
  const first = quarterBefore(reporter, begin) + 1;
  const final = quarterBefore(reporter, Math.min(last, horizon));
  for (let quarter = first; quarter <= final; quarter++) {
    const filed = filingDay(reporter, quarter);
    yield* versions(reporter, quarter, QUARTERLY, filed);
    if (quarter - first < 3) continue;
    if (fiscalQuarter(reporter, quarter) === 4) yield* versions(reporter, quarter, ANNUAL, filed);
    yield { quarter, timeframe: TRAILING, kind: PLAIN, filed, from: filed, until: ALWAYS };
  }
}

function* versions(reporter: Reporter, quarter: number, timeframe: number, filed: DayNumber): Iterable<Row> {
  const hash = mix32(reporter.seed + Math.imul(quarter * 4 + timeframe, GOLDEN)) >>> 0;
  const row = { quarter, timeframe, kind: PLAIN, filed, from: filed, until: ALWAYS };
  yield hash % 70 === 3 ? { ...row, filed: UNDATED } : row;
  if (hash % 110 === 4) {
    const again = filed + 60 + ((hash >>> 8) % 150);
    yield { ...row, kind: AMENDED, filed: again, from: again };
  }
  if (timeframe === QUARTERLY && hash % 240 === 5)
    yield { ...row, kind: MISLABELLED, from: filed + 1, until: filed + 120 };
}

/** The day on which the vendor reads an old filing anew, without a new date: for one row in fifty. */
export function readAgain(reporter: Reporter, quarter: number, filed: DayNumber): DayNumber | undefined {
  const hash = mix32(reporter.seed ^ Math.imul(quarter, GOLDEN)) >>> 0;
  return hash % 50 === 6 ? filed + 120 + ((hash >>> 8) % 400) : undefined;
}
