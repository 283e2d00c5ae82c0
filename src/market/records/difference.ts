/**
 * What a file that the vendor replaced says otherwise than the one before: bars added, removed, changed, and
 * the largest change.
 */
import { type DayIndex, inOrder, lastBar, tickerGroups, tickerOf } from './day-index.js';

export interface DayDifference {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** The bar whose close changed most; undefined where none did. */
  readonly largest:
    | { readonly ticker: string; readonly closeBefore: string; readonly closeAfter: string }
    | undefined;
}

/** Values by ticker where the two differ; null: no bar. */
export type ChangedBars = ReadonlyMap<
  string,
  { readonly before: string | null; readonly after: string | null }
>;

export function compareDays(
  before: DayIndex,
  after: DayIndex,
): { readonly difference: DayDifference; readonly bars: ChangedBars } {
  const old = allBars(before);
  const bars = new Map<string, { before: string | null; after: string | null }>();
  const counts = { added: 0, removed: 0, changed: 0 };
  let largest: DayDifference['largest'];
  let largestRatio = 0;
  for (const [ticker, values] of allBars(after)) {
    const previous = old.get(ticker);
    old.delete(ticker);
    if (previous === values) continue;
    bars.set(ticker, { before: previous ?? null, after: values });
    if (previous === undefined) {
      counts.added++;
      continue;
    }
    counts.changed++;
    const [closeBefore, closeAfter] = [close(previous), close(values)];
    const ratio = Math.abs(Math.log(Number(closeAfter) / Number(closeBefore)));
    if (ratio > largestRatio) {
      largestRatio = ratio;
      largest = { ticker, closeBefore, closeAfter };
    }
  }
  for (const [ticker, values] of old) {
    counts.removed++;
    bars.set(ticker, { before: values, after: null });
  }
  return { difference: { ...counts, largest }, bars };
}

function allBars(index: DayIndex): Map<string, string> {
  const bars = new Map<string, string>();
  for (const { from, to } of tickerGroups(index)) {
    const { values } = lastBar(index, from, to);
    if (values !== undefined) bars.set(tickerOf(index, inOrder(index, from)), values);
  }
  return bars;
}

function close(values: string): string {
  return values.split(',')[3] ?? '';
}
