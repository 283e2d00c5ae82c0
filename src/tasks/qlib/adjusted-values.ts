/**
 * What Qlib's values are multiplied with, as of the calendar's last day, and a mark of what happened to a
 * ticker until then: another mark, and its files are to be made anew.
 */
import type { Adjustment } from '#market/adjust/adjusted-bar.js';
import { stepOn } from '#market/adjust/factors.js';
import { approximate, dividedBy, ONE, times } from '#market/adjust/fraction.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { Duck } from '#store/lake/duckdb.js';
import { factorSteps } from '#tasks/adjust/adjuster.js';
import { eventsMark } from '#tasks/adjust/events-mark.js';
import { readActions } from '#tasks/adjust/read-actions.js';
import { ownersIn, readIdentity } from '#tasks/identity/read-identity.js';

export interface DayFactor {
  readonly price: number;
  /** By splits alone. */
  readonly volume: number;
}

export interface AdjustedValues {
  /** Of the tickers to which something happened. */
  readonly marks: ReadonlyMap<string, string>;
  /** Of each day that has a close, ascending; undefined where nothing is to be adjusted. */
  factorsOf(
    ticker: string,
    days: readonly IsoDay[],
    closes: readonly number[],
  ): readonly DayFactor[] | undefined;
}

export async function openAdjustedValues(
  {
    layout,
    dataset,
    tickers,
    by,
    asOf,
  }: {
    readonly layout: FolderLayout;
    readonly dataset: Dataset;
    readonly tickers: readonly string[] | undefined;
    readonly by: Adjustment;
    readonly asOf: IsoDay;
  },
  duck: Duck,
): Promise<AdjustedValues> {
  const all = await readActions(layout, tickers, duck);
  const actions = new Map(
    [...all].map(([ticker, own]) => [ticker, by === 'all' ? own : { ...own, dividends: [] }] as const),
  );
  const owners = ownersIn(await readIdentity(layout, [...actions.keys()], duck));
  const marks = new Map<string, string>();
  for (const [ticker, own] of actions) {
    const mark = eventsMark(own, [], asOf);
    if (mark !== '') marks.set(ticker, eventsMark(own, owners(ticker), asOf));
  }
  return {
    marks,
    factorsOf: (ticker, days, closes) => {
      if (!marks.has(ticker)) return undefined;
      const { steps } = factorSteps({
        closes: days.map((day, i) => ({ day, close: String(closes[i]) })),
        actions: actions.get(ticker),
        owners: owners(ticker),
        asOf,
        calendar: dataset.calendar,
      });
      const made = new Map(
        steps.map((step) => [
          step.from,
          {
            price: approximate(times(step.splits, step.dividends)),
            volume: approximate(dividedBy(ONE, step.splits)),
          },
        ]),
      );
      return days.map((day) => made.get(stepOn(steps, day).from) ?? { price: 1, volume: 1 });
    },
  };
}
