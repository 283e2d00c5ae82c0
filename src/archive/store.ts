/**
 * The archive of one dataset, for reading: single tickers through the tables of contents, or a whole day. A table that does not fit
 * its day file any more is made again; a plain `.csv.gz` of another tool is read whole.
 */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { type IsoDay, monthOf } from '../calendar/iso-day.js';
import { type FileStamp, type Replacement, replaceFiles } from '../disk/durable.js';
import { archiveFile, type FolderLayout, tocFile } from '../disk/layout.js';
import type { Dataset } from '../flatfile/dataset.js';
import type { DayIndex } from '../flatfile/day-index.js';
import {
  NO_ROWS,
  newPacker,
  rowCount,
  rowTicker,
  rowValues,
  type TakenRows,
  takeBars,
  takeSlice,
} from '../flatfile/taken-rows.js';
import { ArchiveDamage, END_MARKER, inflateArchive, inflateMembers, isMember } from './bgzf.js';
import { indexArchived, rebuildToc } from './day-archive.js';
import { narrowed } from './narrow.js';
import { type DayToc, firstTickers, type MonthToc, membersOf, parseMonthToc, renderMonthToc } from './toc.js';

export interface ArchiveStore {
  /** Undefined where there is no file of that day. */
  stampOf(day: IsoDay): FileStamp | undefined;
  /** Whether the file ends as a whole one does; a plain gzip is not judged. */
  looksWhole(day: IsoDay): boolean;
  /** The bars of the tickers (UTF-8, ascending by bytes), or of all. Throws ArchiveDamage or the disk's error. */
  takeBars(day: IsoDay, wanted: readonly Uint8Array[] | '*'): TakenRows;
  /** The bars of every ticker from `from` on (included) and below `to`; undefined: no bound. Throws as above. */
  takeSlice(day: IsoDay, from: Uint8Array | undefined, to: Uint8Array | undefined): TakenRows;
  /** The first tickers of the day's members, ascending: where the market can be cut into slices of about equal size. */
  cutsOf(day: IsoDay): readonly Uint8Array[];
  /** The whole day. Throws as above. */
  readDay(day: IsoDay): DayIndex;
  /** A table that was made while the day was written. */
  noteToc(day: IsoDay, toc: DayToc): void;
  /** Writes the tables that have changed. */
  saveTocs(): Promise<void>;
}

export function openArchive(layout: FolderLayout, dataset: Dataset): ArchiveStore {
  const months = new Map<string, Map<IsoDay, DayToc>>();
  const changed = new Set<string>();

  const monthToc = (day: IsoDay): Map<IsoDay, DayToc> => {
    const month = monthOf(day);
    let toc = months.get(month);
    if (toc === undefined) {
      toc = readMonthToc(tocFile(layout, dataset, day));
      months.set(month, toc);
    }
    return toc;
  };
  const noteToc = (day: IsoDay, toc: DayToc): void => {
    monthToc(day).set(day, toc);
    changed.add(monthOf(day));
  };
  const tocOf = (day: IsoDay, descriptor: number): DayToc | undefined => {
    const { size, mtimeMs } = fstatSync(descriptor);
    const known = monthToc(day).get(day);
    if (known !== undefined && known.size === size && known.mtimeMs === Math.floor(mtimeMs)) return known;
    const head = readAt(descriptor, 0, Math.min(size, 64));
    if (!isMember(head)) return undefined;
    const made = rebuildToc(readAt(descriptor, 0, size), Math.floor(mtimeMs));
    if (made !== undefined) noteToc(day, made);
    return made;
  };
  const readDay = (day: IsoDay): DayIndex => {
    return indexArchived(
      inflateArchive(readFileSync(archiveFile(layout, dataset, day)), dataset.maxTextBytes),
    );
  };
  return {
    stampOf: (day) => {
      const found = statSync(archiveFile(layout, dataset, day), { throwIfNoEntry: false });
      return found === undefined || !found.isFile()
        ? undefined
        : { size: found.size, mtimeMs: Math.floor(found.mtimeMs) };
    },
    looksWhole: (day) => looksWhole(archiveFile(layout, dataset, day)),
    takeBars: (day, wanted) => {
      if (wanted === '*') return takeBars(readDay(day), wanted);
      const descriptor = openSync(archiveFile(layout, dataset, day), 'r');
      try {
        const toc = tocOf(day, descriptor);
        if (toc !== undefined) return takeThroughToc(descriptor, toc, wanted);
      } finally {
        closeSync(descriptor);
      }
      return takeBars(readDay(day), wanted);
    },
    takeSlice: (day, from, to) => {
      const descriptor = openSync(archiveFile(layout, dataset, day), 'r');
      try {
        const toc = tocOf(day, descriptor);
        if (toc !== undefined) return sliceThroughToc(descriptor, toc, from, to);
      } finally {
        closeSync(descriptor);
      }
      return takeSlice(readDay(day), from, to);
    },
    cutsOf: (day) => {
      const descriptor = openSync(archiveFile(layout, dataset, day), 'r');
      try {
        const toc = tocOf(day, descriptor);
        return toc === undefined ? [] : firstTickers(toc);
      } finally {
        closeSync(descriptor);
      }
    },
    readDay,
    noteToc,
    saveTocs: async () => {
      const replacements: Replacement[] = [];
      for (const month of changed) {
        const toc = months.get(month);
        if (toc === undefined) continue;
        for (const day of toc.keys()) if (!existsSync(archiveFile(layout, dataset, day))) toc.delete(day);
        replacements.push({
          file: tocFile(layout, dataset, `${month}-01`),
          content: renderMonthToc(toc as MonthToc),
        });
      }
      await replaceFiles(replacements);
      changed.clear();
    },
  };
}

