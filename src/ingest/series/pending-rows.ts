/** The rows of many days on their way into the series, ticker by ticker. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { mergedTickers } from '#market/records/merged-tickers.js';
import { rowValues } from '#market/records/taken-rows.js';
import { markOf } from '#store/series/series-blocks.js';
import type { TakenLines } from './taken-lines.js';

/** One day's bars on their way into the series. */
export interface PendingDay {
  readonly day: IsoDay;
  readonly taken: TakenLines;
  /** Bars as they stood in the file that the vendor replaced, where they changed (null: none). */
  readonly before: ReadonlyMap<string, string | null>;
  /**
   * Tickers whose row of that day, if there is one, is ours whatever it says: looked up before, without a
   * copy to compare with.
   */
  readonly ours: (ticker: string) => boolean;
  /** Tickers whose row was found to be the user's before. */
  readonly users: ReadonlySet<string>;
  /** Tickers whose row may have to go although the day holds no bar of them. */
  readonly maybeGone: readonly string[];
  /** Whether a row stays that is ours by `ours` alone, where the day holds no bar. */
  readonly keepsBarless?: boolean;
}

export interface DayOfTicker {
  readonly from: PendingDay;
  /** As in Row; of a block its mark. */
  readonly values: string | undefined;
  /** Which of the day's taken rows it is. */
  readonly row?: number;
}

/**
 * The pending rows ticker by ticker, in ascending bytes; behind them the tickers that no day holds any more.
 */
export function* byTicker(
  pending: readonly PendingDay[],
  isLine: boolean,
): Generator<{ readonly ticker: string; readonly days: readonly DayOfTicker[] }> {
  const gone = goneByTicker(pending);
  for (const { ticker, rows } of mergedTickers(pending.map(({ taken }) => taken))) {
    const without = new Set(gone.get(ticker));
    gone.delete(ticker);
    const days: DayOfTicker[] = [];
    for (const [d, from] of pending.entries()) {
      const row = rows[d] as number;
      if (row < 0) continue;
      days.push({ from, values: valuesOf(from.taken, row, isLine), row });
      without.delete(from);
    }
    for (const from of without) days.push({ from, values: undefined });
    yield { ticker, days };
  }
  for (const [ticker, days] of gone)
    yield { ticker, days: days.map((from) => ({ from, values: undefined })) };
}

function goneByTicker(pending: readonly PendingDay[]): Map<string, PendingDay[]> {
  const gone = new Map<string, PendingDay[]>();
  for (const day of pending) {
    for (const ticker of day.maybeGone) {
      const days = gone.get(ticker);
      if (days === undefined) gone.set(ticker, [day]);
      else days.push(day);
    }
  }
  return gone;
}

/** Of a block that the rows hold themselves, its mark. */
function valuesOf(taken: TakenLines, row: number, isLine: boolean): string {
  const values = rowValues(taken, row);
  return isLine || taken.lines !== undefined ? values : markOf(values);
}
