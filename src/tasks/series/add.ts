/**
 * add: tickers out of the archive into series of their own, without the network. Only days on which a ticker
 * was not looked up yet are read, and of those only the members that can hold it. A row that a file has
 * already stays.
 */

import { tickersToLookUp } from '#ingest/plan/to-look-up.js';
import { checkSeries } from '#ingest/series/series-check.js';
import { seriesTarget } from '#ingest/series/series-target.js';
import type { DayCounts } from '#ingest/series/series-writer.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { rowCount, rowTicker } from '#market/records/taken-rows.js';
import { type Replacement, replaceFiles } from '#platform/disk/durable.js';
import type { DataFolder } from '#store/folder/open.js';
import type { Step } from '#store/ledger/steps.js';
import type { CoveredDay } from '#tasks/coverage/cover.js';
import { addRange, type DayRange, missingSessions, recordedDays } from './add-range.js';
import {
  type ArchiveRows,
  type DamagedDay,
  type DayTickers,
  type FolderDataset,
  withArchiveRows,
} from './archive-rows.js';
import { isMany } from './is-many.js';
import { total, type WriteContext, type WrittenSeries, writeRows } from './write-rows.js';

export interface AddRequest {
  readonly dataset: Dataset;
  readonly tickers: readonly string[];
  /** Those among them that are tracked already: they are looked up also where no day holds them. */
  readonly tracked: ReadonlySet<string>;
  /** Undefined: all that the archive holds; without a start, from its first day on. */
  readonly range: { readonly start: IsoDay | undefined; readonly end: IsoDay } | undefined;
  /** tracked.txt as it has to be for these tickers; undefined: it stays. */
  readonly track: (tickers: readonly string[]) => Replacement | undefined;
}

export interface AddContext extends WriteContext {
  readonly accepted: ReadonlyMap<IsoDay, string>;
  /** Worker threads, for thousands of tickers at once. */
  readonly workers: number;
}

export interface AddedTicker {
  readonly ticker: string;
  readonly was_tracked: boolean;
  /** Bars that were read for it now; null where so many tickers were added that nobody counted. */
  readonly bars: number | null;
  readonly first: IsoDay | null;
  readonly last: IsoDay | null;
}

export interface AddResult {
  /** What was asked for, or what the archive holds; undefined: it holds no day. */
  readonly range: DayRange | undefined;
  /** Days of the archive in the range, and those of them that were read. */
  readonly days: { readonly archived: number; readonly read: number };
  /** Days that progress.json says the archive holds. */
  readonly recorded: number;
  readonly tickers: readonly AddedTicker[];
  /** Tickers that no day of the archive holds; they were not tracked. */
  readonly unknown: readonly string[];
  /** Sessions of the range that the archive has not, but for those not published yet. */
  readonly missing: readonly CoveredDay[];
  readonly ticker_days: DayCounts;
  readonly kept: WrittenSeries['kept'];
  readonly damaged: readonly DamagedDay[];
}

/** Under the lock. Throws the disk's error, or the signal's reason. */
export async function addTickers(
  folder: DataFolder,
  request: AddRequest,
  context: AddContext,
): Promise<AddResult> {
  const { dataset, tickers, tracked } = request;
  const of = { folder, dataset };
  const archived = folder.archive(dataset).days();
  const range = await addRange(of, request.range, context.now);
  if (range === undefined) {
    // Nothing can be said of any ticker: they are tracked, and get their rows when there are some.
    await track(request, tickers);
    return { ...NOTHING, tickers: tickers.map((ticker) => added(ticker, tracked, undefined)) };
  }
  const inRange = archived.filter((day) => day >= range.start && day <= range.end);
  await forgetChanged(of, tickers, context);
  const wanted = daysToLookUp(of, tickers, inRange);
  const lookedFor = wanted.reduce((most, day) => Math.max(most, day.tickers.length), 0);
  const adding: Adding = { ...of, request, archived, context };
  const result = isMany(lookedFor, wanted.length)
    ? await addMany(adding, wanted)
    : await withArchiveRows(of, wanted, context.signal, (rows) => addFew(adding, rows));
  return {
    range,
    days: { archived: inRange.length, read: wanted.length },
    recorded: recordedDays(of),
    missing: await missingSessions(of, range, inRange, context),
    ...result,
  };
}

/** An add under way. */
interface Adding extends FolderDataset {
  readonly request: AddRequest;
  /** All days of the archive. */
  readonly archived: readonly IsoDay[];
  readonly context: AddContext;
}

type Added = Pick<AddResult, 'tickers' | 'unknown' | 'ticker_days' | 'kept' | 'damaged'>;

const NOTHING: AddResult = {
  range: undefined,
  days: { archived: 0, read: 0 },
  recorded: 0,
  tickers: [],
  unknown: [],
  missing: [],
  ticker_days: total([]),
  kept: new Map(),
  damaged: [],
};

