/**
 * The days that `--accept` and `--unaccept` name, and whether they can be accepted. Pure; a refusal is a
 * sentence.
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { everyDayOf } from '#market/calendar/sessions.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { CoveredDay } from '#tasks/coverage/cover.js';
import { isHole } from '#tasks/coverage/cover.js';

export type NamedDays =
  | {
      readonly ok: true;
      /** Sessions, and other days that are named one by one. Ascending, each once. */
      readonly days: readonly IsoDay[];
      /** The days of ranges that are no sessions: meant as far as there is something of them to lack. */
      readonly besides: readonly IsoDay[];
    }
  | { readonly ok: false; readonly refusal: string };

/**
 * `2025-08-07`, or with more after commas, or `2025-08-07..2025-08-12` for the days of a range. `farthest`:
 * none may lie behind it.
 */
export function namedDays(
  text: string,
  option: string,
  { calendar, firstDay }: Dataset,
  farthest: IsoDay,
): NamedDays {
  const days = new Set<IsoDay>();
  const besides = new Set<IsoDay>();
  const refuse = (refusal: string): NamedDays => ({ ok: false, refusal: `${option} ${refusal}` });
  for (const part of text.split(',').map((item) => item.trim())) {
    const [start = '', end = start, ...more] = part.split('..');
    if (more.length > 0 || !isIsoDay(start) || !isIsoDay(end))
      return refuse(
        `${JSON.stringify(part)} is not a day or a range of days: write 2025-08-07, or 2025-08-07..2025-08-12.`,
      );
    if (end < start) return refuse(`${part} ends before it starts.`);
    if (start < firstDay) return refuse(`${start} is before the dataset's first day, ${firstDay}.`);
    if (end > farthest) return refuse(`${end} is too far in the future.`);
    for (const day of everyDayOf(start, end))
      (calendar.isSession(day) || start === end ? days : besides).add(day);
  }
  return {
    ok: true,
    days: [...days].sort(),
    besides: [...besides].filter((day) => !days.has(day)).sort(),
  };
}

/**
 * The days of `named` that are accepted: all that were named one by one, sessions of ranges, and extra days of
 * them that are holes. `covered`: what is known of the days of the whole range. A refusal where one of them is
 * no hole, or none is left.
 */
export function acceptedDays(
  named: Extract<NamedDays, { ok: true }>,
  covered: readonly CoveredDay[],
  { calendar }: Dataset,
): NamedDays {
  const besides = new Set(named.besides);
  const holes = covered.filter((day) => besides.has(day.day) && isHole(day)).map(({ day }) => day);
  const days = [...named.days, ...holes].sort();
  if (days.length === 0) {
    const range = `${named.besides[0]}..${named.besides.at(-1)}`;
    return { ok: false, refusal: `--accept ${range} holds no session, and no other day that lacks.` };
  }
  const there = new Set(covered.map(({ day }) => day));
  const nothing = days.find((day) => !there.has(day));
  if (nothing !== undefined) {
    const why = calendar.closure(nothing);
    const refusal = `${nothing} is no session${why === undefined ? '' : ` (${why})`}: there is nothing of it to lack.`;
    return { ok: false, refusal };
  }
  const asked = new Set(days);
  const refusal = acceptRefusal(covered.filter(({ day }) => asked.has(day)));
  return refusal === undefined ? { ok: true, days, besides: [] } : { ok: false, refusal };
}

/** Why the days cannot be accepted; undefined where they can: all are holes. */
function acceptRefusal(covered: readonly CoveredDay[]): string | undefined {
  const others = covered.filter((day) => !isHole(day));
  const [first] = others;
  if (first === undefined) return undefined;
  const why = first.state === 'pending' ? 'is not overdue yet' : 'is here';
  const more = others.length > 1 ? `, and so with ${others.length - 1} more of these days` : '';
  return `${first.day} ${why}${more}: only holes can be accepted, and nothing was.`;
}
