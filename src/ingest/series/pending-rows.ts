/** The rows of many days on their way into the series, ticker by ticker. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { compareSpans } from '#market/records/bytes.js';
import { rowCount, rowTicker, rowValues } from '#market/records/taken-rows.js';
import { markOf } from '#store/series/series-blocks.js';
import type { SpooledRows } from './taken-lines.js';

/** One day's bars on their way into the series. */
export interface PendingDay {
  readonly day: IsoDay;
  readonly taken: SpooledRows;
  /** Bars as they stood in the file that the vendor replaced, where they changed (null: none). */
  readonly before: ReadonlyMap<string, string | null>;
  /** Tickers whose row of that day, if there is one, is ours whatever it says: looked up before, without a copy to compare with. */
  readonly ours: (ticker: string) => boolean;
  /** Tickers whose row was found to be the user's before. */
  readonly users: ReadonlySet<string>;
  /** Tickers whose row may have to go although the day holds no bar of them. */
  readonly maybeGone: readonly string[];
}

export interface DayOfTicker {
  readonly from: PendingDay;
  /** As in Row; of a block its mark. */
  readonly values: string | undefined;
  /** Which of the day's taken rows it is. */
  readonly row?: number;
}

/** The pending rows ticker by ticker, in ascending bytes: a merge of the days, each of which is sorted. */
export function* byTicker(
  pending: readonly PendingDay[],
  isLine: boolean,
): Generator<{ readonly ticker: string; readonly days: readonly DayOfTicker[] }> {
  const gone = new Map<string, PendingDay[]>();
  for (const day of pending) {
    for (const ticker of day.maybeGone) {
      const days = gone.get(ticker);
      if (days === undefined) gone.set(ticker, [day]);
      else days.push(day);
    }
  }
  const cursors = pending.map(() => 0);
  for (;;) {
    let lowest = -1;
    for (let d = 0; d < pending.length; d++) {
      if ((cursors[d] as number) >= rowCount((pending[d] as PendingDay).taken)) continue;
      if (lowest < 0 || compareRows(pending, cursors, d, lowest) < 0) lowest = d;
    }
    if (lowest < 0) break;
    const ticker = rowTicker((pending[lowest] as PendingDay).taken, cursors[lowest] as number);
    const days: DayOfTicker[] = [];
    for (let d = 0; d < pending.length; d++) {
      const from = pending[d] as PendingDay;
      const at = cursors[d] as number;
      if (at >= rowCount(from.taken)) continue;
      if (d !== lowest && compareRows(pending, cursors, d, lowest) !== 0) continue;
      if (d !== lowest) cursors[d] = at + 1;
      days.push({ from, values: valuesOf(from.taken, at, isLine), row: at });
    }
    cursors[lowest] = (cursors[lowest] as number) + 1;
    const withBar = new Set(days.map(({ from }) => from));
    for (const from of gone.get(ticker) ?? []) if (!withBar.has(from)) days.push({ from, values: undefined });
    gone.delete(ticker);
    yield { ticker, days };
  }
  for (const [ticker, days] of gone)
    yield { ticker, days: days.map((from) => ({ from, values: undefined })) };
}

/** Of a block that the rows hold themselves, its mark. */
function valuesOf(taken: SpooledRows, row: number, isLine: boolean): string {
  const values = rowValues(taken, row);
  return isLine || taken.spool !== undefined ? values : markOf(values);
}

function compareRows(
  pending: readonly PendingDay[],
  cursors: readonly number[],
  a: number,
  b: number,
): number {
  const left = (pending[a] as PendingDay).taken;
  const right = (pending[b] as PendingDay).taken;
  const i = cursors[a] as number;
  const j = cursors[b] as number;
  const leftStart = i === 0 ? 0 : (left.ends[2 * i - 1] as number);
  const rightStart = j === 0 ? 0 : (right.ends[2 * j - 1] as number);
  return compareSpans(
    left.bytes,
    leftStart,
    left.ends[2 * i] as number,
    right.bytes,
    rightStart,
    right.ends[2 * j] as number,
  );
}
