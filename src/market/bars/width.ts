/** How long a bar is, by yfinance's names: `5m`, `1h`, `1d`, `1w`, `1mo`, `3mo`. */
import { addDays, type IsoDay, monthOf, weekday } from '#market/calendar/iso-day.js';

export type BarWidth =
  | { readonly unit: 'minute'; readonly minutes: number }
  | { readonly unit: 'period'; readonly period: Period };

export type Period = 'day' | 'week' | 'month' | 'quarter';

const PERIODS: ReadonlyMap<string, Period> = new Map([
  ['1d', 'day'],
  ['1w', 'week'],
  ['1wk', 'week'],
  ['1mo', 'month'],
  ['3mo', 'quarter'],
]);
const MINUTES_A_DAY = 24 * 60;

/** Minutes and hours below a day, and the periods above. Undefined for any other text. */
export function barWidthOf(text: string): BarWidth | undefined {
  const period = PERIODS.get(text);
  if (period !== undefined) return { unit: 'period', period };
  const [, count, unit] = /^([1-9]\d{0,3})([mh])$/.exec(text) ?? [];
  const minutes = Number(count) * (unit === 'h' ? 60 : 1);
  return minutes < MINUTES_A_DAY ? { unit: 'minute', minutes } : undefined;
}

/** The day with which the period of `day` begins: a Monday, the first of a month or of a calendar quarter. */
export function firstDayOf(period: Period, day: IsoDay): IsoDay {
  switch (period) {
    case 'day':
      return day;
    case 'week':
      return addDays(day, -((weekday(day) + 6) % 7));
    case 'month':
      return `${monthOf(day)}-01`;
    case 'quarter': {
      const month = Number(day.slice(5, 7));
      return `${day.slice(0, 4)}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`;
    }
  }
}
