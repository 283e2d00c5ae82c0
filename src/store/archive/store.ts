/**
 * The archive of one dataset, for reading: single tickers through the tables of contents, or a whole day. A table that does not fit
 * its day file any more is made again; a plain `.csv.gz` of another tool is read whole, piece by piece where it is large.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset, DayRules } from '#market/datasets/dataset.js';
import { dayOfKey } from '#market/datasets/key.js';
import { rangeOf, type TickerRange } from '#market/datasets/series-key.js';
import { type DayIndex, inOrder } from '#market/records/day-index.js';
import { newQuickTaker } from '#market/records/quick-take.js';
import { takeRows, takeSlice } from '#market/records/take-rows.js';
import { newPacker, type TakenRows } from '#market/records/taken-rows.js';
import { type FileStamp, type Replacement, replaceFiles } from '#platform/disk/durable.js';
import { archiveFile, archiveFolder, type FolderLayout, tocFile } from '#store/folder/layout.js';
import { ArchiveDamage, END_MARKER, inflateArchive, isMember } from './bgzf.js';
import { indexArchived, rebuildTocOf } from './build-toc.js';
import { type OpenDayFile, readAt, readDayFile, withDayFile } from './day-file.js';
import { type Bounds, gatherDay, piecesOfDay } from './gather-day.js';
import { newMemberBatch } from './member-batch.js';
import {
  addRuns,
  BATCH_BYTES,
  type DayTaking,
  damageOf,
  sliceThroughToc,
  stretches,
  takeRun,
  type WantedRun,
} from './through-toc.js';
import { type DayToc, firstTickers, flawOf, type MonthToc, parseMonthToc, renderMonthToc } from './toc.js';

export interface DayWish {
  readonly day: IsoDay;
  /** UTF-8, ascending by bytes. */
  readonly tickers: readonly Uint8Array[];
}

export interface ArchiveStore {
  /** The days of which there is a file, ascending. */
  days(): readonly IsoDay[];
  /** Undefined where there is no file of that day. */
  stampOf(day: IsoDay): FileStamp | undefined;
  /** Whether anything stands in the day's place, such as a folder. */
  isThere(day: IsoDay): boolean;
  /** Whether the file ends as a whole one does; a plain gzip is not judged. */
  looksWhole(day: IsoDay): boolean;
  /** What the day says of the series (UTF-8, ascending by bytes), or of all. Throws ArchiveDamage or the disk's error. */
  takeRows(day: IsoDay, wanted: readonly Uint8Array[] | '*'): TakenRows;
  /** The same for many days, of single tickers each: far quicker than one by one. A day that is damaged is told so in its place. */
  takeDays(wishes: readonly DayWish[]): readonly (TakenRows | ArchiveDamage)[];
  /** The same of every series from `from` on (included) and below `to`; undefined: no bound. Throws as above. */
  takeSlice(day: IsoDay, from: Uint8Array | undefined, to: Uint8Array | undefined): TakenRows;
  /**
   * The records of the tickers in the range (of a large day), in indexes of a stretch of members each, ascending: memory does not grow with
   * how many they are. They may hold others' records too. Throws as above, and then `use` may have been called.
   */
  stretchesOf(day: IsoDay, range: TickerRange, use: (index: DayIndex) => undefined | 'enough'): void;
  /** The first tickers of the day's members, ascending: where the market can be cut into slices of about equal size. */
  cutsOf(day: IsoDay): readonly Uint8Array[];
  /** The same without the day's table of contents, which may tell something else. */
  takeSliceUntold(day: IsoDay, from: Uint8Array | undefined, to: Uint8Array | undefined): TakenRows;
  /** Reads the whole day. Throws as above. */
  check(day: IsoDay): void;
  /** A table that was made while the day was written. */
  noteToc(day: IsoDay, toc: DayToc): void;
  /** Writes the tables that have changed, where they are of so many months or more (default 1), and keeps them in memory no longer. */
  saveTocs(months?: number): Promise<void>;
}