async function addFew(adding: Adding, rows: ArchiveRows): Promise<Added> {
  const { request, context } = adding;
  const unknown = await unknownTickers(adding, rows);
  const found = request.tickers.filter((ticker) => !unknown.has(ticker));
  const rules = { archiveWins: false, tidy: false, also: request.track(found) };
  const written = await writeRows(adding, withoutTickers(rows, unknown), rules, context);
  const bars = barsOf(rows);
  return {
    tickers: found.map((ticker) => added(ticker, request.tracked, bars.get(ticker) ?? { bars: 0 })),
    unknown: [...unknown],
    ticker_days: written.counts,
    kept: written.kept,
    damaged: rows.damaged,
  };
}

/** Thousands of tickers: one pass over the archive, in which it is seen which of them there are. */
async function addMany(adding: Adding, wanted: readonly DayTickers[]): Promise<Added> {
  const { request, context } = adding;
  const { rebuildMany } = await import('./rebuild-many.js');
  const days = wanted.map(({ day }) => day);
  const tickers = [...new Set(wanted.flatMap((day) => day.tickers))];
  const written = await rebuildMany(adding, { tickers, days, archiveWins: false }, context);
  const unknown = await unknownTickers(adding, { days: [], seen: written.seen, damaged: [] });
  const found = request.tickers.filter((ticker) => !unknown.has(ticker));
  await track(request, found);
  return {
    tickers: found.map((ticker) => added(ticker, request.tracked, undefined)),
    unknown: [...unknown],
    ticker_days: written.counts,
    kept: written.kept,
    damaged: written.damaged,
  };
}

async function track(request: AddRequest, tickers: readonly string[]): Promise<void> {
  const write = request.track(tickers);
  if (write !== undefined) await replaceFiles([write]);
}

/** A file that somebody changed or removed is looked at again from the archive. */
async function forgetChanged(
  { folder, dataset }: FolderDataset,
  tickers: readonly string[],
  { now, emit }: AddContext,
): Promise<void> {
  const known = folder.known(dataset);
  const target = seriesTarget(folder, dataset, now);
  const { forget, finished, notes } = await checkSeries(tickers, known, target, false);
  for (const note of notes) emit(note);
  const steps: Step[] = [];
  if (forget.length > 0) steps.push({ step: 'forget', dataset: dataset.name, tickers: forget });
  if (Object.keys(finished).length > 0)
    steps.push({ step: 'series', dataset: dataset.name, files: finished });
  if (steps.length > 0) await folder.progress.record(steps);
}

/** The days on which some of the tickers are to be looked up yet. */
function daysToLookUp(
  { folder, dataset }: FolderDataset,
  tickers: readonly string[],
  days: readonly IsoDay[],
): readonly DayTickers[] {
  const toLookUpOn = tickersToLookUp(folder.known(dataset), tickers);
  return days.flatMap((day) => {
    const some = toLookUpOn(day);
    return some.length === 0 ? [] : [{ day, tickers: some }];
  });
}

/** Tickers that are neither tracked, nor in what was read, nor in any other day of the archive. */
async function unknownTickers(adding: Adding, rows: ArchiveRows): Promise<ReadonlySet<string>> {
  const { folder, dataset, request, archived, context } = adding;
  const known = folder.known(dataset);
  const unseen = request.tickers.filter(
    (ticker) =>
      !request.tracked.has(ticker) && !rows.seen.has(ticker) && known.series.get(ticker)?.seen !== true,
  );
  // Without an archive nobody can say which tickers there are.
  if (unseen.length === 0 || archived.length === 0) return new Set();
  const done = new Set(rows.days.map(({ day }) => day));
  const others = archived.filter((day) => !done.has(day)).map((day) => ({ day, tickers: unseen }));
  return withArchiveRows(
    adding,
    others,
    context.signal,
    async ({ seen }) => new Set(unseen.filter((ticker) => !seen.has(ticker))),
  );
}

function withoutTickers(rows: ArchiveRows, left: ReadonlySet<string>): ArchiveRows {
  if (left.size === 0) return rows;
  const lists = new Map<readonly string[], readonly string[]>();
  const days = rows.days.flatMap((day) => {
    const tickers = lists.get(day.tickers) ?? day.tickers.filter((ticker) => !left.has(ticker));
    lists.set(day.tickers, tickers);
    return tickers.length === 0 ? [] : [{ ...day, tickers }];
  });
  return { ...rows, days };
}

interface Bars {
  readonly bars: number;
  readonly first?: IsoDay;
  readonly last?: IsoDay;
}

/** `rows` ascending by day. */
function barsOf(rows: ArchiveRows): ReadonlyMap<string, Bars> {
  const found = new Map<string, Bars>();
  for (const { day, taken } of rows.days) {
    for (let i = 0; i < rowCount(taken); i++) {
      const ticker = rowTicker(taken, i);
      const before = found.get(ticker);
      found.set(ticker, { bars: (before?.bars ?? 0) + 1, first: before?.first ?? day, last: day });
    }
  }
  return found;
}

function added(ticker: string, tracked: ReadonlySet<string>, bars: Bars | undefined): AddedTicker {
  return {
    ticker,
    was_tracked: tracked.has(ticker),
    bars: bars?.bars ?? null,
    first: bars?.first ?? null,
    last: bars?.last ?? null,
  };
}
