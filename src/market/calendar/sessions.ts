/**
 * A session calendar says on which days an exchange trades. It is a rule, not a table that ends, and knows
 * neither clock nor data: whether a session's file is there yet is another question (due.ts). It says what to
 * expect, and not what there is: the vendor has files of other days too (indices on holidays of the New York
 * Stock Exchange, currencies on a Saturday). Such an extra day is taken where it is listed, and is no hole
 * where it is not.
 */
import { addDays, daysBetween, type IsoDay, weekday } from './iso-day.js';

export interface SessionCalendar {
  readonly name: string;
  isSession(day: IsoDay): boolean;
  /** The sessions from `start` to `end`, both included, ascending; none where `end` is earlier. */
  sessions(start: IsoDay, end: IsoDay): readonly IsoDay[];
  /**
   * Why a weekday is closed in full ("Good Friday"); undefined for a session, and for a day of the weekend.
   */
  closure(day: IsoDay): string | undefined;
  /**
   * `n` = 0: the last session at or before `day` (so a session is its own); `n` = 1: the session before that
   * one, and so on. From a Monday after a plain week, 1 is Friday; from the Sunday before it, 0 is that
   * Friday.
   */
  previous(day: IsoDay, n: number): IsoDay;
}

/** In what one market's calendar differs from another's. */
export type CalendarRule = Pick<SessionCalendar, 'name' | 'isSession' | 'closure'>;

/** The calendar of a market that trades from Monday to Friday but for the closures that `closure` names. */
export function weekdayCalendar(
  name: string,
  closure: (weekday: IsoDay) => string | undefined,
): SessionCalendar {
  const isWeekend = (day: IsoDay) => weekday(day) % 6 === 0;
  return calendarOf({
    name,
    isSession: (day) => !isWeekend(day) && closure(day) === undefined,
    closure: (day) => (isWeekend(day) ? undefined : closure(day)),
  });
}

/** There must be a session a year at the least: `previous` looks for one as far back as it has to. */
export function calendarOf(rule: CalendarRule): SessionCalendar {
  const { isSession } = rule;
  return {
    ...rule,
    sessions: (start, end) => everyDayOf(start, end).filter(isSession),
    previous(day, n) {
      let session = day;
      while (!isSession(session)) session = addDays(session, -1);
      for (let i = 0; i < n; i++) {
        do session = addDays(session, -1);
        while (!isSession(session));
      }
      return session;
    },
  };
}

/**
 * Of which each may have a file: every day from `start` to `end`, both included, ascending; none where `end`
 * is earlier.
 */
export function everyDayOf(start: IsoDay, end: IsoDay): readonly IsoDay[] {
  const length = Math.max(0, daysBetween(start, end) + 1);
  return Array.from({ length }, (_, i) => addDays(start, i));
}
