/**
 * What progress.json knows. Only of steps whose files are durable; and, but for which days were looked up
 * without an archive, all of it can be learnt again from the folders.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { LeftOut } from '#market/records/left-out.js';
import type { FileStamp } from '#platform/disk/durable.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { type DayRanges, hasDay, NO_DAYS } from './day-ranges.js';

export const SCHEMA_VERSION = 1;

/** One day of one dataset. A day of which nothing is known has no record. */
export interface DayRecord {
  /** The vendor's file that was processed last: bytes, ETag, LastModified (ISO 8601). */
  readonly size?: number;
  readonly etag?: string;
  readonly last_modified?: string;
  readonly rows?: number;
  /** Its records that no series has, as far as there was room; where it lacks, nobody has looked. */
  readonly left_out?: readonly LeftOut[];
  /** SHA-256 of the vendor's text. */
  readonly text_sha256?: string;
  /** SHA-256 of the archive's text, where it differs because the vendor's was not sorted. */
  readonly sorted_sha256?: string;
  /** Our copy, as it was when it was written. */
  readonly archive?: FileStamp;
  /**
   * Bars of tracked tickers as they stood before the vendor replaced the file (null: no bar), while the
   * series may still hold them. A series row that equals one of these is ours to correct; any other that
   * differs is the user's.
   */
  readonly correct?: Readonly<Record<string, string | null>>;
  /**
   * Tickers whose row of that day is the user's: it was found to be another than the vendor's, and kept.
   * Where there is no copy of an earlier file to compare with, this is what sets such a row apart from one of
   * ours that has become outdated.
   */
  readonly users?: readonly string[];
  /** The last try did not succeed; `missing`: overdue when it was asked for, and not listed. */
  readonly problem?: { readonly state: 'denied' | 'failed' | 'missing'; readonly reason: string };
  /** Removed here on purpose. */
  readonly pruned?: boolean;
}

/** A series file as barloom left it; another size or time means that somebody else wrote it. */
export interface SeriesRecord extends FileStamp {
  /** Whether the vendor's files ever held a bar of the ticker. */
  readonly seen: boolean;
  /**
   * SHA-256 of what the file is about to be replaced by. Only where there is no archive to look the days up
   * in again: a run that is killed between the replacement and its record still knows its own file by this.
   */
  readonly next?: string;
}

/** The size of a file that is announced and was not there before. */
export const NO_FILE = -1;

export interface DatasetProgress {
  readonly days: Map<IsoDay, DayRecord>;
  /** Days on which each ticker was looked up: its bar is in the series, or it had none. */
  readonly lookups: Map<string, DayRanges>;
  /**
   * Days on which every ticker of the market was, but for the exceptions: those have only lookups of their
   * own.
   */
  everyTicker: DayRanges;
  readonly exceptions: Set<string>;
  readonly series: Map<string, SeriesRecord>;
}

export interface Progress {
  source: SourceIdentity | undefined;
  readonly datasets: Map<string, DatasetProgress>;
}

export function emptyProgress(): Progress {
  return { source: undefined, datasets: new Map() };
}

export function datasetProgress(progress: Progress, dataset: string): DatasetProgress {
  let found = progress.datasets.get(dataset);
  if (found === undefined) {
    found = {
      days: new Map(),
      lookups: new Map(),
      everyTicker: NO_DAYS,
      exceptions: new Set(),
      series: new Map(),
    };
    progress.datasets.set(dataset, found);
  }
  return found;
}

/** Whether the day's file was read for the ticker: its bar is in the series, or it had none. */
export function isLookedUp(known: DatasetProgress, ticker: string, day: IsoDay): boolean {
  return (
    hasDay(known.lookups.get(ticker) ?? NO_DAYS, day) ||
    (hasDay(known.everyTicker, day) && !known.exceptions.has(ticker))
  );
}

/** The record with these tickers as those whose row is the user's. */
export function withUsers({ users: _, ...record }: DayRecord, users: ReadonlySet<string>): DayRecord {
  return users.size === 0 ? record : { ...record, users: [...users].sort() };
}
