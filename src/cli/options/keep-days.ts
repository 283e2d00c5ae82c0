/** `--keep-days` of what removes the oldest days. */
import { UsageError } from '#cli/usage-error.js';

/** Throws UsageError, also where it is not given. */
export function keepDaysOption(given: unknown): number {
  if (given === undefined)
    throw new UsageError('Say how many calendar days up to the newest day here stay: --keep-days 800.');
  const days = /^\d{1,6}$/.test(String(given)) ? Number(given) : 0;
  if (days < 1)
    throw new UsageError(`--keep-days must be a whole number from 1 to 999999, not ${String(given)}.`);
  return days;
}