export function openArchive(layout: FolderLayout, dataset: Dataset): ArchiveStore {
  const months = new Map<string, Map<IsoDay, DayToc>>();
  const changed = new Set<string>();
  const quick = newQuickTaker(dataset.records);

  const monthToc = (day: IsoDay): Map<IsoDay, DayToc> => {
    const month = monthOf(day);
    let toc = months.get(month);
    if (toc === undefined) {
      toc = readMonthToc(tocFile(layout, dataset, day), dataset);
      months.set(month, toc);
    }
    return toc;
  };
  const noteToc = (day: IsoDay, toc: DayToc): void => {
    monthToc(day).set(day, toc);
    changed.add(monthOf(day));
  };
  const withDay = <T>(day: IsoDay, use: (open: OpenDayFile) => T): T =>
    withDayFile(archiveFile(layout, dataset, day), dataset, use);
  const tocOf = (day: IsoDay, open: OpenDayFile): DayToc | undefined => {
    const { descriptor, size, mtimeMs } = open;
    const known = monthToc(day).get(day);
    if (known?.size === size && known.mtimeMs === mtimeMs && flawOf(known) === undefined) return known;
    const head = readAt(descriptor, 0, Math.min(size, 64));
    if (!isMember(head)) return undefined;
    const made = rebuildTocOf(open, dataset);
    if (made !== undefined) noteToc(day, made);
    return made;
  };
  const readDay = (day: IsoDay): DayIndex => {
    const file = readDayFile(archiveFile(layout, dataset, day), dataset);
    return indexArchived(inflateArchive(file, dataset), dataset);
  };
  /** Out of the whole day: a large one is read a piece at a time. */
  const takeUntold = (day: IsoDay, tickers: readonly Uint8Array[]): TakenRows => {
    const wanted = (): readonly Bounds[] => tickers.map((ticker) => rangeOf(ticker, dataset.series));
    const index = dataset.inPieces
      ? withDay(day, (open) => gatherDay(open, wanted(), dataset))
      : readDay(day);
    return takeRows(index, tickers, dataset, day);
  };
  const takeSliceUntold: ArchiveStore['takeSliceUntold'] = (day, from, to) => {
    const index = dataset.inPieces
      ? withDay(day, (open) => gatherDay(open, [{ from, to }], dataset))
      : readDay(day);
    return takeSlice(index, from, to, dataset, day);
  };
  /** Where a day cannot be read through its table, the table may be at fault: then the day is sound, and the table is made again. */
  const afterAll = (day: IsoDay, take: () => TakenRows): TakenRows | undefined => {
    try {
      const taken = take();
      if (monthToc(day).delete(day)) changed.add(monthOf(day));
      return taken;
    } catch (error) {
      if (error instanceof ArchiveDamage) return undefined;
      throw error;
    }
  };
  const batch = newMemberBatch<WantedRun>(dataset);
  const takeDays: ArchiveStore['takeDays'] = (wishes) => {
    const finish = (): void =>
      batch.finish((run, members) => {
        if (members instanceof ArchiveDamage) run.taking.damage ??= members;
        else damageOf(run.taking, () => takeRun(run, members, quick, dataset));
      });
    const takings = wishes.map(({ day, tickers }): DayTaking => {
      if (batch.bytes > BATCH_BYTES) finish();
      const taking: DayTaking = {
        day,
        packer: newPacker(tickers.length),
        whole: undefined,
        damage: undefined,
      };
      damageOf(taking, () =>
        withDay(day, (open) => {
          const toc = tocOf(day, open);
          // Without a table the day is read whole.
          if (toc === undefined) taking.whole = takeUntold(day, tickers);
          else addRuns(batch, finish, open.descriptor, toc, tickers, taking, dataset);
        }),
      );
      return taking;
    });
    finish();
    return takings.map(({ damage, whole, packer }, i) => {
      const { day, tickers } = wishes[i] as DayWish;
      if (damage === undefined) return whole ?? packer.finish();
      return afterAll(day, () => takeUntold(day, tickers)) ?? damage;
    });
  };
  return {
    days: () => daysIn(archiveFolder(layout, dataset)),
    stampOf: (day) => {
      const found = statSync(archiveFile(layout, dataset, day), { throwIfNoEntry: false });
      return found === undefined || !found.isFile()
        ? undefined
        : { size: found.size, mtimeMs: Math.floor(found.mtimeMs) };
    },
    isThere: (day) => existsSync(archiveFile(layout, dataset, day)),
    looksWhole: (day) => looksWhole(archiveFile(layout, dataset, day), dataset),
    takeRows: (day, wanted) => {
      if (wanted === '*') return takeSliceUntold(day, undefined, undefined);
      const [taken] = takeDays([{ day, tickers: wanted }]);
      if (taken === undefined || taken instanceof ArchiveDamage) throw taken;
      return taken;
    },
    takeDays,
    takeSlice: (day, from, to) => {
      try {
        const taken = withDay(day, (open) => {
          const toc = tocOf(day, open);
          return toc === undefined
            ? undefined
            : sliceThroughToc(open.descriptor, toc, { from, to }, dataset, day);
        });
        return taken ?? takeSliceUntold(day, from, to);
      } catch (error) {
        const untold = (): TakenRows => takeSliceUntold(day, from, to);
        const taken = error instanceof ArchiveDamage ? afterAll(day, untold) : undefined;
        if (taken === undefined) throw error;
        return taken;
      }
    },
    takeSliceUntold,
    stretchesOf: (day, range, use) =>
      withDay(day, (open) => {
        const toc = tocOf(day, open);
        if (toc === undefined) use(gatherDay(open, [range], dataset));
        else
          for (const text of stretches(open.descriptor, toc, range, dataset))
            if (use(indexArchived(text, dataset)) === 'enough') return;
      }),
    cutsOf: (day) =>
      withDay(day, (open) => {
        const toc = tocOf(day, open);
        if (toc !== undefined) return firstTickers(toc);
        return dataset.inPieces ? firstTickersOfPieces(open, dataset) : [];
      }),
    check: (day) => {
      if (!dataset.inPieces) readDay(day);
      else
        withDay(day, (open) => {
          for (const _ of piecesOfDay(open, dataset));
        });
    },
    noteToc,
    saveTocs: async (least = 1) => {
      if (changed.size < least) return;
      const saving = [...changed];
      changed.clear();
      const replacements: Replacement[] = [];
      for (const month of saving) {
        const toc = months.get(month);
        if (toc === undefined) continue;
        for (const day of toc.keys()) if (!existsSync(archiveFile(layout, dataset, day))) toc.delete(day);
        replacements.push({
          file: tocFile(layout, dataset, `${month}-01`),
          content: renderMonthToc(toc as MonthToc),
        });
      }
      await replaceFiles(replacements);
      for (const month of saving) if (!changed.has(month)) months.delete(month);
    },
  };
}

