/**
 * Our factors beside the vendor's `historical_adjustment_factor`, which is cumulative over the event and all
 * later ones, and rounded to six decimals: too few to adjust with, enough to find a mistake.
 */

import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import type { Actions, AdjustNote } from './actions.js';
import { type FactorStep, stepOn } from './factors.js';
import { approximate } from './fraction.js';

/** One in the sixth decimal, and half of it for the rounding. */
const TOLERANCE = 1.5e-6;

/**
 * `steps`: as of the day on which the vendor told its factors. `first`: of our closes; before it there is
 * nothing to compare with. One note a day and kind.
 */
export function vendorDifferences(
  { splits, dividends }: Actions,
  steps: readonly FactorStep[],
  { first, asOf }: { readonly first: IsoDay; readonly asOf: IsoDay },
): readonly AdjustNote[] {
  const beside = [
    ...splits.map(({ day, vendorFactor }) => ({ of: 'split' as const, day, vendorFactor })),
    ...dividends.map(({ day, vendorFactor }) => ({ of: 'dividend' as const, day, vendorFactor })),
  ];
  const notes = new Map<string, AdjustNote>();
  for (const { of, day, vendorFactor } of beside) {
    const vendors = Number(vendorFactor);
    if (vendorFactor === undefined || !(vendors > 0) || day > asOf || day <= first) continue;
    const { splits: s, dividends: d } = stepOn(steps, addDays(day, -1));
    const ours = approximate(of === 'split' ? s : d);
    if (Math.abs(ours - vendors) > TOLERANCE)
      notes.set(`${of} ${day}`, { kind: 'factor differs from the vendor', day, of, ours, vendors });
  }
  return [...notes.values()];
}
