/**
 * What show draws and counts: a bar of one session or of several together. Its numbers are decimal text, so
 * sums stay exact.
 */
import { type Prices, pricesOf } from '#market/bars/bar.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Row } from '#store/series/row.js';

export interface Bar extends Prices {
  /** First and last day that it has a row of; the same for a single session. */
  readonly start: IsoDay;
  readonly end: IsoDay;
  /** How many rows went into it. */
  readonly sessions: number;
}

/**
 * Undefined where a value is not a number that can be drawn: rows of the user's hold anything (`NaN`,
 * nothing).
 */
export function barOf({ day, values }: Row): Bar | undefined {
  const prices = pricesOf(values);
  if (prices === undefined || !Object.values(prices).every((text) => Number.isFinite(Number(text))))
    return undefined;
  return { start: day, end: day, sessions: 1, ...prices };
}
