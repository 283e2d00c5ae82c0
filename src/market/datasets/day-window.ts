/** Between which instants the stamps of a day lie. */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { instantOf } from '#market/calendar/zone.js';
import type { DayRules } from './dataset.js';

/** Seconds since the epoch: where the day begins in the dataset's zone, and where the next one does. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

export function windowOf({ series: { timeZone } }: Pick<DayRules, 'series'>, day: IsoDay): DayWindow {
  return {
    from: instantOf(day, 0, timeZone).getTime() / 1000,
    to: instantOf(addDays(day, 1), 0, timeZone).getTime() / 1000,
  };
}
