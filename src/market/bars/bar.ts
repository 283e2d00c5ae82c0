/**
 * A bar as decimal text in plain form (decimal.ts), and two of them together: prices are compared and volumes
 * added up exactly.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { compareDecimal, isDecimal, plainDecimal } from '#market/records/decimal.js';
import { sumDecimals } from '#market/records/decimal-sum.js';

export interface Prices {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

export interface StampedBar extends Prices {
  /** When it begins: a day, or a local date-time with its offset (local-stamps.ts). */
  readonly stamp: string;
  /** The trade date that it is of, which begins on the evening before; of a wider bar, that of its first one. */
  readonly day: IsoDay;
}

/**
 * Of `Open,High,Low,Close,Volume`. Undefined where a value is no number: rows of the user's hold anything
 * (`NaN`, nothing).
 */
export function pricesOf(values: string): Prices | undefined {
  const texts = values.split(',');
  if (texts.length !== 5 || !texts.every(isDecimal)) return undefined;
  const [open = '', high = '', low = '', close = '', volume = ''] = texts.map(plainDecimal);
  return { open, high, low, close, volume };
}

export function valuesOf({ open, high, low, close, volume }: Prices): string {
  return `${open},${high},${low},${close},${volume}`;
}

/** Open of the first, close of the last, highest, lowest, exact sum of the volumes. */
export function joined(first: Prices, last: Prices): Prices {
  return {
    open: first.open,
    high: compareDecimal(last.high, first.high) > 0 ? last.high : first.high,
    low: compareDecimal(last.low, first.low) < 0 ? last.low : first.low,
    close: last.close,
    volume: sumDecimals([first.volume, last.volume]),
  };
}
