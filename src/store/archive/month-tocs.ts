/**
 * The tables of contents of a dataset's days: read a month at a time when one of its days is asked for, made
 * again where one does not fit its day file any more, and written when the caller says so.
 */
import { existsSync } from 'node:fs';
import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset, DayRules } from '#market/datasets/dataset.js';
import { replaceFiles } from '#platform/disk/durable.js';
import { archiveFile, type FolderLayout, tocFile } from '#store/folder/layout.js';
import { isMember } from './bgzf.js';
import { rebuildTocOf } from './build-toc.js';
import { type OpenDayFile, readAt, readDayFile } from './day-file.js';
import { type DayToc, flawOf, parseMonthToc, renderMonthToc } from './toc.js';

export interface MonthTocs {
  /**
   * The table of a day whose file is open; undefined where it has none (a plain gzip, or one that was cut
   * anywhere). Throws as a reader does.
   */
  of(day: IsoDay, open: OpenDayFile): DayToc | undefined;
  note(day: IsoDay, toc: DayToc): void;
  forget(day: IsoDay): void;
  /**
   * Writes those that have changed, where they are of so many months or more, and keeps them in memory no
   * longer.
   */
  save(months: number): Promise<void>;
}

export function openMonthTocs(layout: FolderLayout, dataset: Dataset): MonthTocs {
  const months = new Map<string, Map<IsoDay, DayToc>>();
  const changed = new Set<string>();
  const monthToc = (day: IsoDay): Map<IsoDay, DayToc> => {
    const month = monthOf(day);
    let toc = months.get(month);
    if (toc === undefined) {
      toc = readMonthToc(tocFile(layout, dataset, day), dataset);
      months.set(month, toc);
    }
    return toc;
  };
  const note: MonthTocs['note'] = (day, toc) => {
    monthToc(day).set(day, toc);
    changed.add(monthOf(day));
  };
  return {
    note,
    of: (day, open) => {
      const known = monthToc(day).get(day);
      if (known?.size === open.size && known.mtimeMs === open.mtimeMs && flawOf(known) === undefined)
        return known;
      if (!isMember(readAt(open, 0, Math.min(open.size, HEAD_BYTES)))) return undefined;
      const made = rebuildTocOf(open, dataset);
      if (made !== undefined) note(day, made);
      return made;
    },
    forget: (day) => {
      if (monthToc(day).delete(day)) changed.add(monthOf(day));
    },
    save: async (least) => {
      if (changed.size < least) return;
      const saving = [...changed];
      changed.clear();
      const isThere = (day: IsoDay): boolean => existsSync(archiveFile(layout, dataset, day));
      const replacements = saving.flatMap((month) => {
        const toc = months.get(month);
        if (toc === undefined) return [];
        for (const day of toc.keys()) if (!isThere(day)) toc.delete(day);
        return [{ file: tocFile(layout, dataset, `${month}-01`), content: renderMonthToc(toc) }];
      });
      await replaceFiles(replacements);
      for (const month of saving) if (!changed.has(month)) months.delete(month);
    },
  };
}

/** Enough to see whether a member begins the file. */
const HEAD_BYTES = 64;

function readMonthToc(file: string, limits: DayRules): Map<IsoDay, DayToc> {
  try {
    return parseMonthToc(readDayFile(file, limits)) ?? new Map();
  } catch {
    // Derived: whatever is amiss with it, it is made again.
    return new Map();
  }
}
