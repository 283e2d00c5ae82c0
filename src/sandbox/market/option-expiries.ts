/**
 * When options end: on Fridays, the third of a month before all, and for the busiest underlyings on every
 * session.
 */
import { addDays, type IsoDay, weekday } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';

const FRIDAY = 5;

/** How many of each kind of expiry an underlying has. */
export interface ExpiryPlan {
  /** Every session, for so many. */
  readonly sessions: number;
  readonly weeks: number;
  readonly months: number;
  /** Januaries of years to come. */
  readonly years: number;
}

/**
 * The expiries on or after `day`, ascending. A Friday that is closed gives its place to the session before.
 */
export function expiriesFrom(day: IsoDay, plan: ExpiryPlan): readonly IsoDay[] {
  const found = new Set<IsoDay>();
  for (let next = day, left = plan.sessions; left > 0; next = addDays(next, 1)) {
    if (!nyse.isSession(next)) continue;
    found.add(next);
    left -= 1;
  }
  const friday = addDays(day, (FRIDAY - weekday(day) + 7) % 7);
  for (let week = 0; week < plan.weeks; week++) found.add(sessionAtOrBefore(addDays(friday, 7 * week)));
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  for (let ahead = 0; ahead < plan.months; ahead++) found.add(thirdFriday(year, month + ahead));
  for (let ahead = 1; ahead <= plan.years; ahead++) found.add(thirdFriday(year + ahead, 1));
  return [...found].filter((expiry) => expiry >= day).sort();
}

/** `month` may run over 12. */
function thirdFriday(year: number, month: number): IsoDay {
  const first = new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10);
  return sessionAtOrBefore(addDays(first, ((FRIDAY - weekday(first) + 7) % 7) + 14));
}

function sessionAtOrBefore(day: IsoDay): IsoDay {
  return nyse.previous(day, 0);
}
