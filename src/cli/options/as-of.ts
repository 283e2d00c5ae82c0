/** `--as-of DAY`: what was known at the end of that day. */
import { UsageError } from '#cli/usage-error.js';
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';

/** Undefined where it is not given. Throws UsageError for what is no day. */
export function asOfOption(given: unknown): IsoDay | undefined {
  if (given === undefined) return undefined;
  const day = String(given);
  if (!isIsoDay(day)) throw new UsageError(`--as-of ${day} is no day: give YYYY-MM-DD.`);
  return day;
}
