/** A part of a table that is fetched by itself: one list of pages, or one ticker's answer. As data. */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface TableWindow {
  /** What it is recorded and told under: `2024`, `before 2009`, `newest`, `delisted`, `AAPL +3`. */
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  /** What was asked for, so that what comes can be compared: an unknown parameter is ignored silently. */
  readonly range?: WindowRange;
  /** Tickers that were asked for; what comes is theirs. */
  readonly tickers?: readonly string[];
  /**
   * What is recorded of it. `whole`: all of a range, done unless it is open; `update`: the newest records;
   * `list`: a list as it is today; `tickers`: named ones; `part`: a range that was cut by a wish, never done.
   */
  readonly records: 'whole' | 'update' | 'list' | 'tickers' | 'part';
  /** A condition of SQL: a current record of it that does not come is gone. */
  readonly holdsAll?: string;
  /** Of an update: spans that lie in it whole, and need no load of their own. */
  readonly covers?: readonly string[];
}

/** From a day on, before another: either may be open. */
export interface WindowRange {
  readonly column: string;
  readonly from?: IsoDay;
  readonly before?: IsoDay;
}
