/**
 * A dataset is a value: everything that barloom knows about one of the vendor's products stands in its definition.
 * Nothing outside may assume stocks or days.
 */
import type { IsoDay } from '../calendar/iso-day.js';
import type { SessionCalendar } from '../calendar/sessions.js';

/** What no day goes beyond: a gzip bomb, another product's file, or one that was made to fill the memory. */
export interface DayLimits {
  /** A day whose text or compressed object is larger is refused. Bytes. */
  readonly maxTextBytes: number;
  readonly maxObjectBytes: number;
  /** And one that holds more records: each costs memory of its own, however short it is. */
  readonly maxRecords: number;
}

export interface Dataset extends DayLimits {
  /** The name used in options, progress.json and the JSON summary. */
  readonly name: string;
  readonly title: string;
  /** Key prefix without a slash at either end; keys are `{prefix}/{YYYY}/{MM}/{YYYY-MM-DD}.csv.gz`. */
  readonly prefix: string;
  /** First day that the vendor offers (https://massive.com/docs/flat-files, per product). */
  readonly firstDay: IsoDay;
  readonly calendar: SessionCalendar;
  /** The hour, in `timeZone`, of the calendar day after the session at which the file is due, and the grace after it. */
  readonly publication: {
    readonly timeZone: string;
    readonly hour: number;
    readonly overdueAfterHours: number;
  };
  /** About how large a stored day is, in bytes: for the disk-space check where the listing tells nothing. */
  readonly typicalObjectBytes: number;
  /** Bytes of text per archive member: small means quick single-ticker reads, large means better compression. */
  readonly memberTextBytes: number;
  /** Where its files live below data_cache and massive_cache; '' is the folder itself. */
  readonly folder: string;
  /** Ends a series' file name: `AAPL` + `_1d_data.csv`. */
  readonly seriesSuffix: string;
}
