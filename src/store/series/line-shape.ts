/** What the lines of a series are: a header, and at the head of each line its day or its moment. */
import type { EveningRule } from '#market/calendar/trade-date.js';
import { isLineADay, type SeriesForm, seriesColumns } from '#market/datasets/series-form.js';

export interface LineShape {
  /** The first is `Date` or `Datetime`, in whatever place it stands in other hands' files. */
  readonly columns: readonly string[];
  /**
   * A day is one line at most, which begins with the day, and a row's values are what follows; otherwise they
   * are the day's lines whole.
   */
  readonly onePerDay: boolean;
  /**
   * IANA name: each line begins with a local date-time of that zone (local-stamps.ts). Undefined: with a day
   * alone.
   */
  readonly timeZone: string | undefined;
  /** Whose a line of an evening is (trade-date.ts); undefined: always the day's that it begins with. */
  readonly evenings: EveningRule | undefined;
  /** Stamps always have nine digits behind the point; otherwise only where they are needed. */
  readonly nanoseconds: boolean;
  /**
   * A ticker's bars: their stamps ascend, and of lines with the same the last counts. Otherwise all the lines
   * of a day stay, in their order: contracts have the same stamps, and so have trades.
   */
  readonly distinct: boolean;
}

export function lineShapeOf(form: SeriesForm): LineShape {
  const isMoment = form.time === 'moment';
  return {
    columns: seriesColumns(form),
    onePerDay: isLineADay(form),
    timeZone: isMoment ? form.timeZone : undefined,
    evenings: isMoment ? form.evenings : undefined,
    nanoseconds: isMoment && form.values !== 'bar',
    distinct: isMoment && form.of === 'ticker' && form.values === 'bar',
  };
}

/** The columns whose text is a number; others, also the vendor's own, are kept letter by letter. */
const NUMBERS: ReadonlySet<string> = new Set(['Open', 'High', 'Low', 'Close', 'Volume', 'Strike']);

export function isNumberColumn(column: string): boolean {
  return NUMBERS.has(column);
}

export function headerOf({ columns }: LineShape): string {
  return `${columns.join(',')}\n`;
}
