/**
 * The rows of many days ticker by ticker, in ascending bytes: a merge of the days, each of which is sorted.
 */
import { compareSpans } from './bytes.js';
import { rowCount, rowTicker, type TakenRows } from './taken-rows.js';

export interface TickerRows {
  readonly ticker: string;
  /** The row in each day, -1 where the day has none. The array is the same each time, with other numbers. */
  readonly rows: Int32Array;
}

export function* mergedTickers(days: readonly TakenRows[]): Generator<TickerRows, void> {
  // The next row of each day.
  const cursors = new Int32Array(days.length);
  const rows = new Int32Array(days.length);
  for (;;) {
    const lowest = findLowest(days, cursors, rows);
    if (lowest < 0) return;
    for (let d = lowest; d < days.length; d++) if ((rows[d] as number) >= 0) (cursors[d] as number)++;
    yield { ticker: rowTicker(days[lowest] as TakenRows, rows[lowest] as number), rows };
  }
}

/**
 * Fills `rows` for the lowest ticker at any cursor. Returns the first day that has it, -1 where no day has
 * rows left.
 */
function findLowest(days: readonly TakenRows[], cursors: Int32Array, rows: Int32Array): number {
  let lowest = -1;
  for (let d = 0; d < days.length; d++) {
    const day = days[d] as TakenRows;
    const i = cursors[d] as number;
    rows[d] = -1;
    if (i >= rowCount(day)) continue;
    const order =
      lowest < 0 ? -1 : compareTickers(day, i, days[lowest] as TakenRows, cursors[lowest] as number);
    if (order > 0) continue;
    rows[d] = i;
    if (order === 0) continue;
    // The days before have another, higher ticker.
    if (lowest >= 0) rows.fill(-1, lowest, d);
    lowest = d;
  }
  return lowest;
}

function compareTickers(a: TakenRows, i: number, b: TakenRows, j: number): number {
  const aEnd = a.ends[2 * i] as number;
  const bEnd = b.ends[2 * j] as number;
  return compareSpans(a.bytes, startOf(a, i), aEnd, b.bytes, startOf(b, j), bEnd);
}

function startOf(rows: TakenRows, i: number): number {
  return i === 0 ? 0 : (rows.ends[2 * i - 1] as number);
}