/** Of a large day without a table: as good a place to cut the market as any. */
function firstTickersOfPieces(open: OpenDayFile, rules: DayRules): readonly Uint8Array[] {
  const tickers: Uint8Array[] = [];
  for (const index of piecesOfDay(open, rules)) {
    const i = inOrder(index, 0);
    if (index.records > 0) tickers.push(index.tickerBytes.slice(index.tickerStarts[i], index.tickerEnds[i]));
  }
  return tickers.sort(Buffer.compare);
}

function daysIn(folder: string): readonly IsoDay[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw error;
  }
  return names
    .flatMap((name) => {
      const day = dayOfKey(name);
      return day === undefined ? [] : [day];
    })
    .sort();
}

function readMonthToc(file: string, limits: DayRules): Map<IsoDay, DayToc> {
  try {
    return parseMonthToc(readDayFile(file, limits)) ?? new Map();
  } catch {
    // Derived: whatever is amiss with it, it is made again.
    return new Map();
  }
}

function looksWhole(file: string, limits: DayRules): boolean {
  try {
    return withDayFile(file, limits, ({ descriptor, size }) => {
      if (size < END_MARKER.length) return false;
      if (!isMember(readAt(descriptor, 0, END_MARKER.length))) return true;
      const end = readAt(descriptor, size - END_MARKER.length, END_MARKER.length);
      return Buffer.compare(end, END_MARKER) === 0;
    });
  } catch (error) {
    if (error instanceof ArchiveDamage) return false;
    throw error;
  }
}
