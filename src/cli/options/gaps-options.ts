/**
 * What gaps and backfill share on the command line: their range, which is what the folder covers unless
 * options say otherwise.
 */

import type { CommandContext } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { DayRange } from '#tasks/gaps/find-gaps.js';
import { isOpen, rangeFlags, rangeIn } from './range-flags.js';

/**
 * `covered`: from the first day that the folder knows; undefined where it knows none. Throws UsageError or
 * RangeOptionsError.
 */
export function gapsRangeOf(
  flags: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  context: Pick<CommandContext, 'datasets' | 'now'>,
  covered: DayRange | undefined,
): DayRange {
  const given = rangeFlags(flags);
  const open = isOpen(given);
  if (open && covered === undefined)
    throw new UsageError(
      `No day of ${dataset.name} is known here yet: run barloom populate --months 1 first, or give --start.`,
    );
  if (open && given.end === undefined && covered !== undefined) return covered;
  const { start, end } = rangeIn(open ? { ...given, start: covered?.start } : given, dataset, context);
  return { start, end };
}
