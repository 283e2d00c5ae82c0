/** What show and export adjust with: the actions and owners of the tickers that were asked for, read once. */

import type { Actions, AdjustNote } from '#market/adjust/actions.js';
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
import { indexedTickers } from './event-index.js';
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
  duck: () => Promise<Duck>,
): Promise<Adjuster> {
  const all = [...tickers, ...[...(names?.values() ?? [])].flat().map(({ ticker }) => ticker)];
  const { actionsOf, ownersOf } =
    (asOf === undefined ? indexed(layout, all) : undefined) ??
    (await fromTables({ layout, tickers, asOf }, all, await duck()));
  const day = asOf ?? dayIn(dataset.publication.timeZone, now);
  const notes: TickerNote[] = [];
  const whose = (ticker: string) => {
    const owners = ownersOf(ticker);
    const followed = names?.get(ticker) ?? [];
    return followed.length === 0
      ? { actions: actionsOf(ticker), owners }
      : { actions: followedActions(followed, owners, actionsOf), owners: [] };
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

interface Events {
  actionsOf(ticker: string): Actions | undefined;
  ownersOf(ticker: string): readonly Ownership[];
}

/** Undefined where the index is not of the tables. */
function indexed(layout: FolderLayout, tickers: readonly string[]): Events | undefined {
  const known = indexedTickers(layout, tickers);
  if (known === undefined) return undefined;
  return {
    actionsOf: (ticker) => known.get(ticker)?.actions,
    ownersOf: (ticker) => known.get(ticker)?.owners.map(({ owner }) => owner) ?? [],
  };
}

async function fromTables(
  { layout, tickers, asOf }: Pick<AdjustRequest, 'layout' | 'tickers' | 'asOf'>,
  all: readonly string[],
  duck: Duck,
): Promise<Events> {
  const actions = await readActions(layout, all.length > MANY ? undefined : all, duck, asOf);
  // Only what has an event can be an owner's.
  const own = tickers.filter((ticker) => actions.has(ticker));
  return {
    actionsOf: (ticker) => actions.get(ticker),
    ownersOf: ownersIn(await readIdentity(layout, own, duck, asOf)),
  };
}
