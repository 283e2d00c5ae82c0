/**
 * A dataset is a value: everything that barloom knows about one of the vendor's products stands in its
 * definition (datasets/). Nothing outside may assume stocks or days.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SessionCalendar } from '#market/calendar/sessions.js';
import type { SeriesForm } from './series-form.js';

/** How a day file is read. Plain data, so that it goes from thread to thread. */
export interface DayRules {
  /**
   * A day whose text or compressed object is larger is refused: a gzip bomb, another product's file, or one
   * made to fill the memory. Bytes.
   */
  readonly maxTextBytes: number;
  readonly maxObjectBytes: number;
  /** And one that holds more records: each costs memory of its own, however short it is. */
  readonly maxRecords: number;
  /**
   * `bars`: ticker, prices and volume; `indices`: without a volume, which then is 0; `ticks`: a ticker, the
   * consolidator's stamp and whatever columns; `any`: a ticker and whatever columns, stamped by the first of
   * TICK_STAMPS that is there.
   */
  readonly records: 'bars' | 'indices' | 'ticks' | 'any';
  readonly series: SeriesForm;
}

/** How records become members of the archive. Plain data. */
export interface MemberForm {
  /**
   * Text of a member aimed at, in bytes: little means quick reads of single tickers, much means better
   * compression. A longer record gets members of its own.
   */
  readonly textBytes: number;
  /**
   * Where what repeats is looked for: in neighbouring `fields`, which is quick and enough where each line is
   * another ticker's, or `everywhere`.
   */
  readonly search: 'fields' | 'everywhere';
}

export interface Dataset extends DayRules {
  /** The name used in options, progress.json and the JSON summary. */
  readonly name: string;
  readonly title: string;
  /** Key prefix without a slash at either end; keys are `{prefix}/{YYYY}/{MM}/{YYYY-MM-DD}.csv.gz`. */
  readonly prefix: string;
  /** First day that the vendor offers (https://massive.com/docs/flat-files, per product). */
  readonly firstDay: IsoDay;
  readonly calendar: SessionCalendar;
  /**
   * The hour, in `timeZone`, of the calendar day after the session at which the file is due, and the grace
   * after it.
   */
  readonly publication: {
    readonly timeZone: string;
    readonly hour: number;
    readonly overdueAfterHours: number;
  };
  /** About how large a stored day is, in bytes: for the disk-space check where the listing says nothing. */
  readonly typicalObjectBytes: number;
  readonly memberForm: MemberForm;
  /** Whether a day is worked through in pieces, never whole in memory, because it is large. */
  readonly inPieces: boolean;
  /** Where its day files live below massive_cache; '' is the folder itself. */
  readonly folder: string;
  /** And its series below data_cache. */
  readonly seriesFolder: string;
  /**
   * Where no ticker of the dataset is tracked: the user is asked to name some, or every one is meant; `none`:
   * it has no series, only an archive.
   */
  readonly untracked: 'ask' | 'every' | 'none';
  /** Which of the tickers without a prefix are its own; default: all of them. */
  readonly tickerPattern?: RegExp;
}