function readMonthToc(file: string): Map<IsoDay, DayToc> {
  try {
    return parseMonthToc(readFileSync(file)) ?? new Map();
  } catch {
    // Derived: whatever is amiss with it, it is made again.
    return new Map();
  }
}

/** Reads the members that can hold the tickers, each once, and takes the bars out of them. */
function takeThroughToc(descriptor: number, toc: DayToc, wanted: readonly Uint8Array[]): TakenRows {
  const runs: { first: number; last: number; tickers: Uint8Array[] }[] = [];
  for (const ticker of wanted) {
    const span = membersOf(toc, ticker);
    if (span === undefined) continue;
    const run = runs.at(-1);
    if (run !== undefined && span.first <= run.last) {
      run.last = Math.max(run.last, span.last);
      run.tickers.push(ticker);
    } else {
      runs.push({ ...span, tickers: [ticker] });
    }
  }
  const taken = runs.map(({ first, last, tickers }) => {
    const from = toc.offsets[first] as number;
    const to = toc.offsets[last + 1] as number;
    const bytes = readAt(descriptor, from, to - from);
    const text = inflateMembers(bytes, toc.header, from);
    return takeBars(indexArchived(narrowed(text, toc.header.length, tickers)), tickers);
  });
  return taken.length === 1 ? (taken[0] ?? NO_ROWS) : joined(taken);
}

function sliceThroughToc(
  descriptor: number,
  toc: DayToc,
  from: Uint8Array | undefined,
  to: Uint8Array | undefined,
): TakenRows {
  const members = toc.offsets.length - 1;
  if (members <= 0) return NO_ROWS;
  const first = from === undefined ? 0 : (membersOf(toc, from)?.first ?? 0);
  const last = to === undefined ? members - 1 : (membersOf(toc, to)?.first ?? 0);
  const offset = toc.offsets[first] as number;
  const bytes = readAt(descriptor, offset, (toc.offsets[last + 1] as number) - offset);
  return takeSlice(indexArchived(inflateMembers(bytes, toc.header, offset)), from, to);
}

function joined(parts: readonly TakenRows[]): TakenRows {
  const packer = newPacker();
  for (const part of parts) {
    for (let i = 0; i < rowCount(part); i++) packer.add(rowTicker(part, i), rowValues(part, i));
  }
  return packer.finish();
}

function readAt(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const read = readSync(descriptor, bytes, at, length - at, offset + at);
    if (read === 0)
      throw new ArchiveDamage(`it ends at byte ${offset + at}, and goes on to ${offset + length}`);
    at += read;
  }
  return bytes;
}

function looksWhole(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size < END_MARKER.length) return false;
    if (!isMember(readAt(descriptor, 0, END_MARKER.length))) return true;
    const end = readAt(descriptor, size - END_MARKER.length, END_MARKER.length);
    return Buffer.compare(end, END_MARKER) === 0;
  } finally {
    closeSync(descriptor);
  }
}
