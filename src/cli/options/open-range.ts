/** The range of commands that take everything unless options say less. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { resolveRange } from '#market/calendar/range.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isOpen, rangeContext, rangeFlags } from './range-flags.js';

/** Of the calendar. */
const FIRST_DAY = '1900-01-01';
const LAST_DAY = '9999-12-31';

/**
 * Days and months count back from the last session that is due, for every ticker alike. Throws
 * RangeOptionsError.
 */
export function openRange(
  flags: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  now: Date,
): { readonly start: IsoDay; readonly end: IsoDay } {
  const given = rangeFlags(flags);
  const range = resolveRange(
    isOpen(given) ? { ...given, start: FIRST_DAY } : given,
    // A series may hold older rows than the vendor has.
    { ...rangeContext(dataset, now), firstDay: FIRST_DAY, farthest: LAST_DAY },
  );
  return { start: range.start, end: given.end === undefined ? LAST_DAY : range.end };
}
