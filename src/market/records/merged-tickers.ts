/** Many days' bars ticker by ticker, in ascending bytes: a merge of the days, each of which is sorted. */
import { compareSpans } from './bytes.js';
import { rowCount, type TakenRows } from './taken-rows.js';

/** Calls `tell` for each ticker with its row in each day, -1 where there is none; the array is reused. */
export function mergeTickers(
  days: readonly TakenRows[],
  tell: (ticker: string, rows: Int32Array) => void,
): void {
  const cursors = new Int32Array(days.length);
  const rows = new Int32Array(days.length);
  for (;;) {
    const lowest = lowestCursor(days, cursors);
    if (lowest < 0) return;
    const reference = days[lowest] as TakenRows;
    const at = cursors[lowest] as number;
    for (let d = 0; d < days.length; d++) {
      const taken = days[d] as TakenRows;
      const i = cursors[d] as number;
      // Earlier days have no such ticker: it is the lowest of all that stand at a cursor.
      const has =
        d === lowest || (d > lowest && i < rowCount(taken) && compareTickers(taken, i, reference, at) === 0);
      rows[d] = has ? i : -1;
      if (has) cursors[d] = i + 1;
    }
    tell(tickerAt(reference, at), rows);
  }
}

function lowestCursor(days: readonly TakenRows[], cursors: Int32Array): number {
  let lowest = -1;
  for (let d = 0; d < days.length; d++) {
    const taken = days[d] as TakenRows;
    const i = cursors[d] as number;
    if (i >= rowCount(taken)) continue;
    const least = lowest < 0 ? undefined : (days[lowest] as TakenRows);
    if (least === undefined || compareTickers(taken, i, least, cursors[lowest] as number) < 0) lowest = d;
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

function tickerAt(rows: TakenRows, i: number): string {
  return Buffer.from(rows.bytes.buffer, rows.bytes.byteOffset, rows.bytes.byteLength).toString(
    'utf8',
    startOf(rows, i),
    rows.ends[2 * i],
  );
}
