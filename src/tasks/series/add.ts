/**
 * add: tickers out of the archive into series of their own, without the network. Only days on which a ticker was not looked up yet are
 * read, and of those only the members that can hold it. A row that a file has already stays.
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
import {
  type DamagedDay,
  type FillContext,
  type FillDay,
  type FillResult,
  isMany,
  type ReadDays,
  total,
  withFillDays,
  writeFillDays,
} from './from-archive.js';

export interface AddRequest {
  readonly dataset: Dataset;
  readonly tickers: readonly string[];
  /** Those among them that are tracked already: they are filled also where no day holds them. */
  readonly tracked: ReadonlySet<string>;
  /** Undefined: all that the archive holds; without a start, from its first day on. */
  readonly range: { readonly start: IsoDay | undefined; readonly end: IsoDay } | undefined;
  /** tracked.txt as it has to be for these tickers; undefined: it stays. */
  readonly track: (tickers: readonly string[]) => Replacement | undefined;
}

export interface AddContext extends FillContext {
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
  readonly range: { readonly start: IsoDay; readonly end: IsoDay } | undefined;
  /** Days of the archive in the range, and those of them that were read. */
  readonly days: { readonly archived: number; readonly read: number };
  /** Days that progress.json tells the archive to hold. */
  readonly recorded: number;
  readonly tickers: readonly AddedTicker[];
  /** Tickers that no day of the archive holds; they were not tracked. */
  readonly unknown: readonly string[];
  /** Sessions of the range that the archive lacks, but for those not published yet. */
  readonly lacking: readonly CoveredDay[];
  readonly ticker_days: DayCounts;
  readonly kept: FillResult['kept'];
  readonly damaged: readonly DamagedDay[];
}

/** Under the lock. Throws the disk's error, or the signal's reason. */
export async function addTickers(
  folder: DataFolder,
  request: AddRequest,
  context: AddContext,
): Promise<AddResult> {
  const { dataset, tickers, tracked } = request;
  const archive = folder.archive(dataset);
  const archived = archive.days();
  const range = rangeOf(archived, request.range) ?? (await knownRange(folder, dataset, context));
  if (range === undefined) {
    // Nothing can be said of any ticker: they are tracked, and filled when there is something.
    await track(request, tickers);
    return { ...NOTHING, tickers: tickers.map((ticker) => added(ticker, tracked, undefined)) };
  }
  const inRange = archived.filter((day) => day >= range.start && day <= range.end);
  await forgetChanged(folder, dataset, tickers, context);
  const wanted = lackingDays(folder, dataset, tickers, inRange);
  const lookedFor = wanted.reduce((most, day) => Math.max(most, day.tickers.length), 0);
  const filled = isMany(lookedFor, wanted.length)
    ? await addMany(folder, request, wanted, archived, context)
    : await addFew(folder, request, wanted, archived, context);
  return {
    range,
    days: { archived: inRange.length, read: wanted.length },
    recorded: recordedDays(folder, dataset),
    lacking: await lackingSessions(folder, dataset, range, inRange, context),
    ...filled,
  };
}

function recordedDays(folder: DataFolder, dataset: Dataset): number {
  let days = 0;
  for (const { archive, pruned } of folder.known(dataset).days.values())
    if (archive !== undefined && pruned !== true) days++;
  return days;
}

