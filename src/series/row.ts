/** A line of a series: a day, and the text of its bar. */
import type { IsoDay } from '../calendar/iso-day.js';

export interface Row {
  readonly day: IsoDay;
  /** `Open,High,Low,Close,Volume` in canonical decimal text (decimal.ts), or, in a row of the user's, as they wrote it. */
  readonly values: string;
}

export const seriesColumns = ['Date', 'Open', 'High', 'Low', 'Close', 'Volume'] as const;
