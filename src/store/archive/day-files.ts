/**
 * The port to a dataset's day files and their tables of contents: the folder (folder-days.ts), or a bucket of
 * the user's own (store/bucket/). Reading is synchronous; whoever needs the network for it is told ahead what
 * is going to be read.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { FileStamp } from '#platform/disk/stamp.js';
import type { OpenDayFile } from './day-file.js';
import type { DayToc } from './toc.js';

/** A stretch of a day's file, in bytes. */
export interface DayPart {
  readonly day: IsoDay;
  readonly from: number;
  readonly length: number;
}

export interface DayFiles {
  /** The days of which there is a file, ascending. */
  days(): readonly IsoDay[];
  /** Undefined where there is no file of that day. */
  stampOf(day: IsoDay): FileStamp | undefined;
  /** Whether anything stands in the day's place, such as a folder. */
  isThere(day: IsoDay): boolean;
  /** Whether the file ends as a whole one does; a plain gzip is not judged. */
  looksWhole(day: IsoDay): boolean;
  /** Hands the day's file to `use`. Throws ArchiveDamage, the disk's or the network's error, or what `use` throws. */
  open<T>(day: IsoDay, use: (open: OpenDayFile) => T): T;
  /** A copy of the day's file that other programs can open, as `YYYY-MM-DD.csv.gz`. Throws as `open`. */
  fileOf(day: IsoDay): string;
  /** Undefined where the day has none (a plain gzip, or one that was cut anywhere). Throws as `open`. */
  tocOf(day: IsoDay, open: OpenDayFile): DayToc | undefined;
  /** Bytes of the day's text, where that is known without reading it. */
  textBytesOf(day: IsoDay): number | undefined;
  /** A table that was made while the day was written. */
  noteToc(day: IsoDay, toc: DayToc): void;
  /**
   * The table may be at fault, and is made again when it is asked for; undefined where tables are as sound as
   * the files themselves.
   */
  readonly forgetToc: ((day: IsoDay) => void) | undefined;
  /** See ArchiveStore. */
  saveTocs(months: number): Promise<void>;
  /** Undefined where nothing is gained by it. */
  readonly ahead: AheadReader | undefined;
}

/** Asks for many things at once that are then read one by one. What fails says so when it is read. */
export interface AheadReader {
  tables(days: readonly IsoDay[]): void;
  parts(parts: readonly DayPart[]): void;
}
