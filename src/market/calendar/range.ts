/**
 * The range options, `--start`, `--end`, `--days` and `--months`, resolved into two days. Pure, and the one
 * place that decides what a range means; every refusal is one sentence that says what to do.
 */
import { addDays, daysBetween, type IsoDay } from './iso-day.js';
import { subMonthsClamped } from './months.js';
import { RangeOptionsError } from './range-options-error.js';
import { spokenDay } from './spoken-day.js';

/** As given: dates unchecked (also words and parts of them, spoken-day.ts), numbers as numbers or as the text on the command line. */
export interface RangeOptions {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly days?: number | string | undefined;
  readonly months?: number | string | undefined;
}

/** What the options are measured against. */
export interface RangeContext {
  /** The calendar day now, in the dataset's zone. */
  readonly today: IsoDay;
  /** The last session that is due: where a range ends by default. */
  readonly lastDue: IsoDay;
  /** The first day that the dataset has. */
  readonly firstDay: IsoDay;
  /** The last day that a range may reach to: sessions of thousands of years to come are counted for hours. */
  readonly farthest: IsoDay;
}

export interface ResolvedRange {
  readonly start: IsoDay;
  readonly end: IsoDay;
  /**
   * Whether `--days` or `--months` reached back beyond the dataset's first day, where the range now starts.
   */
  readonly clamped: boolean;
}

/**
 * `end` defaults to the last session that is due, and may lie in the future. `days`: that many calendar days,
 * the end included. `months`: that many calendar months back from the end, clamped to the month's length,
 * plus a day. A `start` of which nothing is due yet (today's, before the file is out) reaches to today: there
 * is nothing to do, which is no error. Throws RangeOptionsError.
 */
export function resolveRange(options: RangeOptions, context: RangeContext): ResolvedRange {
  const given = (['start', 'days', 'months'] as const).filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    throw new RangeOptionsError(`Give only one of ${given.map((name) => `--${name}`).join(' and ')}.`);
  }
  if (given.length === 0) {
    throw new RangeOptionsError(
      `${options.end === undefined ? 'Say which days' : 'Say where the range begins as well'}: ` +
        '--months N, --days N, --start DATE, or --start DATE with --end DATE.',
    );
  }
  const givenEnd = options.end === undefined ? undefined : dateOf('end', options.end, context);
  if (givenEnd !== undefined && givenEnd < context.firstDay) {
    throw new RangeOptionsError(
      `--end ${givenEnd} is before the dataset's first day; give ${context.firstDay} or later.`,
    );
  }
  if (givenEnd !== undefined && givenEnd > context.farthest) {
    throw new RangeOptionsError(
      `--end ${givenEnd} is too far in the future; give ${context.farthest} or earlier.`,
    );
  }
  if (options.start !== undefined)
    return fromStart(dateOf('start', options.start, context), givenEnd, context);

  const end = givenEnd ?? context.lastDue;
  const start =
    options.days !== undefined
      ? daysBack(end, countOf('--days', options.days), context.firstDay)
      : monthsBack(end, countOf('--months', options.months ?? ''), context.firstDay);
  return start === undefined
    ? { start: context.firstDay, end, clamped: true }
    : { start, end, clamped: false };
}

function fromStart(start: IsoDay, givenEnd: IsoDay | undefined, context: RangeContext): ResolvedRange {
  if (start < context.firstDay) {
    throw new RangeOptionsError(
      `--start ${start} is before the dataset's first day; give ${context.firstDay} or later.`,
    );
  }
  if (givenEnd !== undefined && givenEnd < start) {
    throw new RangeOptionsError(
      `--start ${start} is after --end ${givenEnd}; give the earlier day as --start.`,
    );
  }
  if (start > context.today) {
    throw new RangeOptionsError(`--start ${start} is in the future; give ${context.today} or earlier.`);
  }
  const end = givenEnd ?? (context.lastDue < start ? context.today : context.lastDue);
  return { start, end, clamped: false };
}

function dateOf(side: 'start' | 'end', text: string, { today }: RangeContext): IsoDay {
  const day = spokenDay(text, side, today);
  if (day !== undefined) return day;
  throw new RangeOptionsError(
    `--${side} ${JSON.stringify(text)} is not a date of the calendar; write it as YYYY-MM-DD, such as 2024-02-29, or as 2024-02, 2024, today or yesterday.`,
  );
}

function countOf(option: string, value: number | string): number {
  const count = typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isInteger(count) && count > 0) return count;
  throw new RangeOptionsError(
    `${option} must be a whole number from 1 up, not ${typeof value === 'number' ? value : JSON.stringify(value)}.`,
  );
}

/** Undefined where that is before `firstDay`. */
function daysBack(end: IsoDay, days: number, firstDay: IsoDay): IsoDay | undefined {
  return days > daysBetween(firstDay, end) + 1 ? undefined : addDays(end, 1 - days);
}

/** Undefined where that is before `firstDay`, or before the calendar itself. */
function monthsBack(end: IsoDay, months: number, firstDay: IsoDay): IsoDay | undefined {
  const monthsSince1900 = (Number(end.slice(0, 4)) - 1900) * 12 + Number(end.slice(5, 7)) - 1;
  if (months > monthsSince1900) return undefined;
  const start = addDays(subMonthsClamped(end, months), 1);
  return start < firstDay ? undefined : start;
}
