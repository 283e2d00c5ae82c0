/**
 * The archive of one dataset, for reading: single tickers through the tables of contents, or a whole day. A
 * table that does not fit its day file any more is made again; a plain `.csv.gz` of another tool is read
 * whole, piece by piece where it is large.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { TickerRange } from '#market/datasets/series-key.js';
import type { DayIndex } from '#market/records/day-index.js';
import { takeSlice } from '#market/records/take-rows.js';
import { NO_ROWS, type TakenRows } from '#market/records/taken-rows.js';
import { bucketDays } from '#store/bucket/bucket-days.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { ArchiveDamage } from './bgzf.js';
import { indexArchived } from './build-toc.js';
import type { DayFiles } from './day-files.js';
import { folderDays } from './folder-days.js';
import { type Bounds, gatherDay, piecesOfDay } from './gather-day.js';
import { aheadOf, type DayWish, newDayTaker } from './take-days.js';
import { sliceThroughToc, stretches } from './through-toc.js';
import { firstTickers } from './toc.js';
import { firstTickersOfPieces, openWholeDays } from './whole-days.js';

export interface ArchiveStore
  extends Pick<
    DayFiles,
    'days' | 'stampOf' | 'isThere' | 'looksWhole' | 'open' | 'fileOf' | 'textBytesOf' | 'noteToc'
  > {
  /**
   * What the day says of the series (UTF-8, ascending by bytes), or of all. Throws ArchiveDamage or the
   * disk's error.
   */
  takeRows(day: IsoDay, wanted: readonly Uint8Array[] | '*'): TakenRows;
  /**
   * The same for many days, of single tickers each: far quicker than one by one. In the place of a day that
   * is damaged stands its damage.
   */
  takeDays(wishes: readonly DayWish[]): readonly (TakenRows | ArchiveDamage)[];
  /**
   * The same of every series from `from` on (included) and below `to`; undefined: no bound. Throws as above.
   */
  takeSlice(day: IsoDay, from: Uint8Array | undefined, to: Uint8Array | undefined): TakenRows;
  /**
   * The records of the tickers in the range (of a large day), in indexes of a stretch of members each,
   * ascending: memory does not grow with how many they are. They may hold others' records too. Throws as
   * above, and then `use` may have been called.
   */
  stretchesOf(day: IsoDay, range: TickerRange, use: (index: DayIndex) => undefined | 'enough'): void;
  /** What the day's columns are called, in lower case. Throws as above. */
  columnsOf(day: IsoDay): readonly string[];
  /**
   * The first tickers of the day's members, ascending: where the market can be cut into slices of about equal
   * size.
   */
  cutsOf(day: IsoDay): readonly Uint8Array[];
  /** The same without the day's table of contents, which may say something else. */
  takeSliceWithoutToc(day: IsoDay, from: Uint8Array | undefined, to: Uint8Array | undefined): TakenRows;
  /** Reads the whole day. Throws as above. */
  check(day: IsoDay): void;
  /** These are going to be read, one by one: many are asked for at once where that takes its time. */
  ahead(wishes: readonly DayWish[]): void;
  /**
   * Writes the tables that have changed, where they are of so many months or more (default 1), and keeps them
   * in memory no longer.
   */
  saveTocs(months?: number): Promise<void>;
}

export function openArchive(layout: FolderLayout, dataset: Dataset): ArchiveStore {
  const { bucket } = layout;
  return archiveOf(bucket === undefined ? folderDays(layout, dataset) : bucketDays(bucket, dataset), dataset);
}

/** Over whatever is behind the port. */
export function archiveOf(files: DayFiles, dataset: Dataset): ArchiveStore {
  const withDay = files.open;
  const whole = openWholeDays(files, dataset);
  const takeThroughTocs = newDayTaker({ files, takeWhole: whole.takeRows }, dataset);

  /**
   * Where a day cannot be read through its table, the table may be at fault: then the day is sound, and its
   * table is made again.
   */
  const withoutToc = (day: IsoDay, take: () => TakenRows): TakenRows | undefined => {
    if (files.forgetToc === undefined) return undefined;
    try {
      const taken = take();
      files.forgetToc(day);
      return taken;
    } catch (error) {
      if (error instanceof ArchiveDamage) return undefined;
      throw error;
    }
  };
  const takeDays: ArchiveStore['takeDays'] = (wishes) =>
    takeThroughTocs(wishes).map((taken, i) => {
      if (!(taken instanceof ArchiveDamage)) return taken;
      const { day, tickers } = wishes[i] as DayWish;
      return withoutToc(day, () => whole.takeRows(day, tickers)) ?? taken;
    });
  const takeThroughToc = (day: IsoDay, bounds: Bounds): TakenRows =>
    withDay(day, (open) => {
      const toc = files.tocOf(day, open);
      if (toc === undefined) return whole.takeSlice(day, bounds);
      const index = sliceThroughToc(open, toc, bounds, dataset);
      return index === undefined ? NO_ROWS : takeSlice(index, bounds.from, bounds.to, dataset, day);
    });

  return {
    days: files.days,
    stampOf: files.stampOf,
    isThere: files.isThere,
    looksWhole: files.looksWhole,
    open: files.open,
    fileOf: files.fileOf,
    textBytesOf: files.textBytesOf,
    ahead: (wishes) => aheadOf(files, wishes, dataset),
    takeRows: (day, wanted) => {
      if (wanted === '*') return whole.takeSlice(day, { from: undefined, to: undefined });
      const [taken] = takeDays([{ day, tickers: wanted }]);
      if (taken === undefined || taken instanceof ArchiveDamage) throw taken;
      return taken;
    },
    takeDays,
    takeSlice: (day, from, to) => {
      try {
        return takeThroughToc(day, { from, to });
      } catch (error) {
        const again = (): TakenRows => whole.takeSlice(day, { from, to });
        const taken = error instanceof ArchiveDamage ? withoutToc(day, again) : undefined;
        if (taken === undefined) throw error;
        return taken;
      }
    },
    takeSliceWithoutToc: (day, from, to) => whole.takeSlice(day, { from, to }),
    stretchesOf: (day, range, use) =>
      withDay(day, (open) => {
        const toc = files.tocOf(day, open);
        if (toc === undefined) use(gatherDay(open, [range], dataset));
        else
          for (const text of stretches(open, toc, range, dataset))
            if (use(indexArchived(text, dataset)) === 'enough') return;
      }),
    columnsOf: (day) =>
      withDay(day, (open) => {
        const toc = files.tocOf(day, open);
        if (toc !== undefined) return indexArchived(toc.header, dataset).columns.names;
        for (const index of piecesOfDay(open, dataset)) return index.columns.names;
        return [];
      }),
    cutsOf: (day) =>
      withDay(day, (open) => {
        const toc = files.tocOf(day, open);
        if (toc !== undefined) return firstTickers(toc);
        return dataset.inPieces ? firstTickersOfPieces(open, dataset) : [];
      }),
    check: whole.check,
    noteToc: files.noteToc,
    saveTocs: (months = 1) => files.saveTocs(months),
  };
}
