/** What all endpoints look at: the stock market with its companies, and the instant up to which it is known. */
import { dayIn } from '#market/calendar/zone.js';
import { type Closes, createCloses } from '#sandbox/market/closes.js';
import { type DayNumber, numberOfDay } from '#sandbox/market/day-number.js';
import { createSecurities, type Securities } from '#sandbox/market/reference/securities.js';
import { buildUniverse, type Universe } from '#sandbox/market/universe.js';

export interface RestMarket {
  readonly universe: Universe;
  readonly securities: Securities;
  readonly closes: Closes;
  now(): Date;
  /** New York's day at that instant. */
  today(): DayNumber;
}

export function createRestMarket(seed: number, tickers: number, now: () => Date): RestMarket {
  const universe = buildUniverse(seed, tickers);
  let day = { at: Number.NaN, number: 0 };
  return {
    universe,
    securities: createSecurities(universe),
    closes: createCloses(universe),
    now,
    today() {
      const at = now().getTime();
      if (at !== day.at) day = { at, number: numberOfDay(dayIn('America/New_York', now())) };
      return day.number;
    },
  };
}
