/** Between which instants the stamps of a day lie. */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { EVENING_HOUR } from '#market/calendar/trade-date.js';
import { instantOf } from '#market/calendar/zone.js';
import type { DayRules } from './dataset.js';

/**
 * Seconds since the epoch: where the day begins in the dataset's zone, which can be on the evening before, and
 * where the calendar's next one does.
 */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

export function windowOf({ series }: Pick<DayRules, 'series'>, day: IsoDay): DayWindow {
  const { timeZone, evenings } = series;
  const from =
    evenings === undefined
      ? instantOf(day, 0, timeZone)
      : instantOf(addDays(day, -1), EVENING_HOUR, timeZone);
  return {
    from: from.getTime() / 1000,
    to: instantOf(addDays(day, 1), 0, timeZone).getTime() / 1000,
  };
}
