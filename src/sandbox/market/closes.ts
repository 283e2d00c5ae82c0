/**
 * The closes of one listing after the other, as they stand in the day files: for what is reckoned from few
 * listings on many days (dividends' factors, market values), where whole days would be far too much.
 */
import { toTicks } from './day-bars.js';
import { type DayNumber, isSessionNumber, sessionBefore, weekdayOfNumber } from './day-number.js';
import { GOLDEN, mix32 } from './hash.js';
import { splitFactor } from './splits.js';
import type { Universe } from './universe.js';
import { rowWalk } from './walk.js';

/** Sessions back that a listing's last trade is looked for: the thinnest trade one day in three. */
const LONGEST_SILENCE = 40;
/** 2003-09-10, the first day with a file. */
const FIRST_WEEKDAY = 2;

export interface RowCloses {
  /** Dollars; undefined where the listing did not trade, or the day was no session. */
  on(day: DayNumber): number | undefined;
  /** The last trade's before `day`. */
  before(day: DayNumber): number | undefined;
}

export type Closes = (row: number) => RowCloses;

export function createCloses(universe: Universe): Closes {
  const { from, to, seed, tradeChance, ticksPerDollar } = universe;
  return (row) => {
    const walk = rowWalk(universe, row);
    const splits = universe.splits.filter((split) => split.row === row);

    function on(day: DayNumber): number | undefined {
      if (!isSessionNumber(day)) return undefined;
      const number = weekdayOfNumber(day);
      if (number < FIRST_WEEKDAY || number < (from[row] ?? 0) || number > (to[row] ?? 0)) return undefined;
      const chance = mix32((seed[row] ?? 0) + Math.imul(number, GOLDEN)) & 255;
      if (chance >= (tradeChance[row] ?? 0)) return undefined;
      let times = 1;
      for (const split of splits) times *= splitFactor(split, number);
      return toTicks(walk(number), times) / (ticksPerDollar[row] ?? 100);
    }

    return {
      on,
      before(day) {
        let session = day;
        for (let back = 0; back < LONGEST_SILENCE; back++) {
          session = sessionBefore(session);
          const close = on(session);
          if (close !== undefined) return close;
        }
        return undefined;
      },
    };
  };
}
