/**
 * Of which shares a dividend's cash is, where a split happens on the ex-date itself. As the vendor declares
 * it, a share is one after the split; its `split_adjusted_cash_amount` can say otherwise.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dividend } from './actions.js';
import { approximate, dividedBy, type Fraction, fractionOf, isOne, ONE, times } from './fraction.js';

export interface KnownSplit {
  readonly day: IsoDay;
  /** from / to: what it makes of an old price. */
  readonly ratio: Fraction;
}

/** Of splits on days for which `holds`. */
export function splitRatio(splits: readonly KnownSplit[], holds: (day: IsoDay) => boolean): Fraction {
  return splits.reduce((product, { day, ratio }) => (holds(day) ? times(product, ratio) : product), ONE);
}

/** The cash a share after a split on the ex-date. `splits`: every one that the vendor knows, later ones too. */
export function cashAfterSplit(
  cash: Fraction,
  { day, splitAdjustedCash }: Dividend,
  splits: readonly KnownSplit[],
): Fraction {
  const onTheDay = splitRatio(splits, (split) => split === day);
  const adjusted = splitAdjustedCash === undefined ? undefined : fractionOf(splitAdjustedCash);
  if (isOne(onTheDay) || adjusted === undefined || adjusted.num <= 0n) return cash;
  const later = splitRatio(splits, (split) => split > day);
  const stated = Math.log(approximate(dividedBy(adjusted, cash)));
  const away = (basis: Fraction): number => Math.abs(stated - Math.log(approximate(basis)));
  const isOfOldShares = away(times(later, onTheDay)) < away(later);
  return isOfOldShares ? times(cash, onTheDay) : cash;
}