function rangeOf(days: readonly IsoDay[], asked: AddRequest['range']): AddResult['range'] {
  const start = asked?.start ?? days[0];
  const end = asked?.end ?? days.at(-1);
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** A folder without an archive (--no-save-others): the days that progress.json knows. */
async function knownRange(
  folder: DataFolder,
  dataset: Dataset,
  { now }: AddContext,
): Promise<AddResult['range']> {
  const known = folder.known(dataset);
  if (known.days.size === 0) return undefined;
  const { coveredRange } = await import('#tasks/coverage/cover.js');
  return coveredRange({ dataset, known, archived: [], now });
}

/** What of the range the archive does not hold; why that is, is looked into only where there is something. */
async function lackingSessions(
  folder: DataFolder,
  dataset: Dataset,
  { start, end }: { readonly start: IsoDay; readonly end: IsoDay },
  inRange: readonly IsoDay[],
  { accepted, now }: AddContext,
): Promise<readonly CoveredDay[]> {
  const { calendar } = dataset;
  if (calendar.sessions(start, end).length <= inRange.filter(calendar.isSession).length) return [];
  const { coverDays } = await import('#tasks/coverage/cover.js');
  const { stampOf: copyOf } = folder.archive(dataset);
  const facts = { dataset, known: folder.known(dataset), archived: inRange, copyOf, accepted, now };
  return coverDays(start, end, facts).filter(({ copy, state }) => copy === undefined && state !== 'pending');
}

type Filled = Pick<AddResult, 'tickers' | 'unknown' | 'ticker_days' | 'kept' | 'damaged'>;

const NOTHING: AddResult = {
  range: undefined,
  days: { archived: 0, read: 0 },
  recorded: 0,
  tickers: [],
  unknown: [],
  lacking: [],
  ticker_days: total([]),
  kept: new Map(),
  damaged: [],
};

async function addFew(
  folder: DataFolder,
  request: AddRequest,
  wanted: readonly FillDay[],
  archived: readonly IsoDay[],
  context: AddContext,
): Promise<Filled> {
  return withFillDays(folder, request.dataset, wanted, context.signal, (read) =>
    writeFew(folder, request, read, archived, context),
  );
}

async function writeFew(
  folder: DataFolder,
  request: AddRequest,
  read: ReadDays,
  archived: readonly IsoDay[],
  context: AddContext,
): Promise<Filled> {
  const { dataset, tracked } = request;
  const unseen = await unknownOf(folder, request, read, archived, context);
  const found = request.tickers.filter((ticker) => !unseen.has(ticker));
  const also = request.track(found);
  const result = await writeFillDays(
    folder,
    dataset,
    withoutTickers(read, unseen),
    false,
    context,
    also === undefined ? [] : [also],
  );
  const bars = barsOf(read);
  return {
    tickers: found.map((ticker) => added(ticker, tracked, bars.get(ticker) ?? { bars: 0 })),
    unknown: [...unseen],
    ticker_days: result.counts,
    kept: result.kept,
    damaged: read.damaged,
  };
}

/** Thousands of tickers: one pass over the archive, in which it is seen which of them there are. */
async function addMany(
  folder: DataFolder,
  request: AddRequest,
  wanted: readonly FillDay[],
  archived: readonly IsoDay[],
  context: AddContext,
): Promise<Filled> {
  const { dataset, tracked } = request;
  const { fillMany } = await import('./from-archive-many.js');
  const days = wanted.map(({ day }) => day);
  const asked = [...new Set(wanted.flatMap(({ tickers }) => tickers))];
  const result = await fillMany(folder, dataset, asked, days, false, context);
  const nothing = { days: [], seen: result.seen, damaged: [] };
  const unseen = await unknownOf(folder, request, nothing, archived, context);
  const found = request.tickers.filter((ticker) => !unseen.has(ticker));
  await track(request, found);
  return {
    tickers: found.map((ticker) => added(ticker, tracked, undefined)),
    unknown: [...unseen],
    ticker_days: result.counts,
    kept: result.kept,
    damaged: result.damaged,
  };
}

async function track(request: AddRequest, tickers: readonly string[]): Promise<void> {
  const write = request.track(tickers);
  if (write !== undefined) await replaceFiles([write]);
}

/** A file that somebody changed or removed is looked at again from the archive. */
async function forgetChanged(
  folder: DataFolder,
  dataset: Dataset,
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
function lackingDays(
  folder: DataFolder,
  dataset: Dataset,
  tickers: readonly string[],
  days: readonly IsoDay[],
): readonly FillDay[] {
  const lackingOn = tickersToLookUp(folder.known(dataset), tickers);
  return days.flatMap((day) => {
    const lacking = lackingOn(day);
    return lacking.length === 0 ? [] : [{ day, tickers: lacking }];
  });
}

/** Tickers that are neither tracked, nor in what was read, nor in any other day of the archive. */
async function unknownOf(
  folder: DataFolder,
  { dataset, tickers, tracked }: AddRequest,
  read: ReadDays,
  archived: readonly IsoDay[],
  { signal }: AddContext,
): Promise<ReadonlySet<string>> {
  const known = folder.known(dataset);
  const unseen = tickers.filter(
    (ticker) => !tracked.has(ticker) && !read.seen.has(ticker) && known.series.get(ticker)?.seen !== true,
  );
  // Without an archive nobody can say which tickers there are.
  if (unseen.length === 0 || archived.length === 0) return new Set();
  const done = new Set(read.days.map(({ day }) => day));
  const others = archived.filter((day) => !done.has(day)).map((day) => ({ day, tickers: unseen }));
  return withFillDays(
    folder,
    dataset,
    others,
    signal,
    async ({ seen }) => new Set(unseen.filter((ticker) => !seen.has(ticker))),
  );
}

function withoutTickers(read: ReadDays, left: ReadonlySet<string>): ReadDays {
  if (left.size === 0) return read;
  const lists = new Map<readonly string[], readonly string[]>();
  const days = read.days.flatMap((day) => {
    const tickers = lists.get(day.tickers) ?? day.tickers.filter((ticker) => !left.has(ticker));
    lists.set(day.tickers, tickers);
    return tickers.length === 0 ? [] : [{ ...day, tickers }];
  });
  return { ...read, days };
}

interface Bars {
  readonly bars: number;
  readonly first?: IsoDay;
  readonly last?: IsoDay;
}

/** `read` ascending by day. */
function barsOf(read: ReadDays): ReadonlyMap<string, Bars> {
  const found = new Map<string, Bars>();
  for (const { day, taken } of read.days) {
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
