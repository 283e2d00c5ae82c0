/**
 * Bars together: a week's, a month's, so many sessions'. Open of the first, close of the last, highest,
 * lowest, exact sum of the volumes.
 */
import { joined } from '#market/bars/bar.js';
import { firstDayOf } from '#market/bars/width.js';
import type { Bar } from './bar.js';

/** A bar an ISO week (Monday to Sunday). `bars` ascending. */
export function byWeek(bars: readonly Bar[]): readonly Bar[] {
  return byKey(bars, ({ start }) => firstDayOf('week', start));
}

/** A bar a calendar month. */
export function byMonth(bars: readonly Bar[]): readonly Bar[] {
  return byKey(bars, ({ start }) => firstDayOf('month', start));
}

/** So many bars into one, counted from the end, so that the newest is a whole one. */
export function byCount(bars: readonly Bar[], size: number): readonly Bar[] {
  const first = bars.length % size;
  return byKey(bars, (_, i) => String(Math.floor((i + size - (first === 0 ? size : first)) / size)));
}

function byKey(bars: readonly Bar[], keyOf: (bar: Bar, i: number) => string): readonly Bar[] {
  const groups: { readonly key: string; bar: Bar }[] = [];
  for (const [i, bar] of bars.entries()) {
    const key = keyOf(bar, i);
    const group = groups.at(-1);
    if (group?.key === key) group.bar = together(group.bar, bar);
    else groups.push({ key, bar });
  }
  return groups.map(({ bar }) => bar);
}

function together(first: Bar, last: Bar): Bar {
  return {
    start: first.start,
    end: last.end,
    sessions: first.sessions + last.sessions,
    ...joined(first, last),
  };
}
