/**
 * What the series may still hold of a file that the vendor has replaced: bars as they stood before, by
 * ticker. Pure. Corrections of tickers that are wanted are made now; those of others stay recorded until they
 * are.
 */
import { isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import type { DayRecord } from '#store/ledger/model.js';
import { isMark, markOf } from '#store/series/series-blocks.js';

/** By ticker; null: there was no bar. */
export type Corrections = NonNullable<DayRecord['correct']>;

/**
 * An earlier correction that was not finished comes first: the series still hold what stood before that one.
 */
export function correctionsOf(
  bars: ReadonlyMap<string, { readonly before: string | null }> | undefined,
  unfinished: DayRecord['correct'],
  concerns: (ticker: string) => boolean,
): Corrections {
  const found: Record<string, string | null> = Object.create(null) as Record<string, string | null>;
  for (const [ticker, { before }] of bars ?? []) if (concerns(ticker)) found[ticker] = before;
  return Object.assign(found, unfinished);
}

/** As a record keeps them: not at all where there are none. */
export function recorded(corrections: Corrections): Pick<DayRecord, 'correct'> {
  return Object.keys(corrections).length === 0 ? {} : { correct: corrections };
}

/** What a record keeps of a day's row: the bar itself, or of a block of lines its mark. */
export function recordedRow(values: string, form: SeriesForm): string {
  return isLineADay(form) || isMark(values) ? values : markOf(values);
}

export function splitCorrections(
  all: DayRecord['correct'],
  isWanted: (ticker: string) => boolean,
): { readonly now: ReadonlyMap<string, string | null>; readonly later: Pick<DayRecord, 'correct'> } {
  const entries = Object.entries(all ?? {});
  return {
    now: new Map(entries.filter(([ticker]) => isWanted(ticker))),
    later: recorded(Object.fromEntries(entries.filter(([ticker]) => !isWanted(ticker)))),
  };
}
