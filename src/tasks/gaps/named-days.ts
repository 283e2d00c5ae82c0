/**
 * The days that `--accept` and `--unaccept` name, and whether they can be accepted. Pure; a refusal is a
 * sentence.
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { CoveredDay } from '#tasks/coverage/cover.js';
import { isHole } from '#tasks/coverage/cover.js';

export type NamedDays =
  /** Ascending, each once, at least one. */
  { readonly ok: true; readonly days: readonly IsoDay[] } | { readonly ok: false; readonly refusal: string };

/**
 * `2025-08-07`, or with more after commas, or `2025-08-07..2025-08-12` for the sessions of a range.
 * `farthest`: none may lie behind it.
 */
export function namedDays(
  text: string,
  option: string,
  { calendar, firstDay }: Dataset,
  farthest: IsoDay,
): NamedDays {
  const days = new Set<IsoDay>();
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
    const sessions = calendar.sessions(start, end);
    if (sessions.length === 0) {
      const why = calendar.closure(start);
      return refuse(
        start === end
          ? `${start} is no session${why === undefined ? '' : ` (${why})`}: there is nothing of it to lack.`
          : `${part} holds no session.`,
      );
    }
    for (const day of sessions) days.add(day);
  }
  return { ok: true, days: [...days].sort() };
}

/** Why the days cannot be accepted; undefined where they can: all are holes. */
export function acceptRefusal(covered: readonly CoveredDay[]): string | undefined {
  const others = covered.filter((day) => !isHole(day));
  const [first] = others;
  if (first === undefined) return undefined;
  const why = first.state === 'pending' ? 'is not overdue yet' : 'is here';
  const more = others.length > 1 ? `, and so with ${others.length - 1} more of these days` : '';
  return `${first.day} ${why}${more}: only holes can be accepted, and nothing was.`;
}
