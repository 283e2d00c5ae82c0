/**
 * Finds what is not here, and why, in one dataset of an open folder. The vendor is asked nothing, and nothing
 * is changed.
 */
import path from 'node:path';
import pLimit from 'p-limit';
import { checkSeries } from '#ingest/series/series-check.js';
import { seriesTarget } from '#ingest/series/series-target.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { SeriesForm } from '#market/datasets/series-form.js';
import type { LeftOut } from '#market/records/left-out.js';
import { seriesOfTicker } from '#market/tickers/of-dataset.js';
import type { DataFolder } from '#store/folder/open.js';
import { isLookedUp } from '#store/ledger/model.js';
import { seriesFileName } from '#store/series/file-name.js';
import { readSeriesRows } from '#store/series/read-series.js';
import type { ParsedSeries } from '#store/series/row.js';
import { type CoveredDay, type CoverFacts, coverDays, coveredRange } from '#tasks/coverage/cover.js';
import { type GapRange, gapRanges, isOpen } from './gap-ranges.js';
import { type LeftOutReader, leftOutReader } from './left-out.js';
import { type TickerRange, tickerGaps } from './ticker-gaps.js';

export interface DayRange {
  readonly start: IsoDay;
  readonly end: IsoDay;
}

/** One dataset of the JSON document, which `backfill --gaps-file` takes. */
export interface DatasetGaps {
  readonly dataset: string;
  readonly range: DayRange;
  /** The sum of `done`, `pending`, `pruned`, `open` and `accepted`. */
  readonly sessions: number;
  /**
   * Days that are no sessions, and of which there is a file; beside the others. Those that are not here stand
   * in `gaps`.
   */
  readonly extra: number;
  readonly done: number;
  /** Not published yet: no hole. */
  readonly pending: number;
  /** Removed on purpose, and not accepted besides: told, and no open hole. */
  readonly pruned: number;
  /** Sessions that make `gaps` end with 3. */
  readonly open: number;
  readonly accepted: number;
  /** Ticker-days that are here, or were read, and not in the series: they make `gaps` end with 3, too. */
  readonly unfilled: number;
  readonly gaps: readonly GapRange[];
  /** Records of the tickers that no series has, by day, ticker and reason; `line` is that of the first. */
  readonly left_out: readonly ({ readonly day: IsoDay } & LeftOut)[];
  /** Large days of which nobody has looked yet: verify --deep --repair does. */
  readonly left_out_unread: number;
  /** In the order of the lists. */
  readonly tickers: readonly TickerGaps[];
}

export interface TickerGaps {
  readonly ticker: string;
  /** First and last row of the series, whoever wrote it, in the range or not. */
  readonly first: IsoDay | null;
  readonly last: IsoDay | null;
  /** Rows in the range. */
  readonly bars: number;
  readonly gaps: readonly TickerRange[];
  /** Why the series file cannot be read, where it cannot; its days are then not filled. */
  readonly unreadable?: string;
}

export interface GapsRequest {
  readonly dataset: Dataset;
  readonly range: DayRange;
  /** Whose own holes are looked for; none is none. */
  readonly tickers: readonly string[];
  /** By day: why the hole was accepted. */
  readonly accepted: ReadonlyMap<IsoDay, string>;
  readonly now: Date;
}

/** The range that the folder covers; undefined where it knows no day of the dataset. */
export function gapsRange(folder: DataFolder, dataset: Dataset, now: Date): DayRange | undefined {
  return coveredRange({
    dataset,
    known: folder.known(dataset),
    archived: folder.archive(dataset).days(),
    now,
  });
}

/** Throws the disk's error. */
export async function findGaps(folder: DataFolder, request: GapsRequest): Promise<DatasetGaps> {
  const { dataset, range } = request;
  const archived = folder.archive(dataset).days();
  const covered = coverRange(folder, request, archived);
  const gaps = gapRanges(covered);
  const sum = (some: readonly GapRange[]): number => some.reduce((n, { sessions }) => n + sessions, 0);
  const count = (state: CoveredDay['state']): number =>
    covered.filter((day) => day.state === state && !day.extra).length;
  const leftOut = leftOutReader(folder, dataset);
  const tickers = await gapsOfTickers(folder, request, archived, leftOut);
  const leftOutRecords = leftOutOf(folder, request, archived, leftOut);
  const unaccepted = gaps.filter(({ accepted }) => accepted === undefined);
  return {
    dataset: dataset.name,
    range,
    sessions: covered.filter(({ extra }) => !extra).length,
    extra: covered.filter(({ extra }) => extra).length,
    done: count('done'),
    pending: count('pending'),
    pruned: sum(unaccepted.filter(({ state }) => state === 'pruned')),
    open: sum(gaps.filter(isOpen)),
    accepted: sum(gaps) - sum(unaccepted),
    unfilled: tickers.reduce((n, ticker) => n + unfilledOf(ticker), 0),
    gaps,
    left_out: leftOutRecords,
    left_out_unread: leftOut.unread(),
    tickers,
  };
}

