/** Bars together: a week's, a month's, so many sessions'. Open of the first, close of the last, highest, lowest, exact sum of the volumes. */
import { addDays, type IsoDay, monthOf, weekday } from '../calendar/iso-day.js';
import { compareDecimal } from '../flatfile/decimal.js';
import { sumDecimals } from '../flatfile/decimal-sum.js';
import type { Bar } from './bar.js';

/** A bar an ISO week (Monday to Sunday). `bars` ascending. */
export function byWeek(bars: readonly Bar[]): readonly Bar[] {
  return byKey(bars, ({ start }) => mondayOf(start));
}

/** A bar a calendar month. */
export function byMonth(bars: readonly Bar[]): readonly Bar[] {
  return byKey(bars, ({ start }) => monthOf(start));
}

/** So many bars into one, counted from the end, so that the newest is a whole one. */
export function byCount(bars: readonly Bar[], size: number): readonly Bar[] {
  const first = bars.length % size;
  return byKey(bars, (_, i) => String(Math.floor((i + size - (first === 0 ? size : first)) / size)));
}

function mondayOf(day: IsoDay): IsoDay {
  return addDays(day, -((weekday(day) + 6) % 7));
}

function byKey(bars: readonly Bar[], keyOf: (bar: Bar, i: number) => string): readonly Bar[] {
  const groups: { readonly key: string; readonly bars: Bar[] }[] = [];
  for (const [i, bar] of bars.entries()) {
    const key = keyOf(bar, i);
    const group = groups.at(-1);
    if (group?.key === key) group.bars.push(bar);
    else groups.push({ key, bars: [bar] });
  }
  return groups.flatMap((group) => together(group.bars) ?? []);
}

function together(bars: readonly Bar[]): Bar | undefined {
  const [first] = bars;
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    start: first.start,
    end: last.end,
    sessions: bars.reduce((sum, { sessions }) => sum + sessions, 0),
    open: first.open,
    high: bars.map(({ high }) => high).reduce((a, b) => (compareDecimal(b, a) > 0 ? b : a)),
    low: bars.map(({ low }) => low).reduce((a, b) => (compareDecimal(b, a) < 0 ? b : a)),
    close: last.close,
    volume: sumDecimals(bars.map(({ volume }) => volume)),
  };
}
