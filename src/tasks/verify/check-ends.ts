/**
 * What can be said of the archive without reading it through: sizes and times, how each file begins and ends,
 * the tables of contents.
 */

import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset, DayRules } from '#market/datasets/dataset.js';
import { isOutOfMemory } from '#platform/memory-error.js';
import { ArchiveDamage, END_MARKER, isMember } from '#store/archive/bgzf.js';
import { readAt, readDayFile, withDayFile } from '#store/archive/day-file.js';
import { flawOf, type MonthToc, parseMonthToc } from '#store/archive/toc.js';
import { archiveFile, type FolderLayout, tocFile } from '#store/folder/layout.js';
import { shownFile } from './files.js';
import type { Damage, Harmless } from './result.js';

export interface Ends {
  readonly damage: readonly Damage[];
  readonly harmless: readonly Harmless[];
}

/** How a day file begins and ends. Throws the disk's error. */
export function checkEnds(layout: FolderLayout, dataset: Dataset, day: IsoDay): Ends {
  const path = archiveFile(layout, dataset, day);
  const file = shownFile(layout, path);
  const damaged = (what: string): Ends => ({
    damage: [{ kind: 'archive-damaged', file, day, what }],
    harmless: [],
  });
  let ends: ReturnType<typeof endsOf>;
  try {
    ends = endsOf(path, dataset);
  } catch (error) {
    if (error instanceof ArchiveDamage) return damaged(error.message);
    throw error;
  }
  const { size, head, tail } = ends;
  if (head[0] !== 0x1f || head[1] !== 0x8b) return damaged(`its ${size} bytes do not begin as gzip`);
  if (!isMember(head)) return { damage: [], harmless: [{ kind: 'archive-plain', file, day, what: PLAIN }] };
  if (Buffer.compare(tail, END_MARKER) !== 0)
    return damaged(`its ${size} bytes do not end in BGZF's end marker`);
  return { damage: [], harmless: [] };
}

export const PLAIN = 'it is plain gzip, which is read whole for every ticker';

function endsOf(file: string, limits: DayRules) {
  return withDayFile(file, limits, (open) => {
    const { size } = open;
    const length = Math.min(END_MARKER.length, size);
    return { size, head: readAt(open, 0, length), tail: readAt(open, size - length, length) };
  });
}

/**
 * The tables of the months of these days: readable, and what they say possible. A missing table is made when
 * it is needed.
 */
export function checkTocs(
  layout: FolderLayout,
  dataset: Dataset,
  days: readonly IsoDay[],
): readonly Damage[] {
  const months = [...new Set(days.map(monthOf))];
  return months.flatMap((month): Damage[] => {
    const path = tocFile(layout, dataset, `${month}-01`);
    const file = shownFile(layout, path);
    const toc = readToc(path, dataset);
    if (toc === undefined) return [];
    if (toc === 'damaged')
      return [{ kind: 'toc-damaged', file, what: 'its checksum does not fit what it holds' }];
    return [...toc].flatMap(([day, one]) => {
      const what = flawOf(one);
      return what === undefined ? [] : [{ kind: 'toc-damaged', file, day, what } as const];
    });
  });
}

function readToc(file: string, limits: DayRules): MonthToc | 'damaged' | undefined {
  try {
    return parseMonthToc(readDayFile(file, limits)) ?? 'damaged';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (isOutOfMemory(error)) throw error;
    return 'damaged';
  }
}
