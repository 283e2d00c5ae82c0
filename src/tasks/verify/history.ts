/** One ticker's history as a trader looks at it: prices that jump and come back, volumes out of all proportion. Pure. */
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
  readonly closes: ArrayLike<number>;
  readonly volumes: ArrayLike<number>;
}

export function lookAtHistory(history: History, thresholds: Thresholds): readonly Suspicion[] {
  return [...jumps(history, thresholds.maxJump), ...volumes(history, thresholds.maxVolume)];
}

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
  return days.flatMap((day, i): Suspicion[] => {
    const volume = all[i] as number;
    if (!(volume > maxVolume * median)) return [];
    const times = Math.round(volume / median);
    return [{ kind: 'volume', ticker, day, what: `its volume is ${volume}, ${times} times its median` }];
  });
}

export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >>> 1] ?? Number.NaN;
}
