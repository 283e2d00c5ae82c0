/** A line of what is exported, before it has a format. */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface Line {
  /** A day or a local date-time. */
  readonly stamp: string;
  /** What follows it in the series. */
  readonly values: string;
}

export interface DatedLine extends Line {
  /** The trade date, which a stamp of the evening before does not say. */
  readonly day: IsoDay;
}
