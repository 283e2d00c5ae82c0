/** --start, --end, --days and --months as they were given, and what they are measured against. */
import { lastDueSession } from '#market/calendar/due.js';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { type RangeContext, type ResolvedRange, resolveRange } from '#market/calendar/range.js';
import { RangeOptionsError } from '#market/calendar/range-options-error.js';
import { spokenDay } from '#market/calendar/spoken-day.js';
import { dayIn } from '#market/calendar/zone.js';
import type { Dataset } from '#market/datasets/dataset.js';

export interface RangeFlags {
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly days: string | undefined;
  readonly months: string | number | undefined;
}

export function rangeFlags(flags: Readonly<Record<string, unknown>>): RangeFlags {
  const text = (name: string): string | undefined =>
    flags[name] === undefined ? undefined : String(flags[name]);
  return { start: text('start'), end: text('end'), days: text('days'), months: text('months') };
}

/** Whether nothing says where the range begins. */
export function isOpen({ start, days, months }: RangeFlags): boolean {
  return (start ?? days ?? months) === undefined;
}

/** How far ahead a range may reach, in days: whoever plans, plans within ten years. */
const AHEAD = 3660;

/** The last day that makes sense as the end of a range. */
export function farthestDay(dataset: Dataset, now: Date): IsoDay {
  return addDays(dayIn(dataset.publication.timeZone, now), AHEAD);
}

export function rangeContext(dataset: Dataset, now: Date): RangeContext {
  return {
    today: dayIn(dataset.publication.timeZone, now),
    farthest: farthestDay(dataset, now),
    lastDue: lastDueSession(dataset.calendar, dataset.publication, now),
    firstDay: dataset.firstDay,
  };
}

/**
 * The range of one of the datasets that a command is given: of several each begins at its first day at the
 * earliest (`clamped`), and a range that none of its days lies in says whose it is. Throws RangeOptionsError.
 */
export function rangeIn(
  given: RangeFlags,
  dataset: Dataset,
  { datasets, now }: { readonly datasets: readonly Dataset[]; readonly now: Date },
): ResolvedRange {
  const context = rangeContext(dataset, now);
  if (datasets.length < 2) return resolveRange(given, context);
  const start = spokenDay(given.start ?? '', 'start', context.today);
  const begins = start !== undefined && start < dataset.firstDay;
  try {
    const range = resolveRange(begins ? { ...given, start: dataset.firstDay } : given, context);
    return { ...range, clamped: range.clamped || begins };
  } catch (error) {
    if (!(error instanceof RangeOptionsError)) throw error;
    throw new RangeOptionsError(`${dataset.name}: ${error.message}`);
  }
}
