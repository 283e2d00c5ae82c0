/**
 * Which trade date a moment of an evening is of. From December 2026 on the tapes of US shares begin a trade
 * date at 20:00 or 21:00 in New York on the evening before, Sunday's for Monday (the plan that the SIPs filed
 * on 2025-12-19), so the vendor's file of a day reaches back to 20:00 of the calendar day before. What is
 * printed late stands after 20:00 too, in the file of its own day. The file that a record stands in decides;
 * where there is only a series, this rule does, and its few exceptions are marked there (EVENING_MARK).
 */
import { addDays, type IsoDay, weekday } from './iso-day.js';

/** The hour, in New York, at which a trade date begins on the evening before. */
export const EVENING_HOUR = 20;

/**
 * Whose an evening is as a rule: `next`: the next day's, where that is a weekday from AROUND_THE_CLOCK on;
 * `own`: its own day's, always.
 */
export type EveningRule = 'own' | 'next';

/** The first trade date that begins on the evening before. */
const AROUND_THE_CLOCK: IsoDay = '2026-12-07';

/**
 * Before the stamp of a line in a series, and behind it: the line is of the other one of the two days that an
 * evening can be of. Quotes, since every reader of CSV takes them off.
 */
export const EVENING_MARK = '"';

/** The trade date of a moment from 20:00 on, by the calendar day that clocks show. Holidays change nothing. */
export function tradeDateOfEvening(day: IsoDay, rule: EveningRule, isMarked = false): IsoDay {
  const next = dayAfter(day);
  return (rule === 'next' && beginsOnTheEveningBefore(next)) !== isMarked ? next : day;
}

/** Whether a moment of that evening has to be marked to be of the trade date `of`, one of its two. */
export function isExceptional(evening: IsoDay, of: IsoDay, rule: EveningRule): boolean {
  return tradeDateOfEvening(evening, rule) !== of;
}

function beginsOnTheEveningBefore(day: IsoDay): boolean {
  return day >= AROUND_THE_CLOCK && weekday(day) % 6 !== 0;
}

/** The last day that there is has none behind it. */
function dayAfter(day: IsoDay): IsoDay {
  return day >= '9999-12-31' ? day : addDays(day, 1);
}
