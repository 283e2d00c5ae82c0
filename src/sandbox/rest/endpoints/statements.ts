/** The three statements of the v1 generation: the same rows and heads, other amounts. */
import { type DayNumber, dayOfNumber } from '#sandbox/market/day-number.js';
import { mix32 } from '#sandbox/market/hash.js';
import type { Books } from '#sandbox/market/statements/books.js';
import { ANNUAL, MISLABELLED, TIMEFRAMES, TRAILING, UNDATED } from '#sandbox/market/statements/filings.js';
import { fiscalQuarter, fiscalYear } from '#sandbox/market/statements/periods.js';
import type { RestMarket } from '../rest-market.js';
import type { Narrowed, Table } from '../table.js';
import {
  amountsText,
  BALANCE_SHEET_FIELDS,
  CASH_FLOW_FIELDS,
  INCOME_FIELDS,
  perShareText,
} from './statement-fields.js';

export type Statement = 'balance-sheet' | 'income' | 'cash-flow';

export interface ListedStatements {
  readonly market: RestMarket;
  readonly books: Books;
}

/** A row is a place in the filings. */
export function statements({ market, books }: ListedStatements, statement: Statement): Table<number> {
  const { filings, reporters } = books;
  const quarterOf = (row: number) => filings.quarter[row] ?? 0;

  function reporterAt(row: number) {
    const reporter = reporters[filings.reporter[row] ?? 0];
    if (reporter === undefined) throw new RangeError(`no reporter of row ${row}`);
    return reporter;
  }
  function filedAt(row: number): DayNumber | undefined {
    const filed = filings.filed[row] ?? UNDATED;
    return filed === UNDATED ? undefined : filed;
  }
  function quarterShown(row: number): number | undefined {
    const quarter = fiscalQuarter(reporterAt(row), quarterOf(row));
    if (filings.kind[row] === MISLABELLED) return (quarter % 4) + 1;
    return filings.timeframe[row] === ANNUAL && reporterAt(row).seed % 2 === 0 ? undefined : quarter;
  }

  return {
    generation: 'v1',
    columns: {
      cik: { kind: 'text', of: (row) => reporterAt(row).issuer.cik },
      tickers: { kind: 'list', of: (row) => books.tickersOf(reporterAt(row), market.today()) ?? [] },
      period_end: { kind: 'day', of: (row) => filings.ended[row] },
      filing_date: { kind: 'day', of: filedAt },
      fiscal_year: { kind: 'number', of: (row) => fiscalYear(reporterAt(row), quarterOf(row)) },
      fiscal_quarter: { kind: 'number', of: quarterShown },
      timeframe: { kind: 'text', of: (row) => TIMEFRAMES[filings.timeframe[row] ?? 0] },
    },
    ...{ windowColumn: 'filing_date', tickerColumn: 'tickers' },
    sort: [{ column: 'period_end', descending: false }],
    limit: { usual: 100, most: 50_000 },
    rows: (narrowed) => listed(narrowed),
    json(row) {
      const reporter = reporterAt(row);
      const tickers = books.tickersOf(reporter, market.today());
      const filed = filedAt(row);
      const quarter = quarterShown(row);
      return (
        `{"cik":"${reporter.issuer.cik}"` +
        (tickers === undefined ? '' : `,"tickers":${JSON.stringify(tickers)}`) +
        `,"period_end":"${dayOfNumber(filings.ended[row] ?? 0)}"` +
        (filed === undefined ? '' : `,"filing_date":"${dayOfNumber(filed)}"`) +
        `,"fiscal_year":${fiscalYear(reporter, quarterOf(row))}` +
        (quarter === undefined ? '' : `,"fiscal_quarter":${quarter}`) +
        `,"timeframe":"${TIMEFRAMES[filings.timeframe[row] ?? 0]}"${amounts(row)}}`
      );
    },
  };

  /** A number of the record's own, whatever stands before it. */
  function markOf(row: number): number {
    return mix32(reporterAt(row).seed + quarterOf(row) * 4 + (filings.timeframe[row] ?? 0)) >>> 0;
  }

  function amounts(row: number): string {
    const mark = markOf(row);
    const exponents = mark % 3 === 0;
    if (statement === 'balance-sheet')
      return amountsText(BALANCE_SHEET_FIELDS, books.balances(row, market.today()), mark, exponents);
    const flows = books.flows(row);
    if (statement === 'cash-flow') return amountsText(CASH_FLOW_FIELDS, flows, mark, exponents);
    return amountsText(INCOME_FIELDS, flows, mark, exponents) + perShareText(flows);
  }

  function listed({ window, tickers }: Narrowed): number[] {
    const today = market.today();
    const rows: number[] = [];
    const take = (row: number): void => {
      if ((filings.from[row] ?? 0) > today || (filings.until[row] ?? 0) <= today) return;
      if (statement === 'balance-sheet' && filings.timeframe[row] === TRAILING) return;
      rows.push(row);
    };
    if (tickers !== undefined) {
      for (const index of books.indexesOf(tickers))
        for (let row = filings.starts[index] ?? 0; row < (filings.starts[index + 1] ?? 0); row++) take(row);
      return rows;
    }
    for (let at = firstFiled(window.from); at < filings.count; at++) {
      const row = filings.byFiling[at] ?? 0;
      if ((filings.filed[row] ?? 0) > window.to) break;
      take(row);
    }
    return rows;
  }

  /** The first place by filing date at or behind a day. */
  function firstFiled(day: DayNumber): number {
    let low = 0;
    let high = filings.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((filings.filed[filings.byFiling[middle] ?? 0] ?? 0) < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
