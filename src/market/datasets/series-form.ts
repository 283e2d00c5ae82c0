/**
 * How the records of a day file become lines of a series: what a file holds (a ticker's history, or that of
 * all contracts on an underlying), what a line begins with (the day, or the moment) and what follows. Plain
 * data, so that it goes from thread to thread.
 */
import type { EveningRule } from '#market/calendar/trade-date.js';

export interface SeriesForm {
  /**
   * What each of the dataset's tickers begins with and no file name does: `I:`; '' where there is nothing.
   */
  readonly prefix: string;
  /** Ends a series' file name: `AAPL` + `_1d_data.csv`. */
  readonly suffix: string;
  /**
   * What a file is of. `underlying`: of all option contracts on it, and its name in lists is the prefix and
   * the root, `O:SPY`.
   */
  readonly of: 'ticker' | 'underlying';
  /**
   * `day`: `Date`, the day in the key; `moment`: `Datetime`, as the clocks of `timeZone` show it, with its
   * offset.
   */
  readonly time: 'day' | 'moment';
  /** IANA name of the zone in which the dataset's days begin and end. */
  readonly timeZone: string;
  /**
   * Of moments: a day reaches back to 20:00 of the evening before, and whose an evening is where only a series
   * is there to say (trade-date.ts). Undefined: a day is the zone's.
   */
  readonly evenings?: EveningRule;
  /**
   * `bar`: Open, High, Low, Close, Volume; otherwise these columns of the vendor's by their names, in
   * whatever case, as they are.
   */
  readonly values: 'bar' | readonly string[];
  /** Of a ticker with `day`: a day is all of its records, in the vendor's order, and not one. */
  readonly many?: true;
  /** The values are some columns of what are bars: of several with the same moment, or day, the last counts. */
  readonly picked?: true;
}

const BAR = ['Open', 'High', 'Low', 'Close', 'Volume'] as const;
/** Columns of a bar, which hold numbers in their plain form also where they stand among others. */
export const BAR_NAMES: ReadonlySet<string> = new Set(BAR);

/** How many of a line's values are its bar, where it begins with one: other columns may follow. */
export const BAR_COLUMNS = BAR.length;

/** Whether a line is a bar, or begins with one. */
export function hasBars({ values }: Pick<SeriesForm, 'values'>): boolean {
  return values === 'bar' || BAR.every((name, i) => values[i] === name);
}

/** `Open` of `open`; undefined for what is no column of a bar. */
export function barColumnOf(name: string): string | undefined {
  return BAR.find((column) => column.toLowerCase() === name);
}

/** Whether several records of a ticker and moment are one line, the last. */
export function isOfBars({ values, picked }: Pick<SeriesForm, 'values' | 'picked'>): boolean {
  return values === 'bar' || picked === true;
}

const CONTRACT = ['Contract', 'Expiry', 'Right', 'Strike'] as const;

/** A line a day of one ticker, as yfinance writes it. */
export const dayBars: SeriesForm = {
  prefix: '',
  suffix: '_1d_data.csv',
  of: 'ticker',
  time: 'day',
  timeZone: 'America/New_York',
  values: 'bar',
};

/** The columns of the series file. */
export function seriesColumns({ of, time, values }: SeriesForm): readonly string[] {
  return [
    time === 'day' ? 'Date' : 'Datetime',
    ...(of === 'underlying' ? CONTRACT : []),
    ...(values === 'bar' ? BAR : values),
  ];
}

/**
 * Whether a day is at most one line, which then begins with the day; otherwise each of its lines says itself
 * which day it is of.
 */
export function isLineADay({ of, time, many, picked }: SeriesForm): boolean {
  return of === 'ticker' && time === 'day' && many !== true && picked !== true;
}

/** Whether a day is at most one line, and that a bar: what a history of closes and volumes can be made of. */
export function isBarADay(form: SeriesForm): boolean {
  return isLineADay(form) && form.values === 'bar';
}
