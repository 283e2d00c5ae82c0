/** What a series says of a day: the text of its bar, or of all its lines. */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface Row {
  readonly day: IsoDay;
  /**
   * Where a day is one line, what follows the day: `Open,High,Low,Close,Volume` in canonical decimal text (decimal.ts), or, in a row of the
   * user's, as they wrote it. Otherwise the day's lines as they are, with `\n` between them.
   */
  readonly values: string;
}
