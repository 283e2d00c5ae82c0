/** What a series says of a day, and what reading a series file comes to. */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface Row {
  readonly day: IsoDay;
  /**
   * Where a day is one line, what follows the day: `Open,High,Low,Close,Volume` in canonical decimal text
   * (decimal.ts), or, in a row of the user's, as they wrote it. Otherwise the day's lines as they are, with
   * `\n` between them.
   */
  readonly values: string;
}

/** A reason not to read the file: what is wrong and where (line, column, byte), from 1. */
export interface UnreadableSeries {
  readonly ok: false;
  readonly reason: string;
}

export type ParsedSeries =
  | {
      readonly ok: true;
      /** Ascending, each day once: of lines for the same day, the last. */
      readonly rows: readonly Row[];
      /** Whether the bytes are exactly what `renderSeries(rows)` gives. */
      readonly canonical: boolean;
      /**
       * What a rewrite in canonical form would drop: columns' names, 'comments', 'time of day', 'repeated
       * days'.
       */
      readonly lost: readonly string[];
    }
  | UnreadableSeries;
