/**
 * One ticker's history as a trader looks at it: prices that jump and come back, highs, lows and volumes out
 * of all proportion. Pure.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Suspicion } from './result.js';

export interface Thresholds {
  /** A close that differs by more than this part of the one before, and comes back: 0.5 is half. */
  readonly maxJump: number;
  /** Times the ticker's median volume. */
  readonly maxVolume: number;
  /** Part of the neighbouring days' tickers that a day has at least. */
  readonly minTickers: number;
  /** Part of a day's bars that may equal those of the day before. */
  readonly maxStale: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  maxJump: 0.5,
  maxVolume: 100,
  minTickers: 0.7,
  maxStale: 0.5,
};

/** Sessions within which a jump has to come back to be suspicious: a split does not. */
const BACK_WITHIN = 5;
/** How near to the price before the jump counts as back, in parts of the jump. */
const BACK_TO = 0.25;
/** A median of fewer days or shares says nothing. */
const MEDIAN_OF = 20;
const MEDIAN_ABOVE = 1000;

/** Days with a bar, ascending, and the figures of each; `days` and the arrays are of one length. */
export interface History {
  readonly ticker: string;
  readonly days: readonly IsoDay[];
  readonly opens: ArrayLike<number>;
  readonly highs: ArrayLike<number>;
  readonly lows: ArrayLike<number>;
  readonly closes: ArrayLike<number>;
  readonly volumes: ArrayLike<number>;
}

export function lookAtHistory(history: History, thresholds: Thresholds): readonly Suspicion[] {
  return [
    ...jumps(history, thresholds.maxJump),
    ...outliers(history),
    ...volumes(history, thresholds.maxVolume),
  ];
}

/**
 * A low is far below open and close, or a high far above them, from this part of the lower or of the higher
 * one on.
 */
const FAR = 0.6;

/**
 * A bad print shows in the high or the low alone; where the market was there, the days beside it were near.
 */
function outliers({ ticker, days, opens, highs, lows, closes }: History): Suspicion[] {
  return days.flatMap((day, i): Suspicion[] => {
    const [open, close] = [opens[i] as number, closes[i] as number];
    const told = (which: string, price: number, from: number): Suspicion => {
      const percent = Math.round(Math.abs(price / from - 1) * 100);
      const where = price < from ? 'below' : 'above';
      const what = `its ${which}, ${price}, is ${percent} % ${where} its open (${open}) and close (${close})`;
      return { kind: 'outlier', ticker, day, what };
    };
    const [low, high, below, above] = [
      lows[i] as number,
      highs[i] as number,
      Math.min(open, close),
      Math.max(open, close),
    ];
    const isNear = (price: number): boolean =>
      [closes[i - 1], opens[i + 1]].some((next) => next !== undefined && Math.abs(next / price - 1) < NEAR);
    return [
      ...(low > 0 && low < (1 - FAR) * below && !isNear(low) ? [told('low', low, below)] : []),
      ...(above > 0 && high * (1 - FAR) > above && !isNear(high) ? [told('high', high, above)] : []),
    ];
  });
}

/** A close before or an open after that is so near to it says that the price was there. */
const NEAR = 0.3;

function jumps({ ticker, days, closes }: History, maxJump: number): Suspicion[] {
  const found: Suspicion[] = [];
  for (let i = 1; i < days.length; i++) {
    const before = closes[i - 1] as number;
    const at = closes[i] as number;
    const jump = Math.abs(at - before);
    // Written so that nothing follows from a figure that is none.
    if (!(before > 0 && jump > maxJump * before)) continue;
    for (let k = i + 1; k < days.length && k <= i + BACK_WITHIN; k++) {
      const back = closes[k] as number;
      if (!(Math.abs(back - before) <= BACK_TO * jump)) continue;
      const what = `its close went from ${before} to ${at}, and back to ${back} on ${days[k]}`;
      found.push({ kind: 'jump', ticker, day: days[i] as IsoDay, what });
      i = k;
      break;
    }
  }
  return found;
}

function volumes({ ticker, days, volumes: all }: History, maxVolume: number): Suspicion[] {
  if (days.length < MEDIAN_OF) return [];
  const median = medianOf(all);
  if (!(median >= MEDIAN_ABOVE)) return [];
  const found: Suspicion[] = [];
  const isFarOff = (i: number): boolean => (all[i] as number) > maxVolume * median;
  for (let i = 0; i < days.length; i++) {
    if (!isFarOff(i)) continue;
    const first = i;
    while (i + 1 < days.length && (isFarOff(i + 1) || isFarOff(i + 2))) i++;
    const volume = all[first] as number;
    // A change that lasts is one thing.
    const more = i === first ? '' : `, and so it goes on to ${days[i]}`;
    const what = `its volume is ${volume}, ${Math.round(volume / median)} times its median${more}`;
    found.push({ kind: 'volume', ticker, day: days[first] as IsoDay, what });
  }
  return found;
}

export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >>> 1] ?? Number.NaN;
}
