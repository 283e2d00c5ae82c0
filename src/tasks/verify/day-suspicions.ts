/** Whole days that look wrong beside their neighbours. Pure. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { MinuteHoles } from '#market/records/minute-holes.js';
import { medianOf, type Thresholds } from './history.js';
import type { Suspicion } from './result.js';

/** Days on either side that a day is measured by, and how many there have to be. */
const NEIGHBOURS = 5;
const AT_LEAST = 3;
/** So many tickers on both days say something about a copy. */
const COMMON = 10;

/** `days` ascending, each with its number of tickers. */
export function fewTickers(
  days: readonly { readonly day: IsoDay; readonly tickers: number }[],
  { minTickers }: Thresholds,
): readonly Suspicion[] {
  return days.flatMap(({ day, tickers }, i): Suspicion[] => {
    const around = [...days.slice(Math.max(0, i - NEIGHBOURS), i), ...days.slice(i + 1, i + 1 + NEIGHBOURS)];
    if (around.length < AT_LEAST) return [];
    const median = medianOf(around.map((neighbour) => neighbour.tickers));
    if (tickers >= minTickers * median) return [];
    return [
      { kind: 'few-tickers', day, what: `${tickers} tickers, where the days around it have ${median}` },
    ];
  });
}

/**
 * Of each day how many tickers it has in common with the day before, and how many of their bars are the same
 * to the digit.
 */
export interface Sameness {
  readonly common: Int32Array;
  readonly same: Int32Array;
}

export function staleDays(
  days: readonly IsoDay[],
  { common, same }: Sameness,
  { maxStale }: Thresholds,
): readonly Suspicion[] {
  return days.flatMap((day, d): Suspicion[] => {
    const both = common[d] ?? 0;
    const equal = same[d] ?? 0;
    if (both < COMMON || equal <= maxStale * both) return [];
    return [{ kind: 'stale', day, what: `${equal} of its ${both} bars are those of ${days[d - 1]}` }];
  });
}

export function minuteHoles(day: IsoDay, { market, tickers }: MinuteHoles): readonly Suspicion[] {
  const noMinute = market.map((minutes): Suspicion => {
    return { kind: 'minute-hole', day, what: `no ticker has a bar of ${minutes}, and those around it have` };
  });
  const noClose = tickers.map(({ ticker, from, minutes }): Suspicion => {
    const what = `its bars end before ${from}, ${minutes} minutes before the close, after one in nearly every minute`;
    return { kind: 'minute-hole', ticker, day, what };
  });
  return [...noMinute, ...noClose];
}

export function offDay(day: IsoDay, stamps: readonly string[]): Suspicion {
  return { kind: 'off-day', day, what: `window_start ${stamps.join(', ')} is of another day` };
}
