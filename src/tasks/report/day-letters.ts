/** The states of days as letters, a text a month: what the report's calendar is drawn from. Pure. */
import type { CoveredDay, CoverState } from '#tasks/coverage/cover.js';

/** The letter of each state; a hole that was accepted has the capital one. */
export const LETTERS: Readonly<Record<CoverState, string>> = {
  done: 'd',
  pending: 'p',
  missing: 'm',
  available: 'a',
  denied: 'x',
  failed: 'f',
  pruned: 'r',
  'never-asked': 'n',
};

/** An extra day, that is no session and has a file. */
export const EXTRA = 'e';

/** By month, `2024-05`: the day of the month and its letter, one behind the other: `1d2d3m6d`. */
export function lettersByMonth(days: readonly CoveredDay[]): Readonly<Record<string, string>> {
  const months: Record<string, string> = {};
  for (const { day, state, extra, accepted } of days) {
    const month = day.slice(0, 7);
    const letter = LETTERS[state];
    const shown = extra && state === 'done' ? EXTRA : accepted === undefined ? letter : letter.toUpperCase();
    months[month] = `${months[month] ?? ''}${Number(day.slice(8))}${shown}`;
  }
  return months;
}
