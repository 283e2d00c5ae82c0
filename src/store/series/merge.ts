/**
 * What becomes of a series when the archive has something to say about some of its days: a pure merge, never
 * an append. A row that barloom did not write is the user's and stays, whatever the vendor says; differences
 * are reported, not settled.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Row } from './row.js';

/** The archive's word on a day of one ticker. */
export interface SeriesUpdate {
  readonly day: IsoDay;
  /** As in Row; undefined: the vendor has no bar of that ticker on that day. */
  readonly values: string | undefined;
  /** Whether a row that the file already has for that day is barloom's own, so that the archive wins. */
  readonly ours: boolean;
}

export type Outcome = 'nothing' | 'added' | 'unchanged' | 'corrected' | 'kept' | 'removed';

/**
 * A day on which the file and the archive disagree (or did): before is the file's row, archive the vendor's.
 */
export interface Difference {
  readonly day: IsoDay;
  readonly outcome: 'corrected' | 'kept' | 'removed';
  readonly before: string;
  readonly archive: string | undefined;
}

export interface MergeCounts {
  readonly added: number;
  readonly unchanged: number;
  readonly corrected: number;
  readonly kept: number;
  readonly removed: number;
}

export interface MergedSeries {
  /** Ascending, each day once; `existing` itself where nothing changed. */
  readonly rows: readonly Row[];
  /** Whether the file has to be written. */
  readonly changed: boolean;
  readonly counts: MergeCounts;
  /** Ascending. */
  readonly differences: readonly Difference[];
}

/**
 * | the file's row | the vendor's bar | ours | outcome   |
 * |----------------|------------------|------|-----------|
 * | none           | none             | any  | nothing   |
 * | none           | a bar            | any  | added     |
 * | a row          | the same         | any  | unchanged |
 * | a row          | another          | yes  | corrected |
 * | a row          | another          | no   | kept      |
 * | a row          | none             | yes  | removed   |
 * | a row          | none             | no   | kept      |
 */
export function classify(existing: string | undefined, update: Omit<SeriesUpdate, 'day'>): Outcome {
  if (existing === undefined) return update.values === undefined ? 'nothing' : 'added';
  if (existing === update.values) return 'unchanged';
  if (!update.ours) return 'kept';
  return update.values === undefined ? 'removed' : 'corrected';
}

/**
 * `existing` ascending, each day once; `updates` in any order, of which the last for a day counts. `report`
 * hears of every update's outcome, ascending.
 */
export function mergeRows(
  existing: readonly Row[],
  updates: readonly SeriesUpdate[],
  report?: (day: IsoDay, outcome: Outcome) => void,
): MergedSeries {
  const counts = { nothing: 0, added: 0, unchanged: 0, corrected: 0, kept: 0, removed: 0 };
  const rows: Row[] = [];
  const differences: Difference[] = [];
  let next = 0;
  for (const update of ascending(updates)) {
    for (let row = existing[next]; row !== undefined && row.day < update.day; row = existing[++next])
      rows.push(row);
    const candidate = existing[next];
    const row = candidate?.day === update.day ? candidate : undefined;
    if (row !== undefined) next++;

    const outcome = classify(row?.values, update);
    counts[outcome]++;
    report?.(update.day, outcome);
    if (outcome === 'added' || outcome === 'corrected') {
      if (update.values !== undefined) rows.push({ day: update.day, values: update.values });
    } else if (row !== undefined && outcome !== 'removed') {
      rows.push(row);
    }
    if (row !== undefined && (outcome === 'corrected' || outcome === 'kept' || outcome === 'removed')) {
      differences.push({ day: row.day, outcome, before: row.values, archive: update.values });
    }
  }
  const { nothing: _, ...done } = counts;
  if (done.added + done.corrected + done.removed === 0) {
    return { rows: existing, changed: false, counts: done, differences };
  }
  for (let row = existing[next]; row !== undefined; row = existing[++next]) rows.push(row);
  return { rows, changed: true, counts: done, differences };
}

/** By day, the last for each. Days come newest first or in order as a rule, which a sort sees at once. */
function ascending(updates: readonly SeriesUpdate[]): readonly SeriesUpdate[] {
  if (updates.every((update, i) => i === 0 || (updates[i - 1]?.day ?? '') < update.day)) return updates;
  return updates
    .toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
    .filter((update, i, sorted) => sorted[i + 1]?.day !== update.day);
}