function unfilledOf({ gaps }: TickerGaps): number {
  return gaps.reduce(
    (n, { state, sessions }) => n + (state === 'not-filled' || state === 'not-looked-up' ? sessions : 0),
    0,
  );
}

/** What each session of the range is, as `coverDays` tells it. */
export function coverRange(
  folder: DataFolder,
  { dataset, range, accepted, now }: Omit<GapsRequest, 'tickers'>,
  archived: readonly IsoDay[] = folder.archive(dataset).days(),
): readonly CoveredDay[] {
  const facts: CoverFacts = {
    dataset,
    known: folder.known(dataset),
    archived,
    copyOf: folder.archive(dataset).stampOf,
    accepted,
    now,
  };
  return coverDays(range.start, range.end, facts);
}

async function gapsOfTickers(
  folder: DataFolder,
  { dataset, range, tickers, now }: GapsRequest,
  archived: readonly IsoDay[],
  leftOut: LeftOutReader,
): Promise<readonly TickerGaps[]> {
  const { calendar } = dataset;
  const known = folder.known(dataset);
  const here = new Set(archived);
  const processed = [...known.days].flatMap(([day, { size }]) => (size === undefined ? [] : [day]));
  const days = [...new Set([...archived, ...processed])].sort();
  const target = seriesTarget(folder, dataset, now);
  // Of a file that somebody else changed or removed, nothing is known any more.
  const forgotten = new Set((await checkSeries(tickers, known, target, true)).forget);
  const limit = pLimit(4);
  const ofTicker = async (ticker: string): Promise<TickerGaps> => {
    const parsed = await readSeries(
      path.join(target.folder, seriesFileName(ticker, target.form)),
      target.form,
    );
    const rows = parsed.ok ? parsed.rows.map(({ day }) => day) : [];
    const gaps = tickerGaps(
      {
        ticker,
        days,
        isSession: calendar.isSession,
        leftOut: (day) => reasonOf(leftOut.on(day), ticker, dataset.series),
        rows,
        lookedUp: (day) => !forgotten.has(ticker) && isLookedUp(known, ticker, day),
        market: (day) => {
          if (here.has(day)) return 'archived';
          const record = known.days.get(day);
          return record?.archive === undefined && record?.pruned !== true ? 'unkept' : 'gone';
        },
        seen: known.series.get(ticker)?.seen === true,
      },
      range,
    );
    return {
      ticker,
      first: rows[0] ?? null,
      last: rows.at(-1) ?? null,
      bars: rows.filter((day) => day >= range.start && day <= range.end).length,
      gaps,
      ...(parsed.ok ? {} : { unreadable: parsed.reason }),
    };
  };
  return Promise.all(tickers.map((ticker) => limit(() => ofTicker(ticker))));
}

function leftOutOf(
  folder: DataFolder,
  { dataset, range, tickers }: GapsRequest,
  archived: readonly IsoDay[],
  leftOut: LeftOutReader,
): DatasetGaps['left_out'] {
  const { days } = folder.known(dataset);
  const asked = [...new Set([...archived, ...days.keys()])].filter(
    (day) => day >= range.start && day <= range.end,
  );
  const wanted = new Set(tickers);
  return asked
    .sort()
    .flatMap((day) => leftOut.on(day).map((one) => ({ day, ...one })))
    .filter(({ ticker }) => wanted.size === 0 || wanted.has(seriesOfTicker(ticker, dataset.series)));
}

function reasonOf(all: readonly LeftOut[], ticker: string, form: SeriesForm): string | undefined {
  const found = all.find((one) => seriesOfTicker(one.ticker, form) === ticker);
  return found && `the vendor's record was left out (line ${found.line}: ${found.reason})`;
}

async function readSeries(file: string, form: SeriesForm): Promise<ParsedSeries> {
  try {
    return await readSeriesRows(file, form);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTDIR') throw error;
    return { ok: true, rows: [], canonical: true, lost: [] };
  }
}
