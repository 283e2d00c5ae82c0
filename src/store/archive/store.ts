/**
 * The archive of one dataset, for reading: single tickers through the tables of contents, or a whole day. A
 * table that does not fit its day file any more is made again; a plain `.csv.gz` of another tool is read
 * whole, piece by piece where it is large.
 */
import { existsSync } from 'node:fs';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { TickerRange } from '#market/datasets/series-key.js';
import type { DayIndex } from '#market/records/day-index.js';
import { takeSlice } from '#market/records/take-rows.js';
import { NO_ROWS, type TakenRows } from '#market/records/taken-rows.js';
import type { FileStamp } from '#platform/disk/stamp.js';
import { archiveFile, archiveFolder, type FolderLayout } from '#store/folder/layout.js';
import { daysIn, looksWhole, stampOfFile } from './archived-files.js';
import { ArchiveDamage } from './bgzf.js';
import { indexArchived } from './build-toc.js';
import { type OpenDayFile, withDayFile } from './day-file.js';
import { type Bounds, gatherDay, piecesOfDay } from './gather-day.js';
import { openMonthTocs } from './month-tocs.js';
import { type DayWish, newDayTaker } from './take-days.js';
import { sliceThroughToc, stretches } from './through-toc.js';
import { type DayToc, firstTickers } from './toc.js';
import { firstTickersOfPieces, openWholeDays } from './whole-days.js';

export interface ArchiveStore {
  /** The days of which there is a file, ascending. */
  days(): readonly IsoDay[];
  /** Undefined where there is no file of that day. */
  stampOf(day: IsoDay): FileStamp | undefined;
  /** Whether anything stands in the day's place, such as a folder. */
  isThere(day: IsoDay): boolean;
  /** Whether the file ends as a whole one does; a plain gzip is not judged. */
  looksWhole(day: IsoDay): boolean;
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
  /** A table that was made while the day was written. */
  noteToc(day: IsoDay, toc: DayToc): void;
  /**
   * Writes the tables that have changed, where they are of so many months or more (default 1), and keeps them
   * in memory no longer.
   */
  saveTocs(months?: number): Promise<void>;
}

export function openArchive(layout: FolderLayout, dataset: Dataset): ArchiveStore {
  const fileOf = (day: IsoDay): string => archiveFile(layout, dataset, day);
  const withDay = <T>(day: IsoDay, use: (open: OpenDayFile) => T): T =>
    withDayFile(fileOf(day), dataset, use);
  const tocs = openMonthTocs(layout, dataset);
  const whole = openWholeDays(fileOf, dataset);
  const takeThroughTocs = newDayTaker({ withDay, tocOf: tocs.of, takeWhole: whole.takeRows }, dataset);

  /**
   * Where a day cannot be read through its table, the table may be at fault: then the day is sound, and its
   * table is made again.
   */
  const withoutToc = (day: IsoDay, take: () => TakenRows): TakenRows | undefined => {
    try {
      const taken = take();
      tocs.forget(day);
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
      const toc = tocs.of(day, open);
      if (toc === undefined) return whole.takeSlice(day, bounds);
      const index = sliceThroughToc(open.descriptor, toc, bounds, dataset);
      return index === undefined ? NO_ROWS : takeSlice(index, bounds.from, bounds.to, dataset, day);
    });

  return {
    days: () => daysIn(archiveFolder(layout, dataset)),
    stampOf: (day) => stampOfFile(fileOf(day)),
    isThere: (day) => existsSync(fileOf(day)),
    looksWhole: (day) => looksWhole(fileOf(day), dataset),
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
        const toc = tocs.of(day, open);
        if (toc === undefined) use(gatherDay(open, [range], dataset));
        else
          for (const text of stretches(open.descriptor, toc, range, dataset))
            if (use(indexArchived(text, dataset)) === 'enough') return;
      }),
    columnsOf: (day) =>
      withDay(day, (open) => {
        const toc = tocs.of(day, open);
        if (toc !== undefined) return indexArchived(toc.header, dataset).columns.names;
        for (const index of piecesOfDay(open, dataset)) return index.columns.names;
        return [];
      }),
    cutsOf: (day) =>
      withDay(day, (open) => {
        const toc = tocs.of(day, open);
        if (toc !== undefined) return firstTickers(toc);
        return dataset.inPieces ? firstTickersOfPieces(open, dataset) : [];
      }),
    check: whole.check,
    noteToc: tocs.note,
    saveTocs: (months = 1) => tocs.save(months),
  };
}
