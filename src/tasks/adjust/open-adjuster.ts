/** What show and export adjust with: the actions and owners of the tickers that were asked for, read once. */

import type { AdjustNote } from '#market/adjust/actions.js';
import { type Adjustment, adjustedBar } from '#market/adjust/adjusted-bar.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { dayIn } from '#market/calendar/zone.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { Ownership } from '#market/tickers/owners.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { Duck } from '#store/lake/duckdb.js';
import type { Row } from '#store/series/row.js';
import { followedActions } from '#tasks/identity/follow.js';
import { ownersIn, readIdentity } from '#tasks/identity/read-identity.js';
import { adjustedRows } from './adjuster.js';
import { readActions } from './read-actions.js';

export interface Adjuster {
  /** `rows`: the ticker's whole history, ascending. */
  rowsOf(ticker: string, rows: Iterable<Row>): readonly Row[];
  /** What was told so far. */
  readonly notes: readonly TickerNote[];
}

export interface TickerNote {
  readonly ticker: string;
  readonly note: AdjustNote;
}

export interface AdjustRequest {
  readonly layout: FolderLayout;
  readonly dataset: Dataset;
  readonly tickers: readonly string[];
  readonly by: Adjustment;
  /** Of a ticker whose company is followed over its names: these. */
  readonly names?: ReadonlyMap<string, readonly Ownership[]> | undefined;
  /** Undefined: as of now. */
  readonly asOf: IsoDay | undefined;
  readonly now: Date;
}

/** Many tickers are read with all others: a list of thousands of names is slower than no list. */
const MANY = 500;

export async function openAdjuster(
  { layout, dataset, tickers, names, by, asOf, now }: AdjustRequest,
  duck: Duck,
): Promise<Adjuster> {
  const all = [...tickers, ...[...(names?.values() ?? [])].flat().map(({ ticker }) => ticker)];
  const wanted = all.length > MANY ? undefined : all;
  const actions = await readActions(layout, wanted, duck, asOf);
  // Only what has an event can be an owner's.
  const identity = await readIdentity(
    layout,
    tickers.filter((ticker) => actions.has(ticker)),
    duck,
    asOf,
  );
  const day = asOf ?? dayIn(dataset.publication.timeZone, now);
  const notes: TickerNote[] = [];
  const whose = (ticker: string) => {
    const owners = ownersIn(identity, ticker);
    const followed = names?.get(ticker) ?? [];
    return followed.length === 0
      ? { actions: actions.get(ticker), owners }
      : { actions: followedActions(followed, owners, (name) => actions.get(name)), owners: [] };
  };
  return {
    notes,
    rowsOf: (ticker, rows) => {
      const adjusted = adjustedRows(
        {
          rows: [...rows],
          ...whose(ticker),
          asOf: day,
          calendar: dataset.calendar,
          isNow: asOf === undefined,
        },
        (values, factors) => adjustedBar(values, factors, by),
      );
      for (const note of adjusted.notes) notes.push({ ticker, note });
      return adjusted.rows;
    },
  };
}
