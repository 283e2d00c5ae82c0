/**
 * What there is to see of a ticker: its bars over a range, a candle a session or a week, and the key figures.
 * Pure.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SessionCalendar } from '#market/calendar/sessions.js';
import type { Row } from '#store/series/row.js';
import { type Bar, barOf } from './bar.js';
import { type Figures, figuresOf } from './figures.js';
import { byWeek } from './group.js';

export interface ShowRequest {
  readonly ticker: string;
  /** Ascending, each day once. */
  readonly rows: readonly Row[];
  readonly calendar: SessionCalendar;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly weekly: boolean;
}

export interface Shown {
  readonly ticker: string;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  /** The whole of it. First and last day are undefined where there is no row. */
  readonly series: {
    readonly first: IsoDay | undefined;
    readonly last: IsoDay | undefined;
    readonly rows: number;
  };
  readonly candle: 'session' | 'week';
  /** Of the range, ascending: a bar a session, or a week. */
  readonly bars: readonly Bar[];
  /** The bar before the first of `bars`, for its change. */
  readonly before: Bar | undefined;
  /** Bars of single sessions in the range. */
  readonly sessions: number;
  /** Sessions of the range, from the series' first day to its last, that have no row. */
  readonly missing: readonly IsoDay[];
  /** Days of the range whose row is no bar (`NaN`, nothing): left out of everything else. */
  readonly odd: readonly IsoDay[];
  /** Undefined where the range holds no bar. */
  readonly figures: Figures | undefined;
}

export function show({ ticker, rows, calendar, range, weekly }: ShowRequest): Shown {
  const { start, end } = range;
  const inRange = rows.filter(({ day }) => day >= start && day <= end);
  const all = rows.flatMap((row) => barOf(row) ?? []);
  const from = all.filter((bar) => bar.start < start).length;
  const to = all.filter((bar) => bar.start <= end).length;
  const daily = all.slice(from, to);
  const first = rows[0]?.day;
  const last = rows.at(-1)?.day;
  return {
    ticker,
    range,
    series: { first, last, rows: rows.length },
    candle: weekly ? 'week' : 'session',
    bars: weekly ? byWeek(daily) : daily,
    before: from === 0 ? undefined : all[from - 1],
    sessions: daily.length,
    missing:
      first === undefined || last === undefined
        ? []
        : missingDays(inRange, later(first, start), earlier(last, end), calendar),
    odd: inRange.filter((row) => barOf(row) === undefined).map(({ day }) => day),
    figures: figuresOf(all, from, to),
  };
}

function missingDays(
  rows: readonly Row[],
  start: IsoDay,
  end: IsoDay,
  calendar: SessionCalendar,
): readonly IsoDay[] {
  const there = new Set(rows.map(({ day }) => day));
  return calendar.sessions(start, end).filter((day) => !there.has(day));
}

function later(a: IsoDay, b: IsoDay): IsoDay {
  return a > b ? a : b;
}

function earlier(a: IsoDay, b: IsoDay): IsoDay {
  return a < b ? a : b;
}
