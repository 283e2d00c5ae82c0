/**
 * What progress.json records of series that came out of the archive. What is recorded already is not recorded
 * again.
 */

import { splitCorrections } from '#ingest/series/corrections.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import {
  type DatasetProgress,
  type DayRecord,
  isLookedUp,
  type SeriesRecord,
  withUsers,
} from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';
import type { DayTickers } from './archive-rows.js';

export function seriesStep(
  dataset: Dataset,
  known: DatasetProgress,
  files: Readonly<Record<string, SeriesRecord>>,
): Step[] {
  const news = Object.entries(files).filter(([ticker, { size, mtimeMs, seen }]) => {
    const before = known.series.get(ticker);
    return before?.size !== size || before.mtimeMs !== mtimeMs || before.seen !== seen;
  });
  return news.length === 0
    ? []
    : [{ step: 'series', dataset: dataset.name, files: Object.fromEntries(news) }];
}

/** `forgotten`: tickers of whom nothing is known any more, whatever `known` says. */
export function lookedUp(
  dataset: Dataset,
  known: DatasetProgress,
  days: readonly DayTickers[],
  forgotten: ReadonlySet<string>,
): Step[] {
  const byTickers = new Map<readonly string[], IsoDay[]>();
  for (const { day, tickers } of days) {
    if (tickers.every((ticker) => !forgotten.has(ticker) && isLookedUp(known, ticker, day))) continue;
    const on = byTickers.get(tickers);
    if (on === undefined) byTickers.set(tickers, [day]);
    else on.push(day);
  }
  return [...byTickers].map(([tickers, on]) => ({
    step: 'looked-up',
    dataset: dataset.name,
    tickers,
    days: on,
  }));
}

export interface ArchiveWon {
  readonly days: readonly IsoDay[];
  readonly isRebuilt: (ticker: string) => boolean;
  /** By day, the tickers whose row is the user's, and stayed. */
  readonly users: ReadonlyMap<IsoDay, ReadonlySet<string>>;
}

/**
 * Corrections that wait for the rebuilt tickers are done, and no other row of theirs is the user's: the
 * series now say what the archive does.
 */
export function finishedCorrections(
  dataset: Dataset,
  known: DatasetProgress,
  { days, isRebuilt, users: stayed }: ArchiveWon,
): Step[] {
  return days.flatMap((day): Step[] => {
    const record = known.days.get(day);
    if (record === undefined) return [];
    const { now: done, later } = splitCorrections(record.correct, isRebuilt);
    const others = record.users?.filter((ticker) => !isRebuilt(ticker)) ?? [];
    const users = new Set([...others, ...(stayed.get(day) ?? [])]);
    if (done.size === 0 && sameUsers(record.users, users)) return [];
    const { correct: _, ...rest } = record;
    return [{ step: 'day', dataset: dataset.name, day, record: withUsers({ ...rest, ...later }, users) }];
  });
}

export function sameUsers(before: DayRecord['users'] = [], users: ReadonlySet<string>): boolean {
  return before.length === users.size && before.every((ticker) => users.has(ticker));
}
