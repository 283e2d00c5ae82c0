/**
 * What each listing of a market did on a day, as numbers: one bar a listing, always with low <= open, close
 * <= high, and all of them positive. Days, minutes, trades and quotes are all made of these bars, so that
 * they agree. A day needs no other day.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Bar } from './bar-writer.js';
import { FRACTION_POWERS, WHOLE_POWERS } from './exp2.js';
import { GOLDEN, mix32 } from './hash.js';
import { splitFactor } from './splits.js';
import type { Universe } from './universe.js';
import { createWalk } from './walk.js';

const HIGHEST_VOLUME_LOG = 30 * 4096;

export interface DayBars {
  readonly universe: Universe;
  /**
   * A reader of one day: writes the bar of a row of the universe, and says whether it traded. Readers do not
   * disturb one another.
   */
  on(day: IsoDay, revision: number): (row: number, bar: Bar) => boolean;
}

/** `numberOf` is the market's clock; `leader` is the ticker that every revision corrects. */
export function createDayBars(
  universe: Universe,
  numberOf: (day: IsoDay) => number,
  leader: string,
): DayBars {
  const walk = createWalk(universe);
  const leading = universe.tickers.indexOf(leader);
  const { from, to, seed: seeds, tradeChance } = universe;

  /** What a price of the walk must be multiplied by for the splits. */
  function priceFactors(number: number): Float64Array {
    const factors = new Float64Array(universe.count).fill(1);
    for (const split of universe.splits)
      factors[split.row] = (factors[split.row] ?? 1) * splitFactor(split, number);
    return factors;
  }

  return {
    universe,
    on(day, revision) {
      const number = numberOf(day);
      const { close: closes, previous: previousCloses } = walk(number);
      const factors = priceFactors(number);
      const salt = Math.imul(number, GOLDEN);

      return (row, bar) => {
        if (number < (from[row] ?? 0) || number > (to[row] ?? 0)) return false;
        const seed = seeds[row] ?? 0;
        const first = mix32(seed + salt);
        const correction = revision === 0 ? 'none' : correctionOf(seed, revision, row === leading);
        const trades = (first & 255) < (tradeChance[row] ?? 0);
        if (correction === 'presence' ? trades : !trades) return false;
        const second = mix32(first ^ 0x5bd1e995);
        const times = factors[row] ?? 1;
        fillPrices(bar, universe, row, first, {
          close: toTicks(closes[row] ?? 0, times),
          before: toTicks(previousCloses[row] ?? 0, times),
        });
        const rush = second >>> 26 === 0 ? 6000 : 0;
        const crowd = (second & 255) + ((second >>> 8) & 255) - 255;
        const volumeLog = (universe.volumeLog[row] ?? 0) + crowd * 22 + rush;
        const volume = toTicks(volumeLog < 0 ? 0 : Math.min(volumeLog, HIGHEST_VOLUME_LOG), 1);
        fillVolume(
          bar,
          times === 1 ? volume : Math.floor(volume / times),
          universe.sharesPerTrade[row] ?? 50,
          second,
        );
        if (correction === 'values') {
          bar.volume += 100 * revision;
          bar.close = bar.low;
        }
        return true;
      };
    },
  };
}

/** The same bars, each changed by `change` after it was written. */
export function changed(bars: DayBars, change: (bar: Bar) => void): DayBars {
  return {
    ...bars,
    on(day, revision) {
      const read = bars.on(day, revision);
      return (row, bar) => {
        const there = read(row, bar);
        if (there) change(bar);
        return there;
      };
    },
  };
}

/** `close` and `before`: today's close and that of the day before, in ticks. */
function fillPrices(
  bar: Bar,
  universe: Universe,
  row: number,
  hash: number,
  { close, before }: { readonly close: number; readonly before: number },
): void {
  // The gap over night is a part of the day's move, a quarter against it to three quarters with it.
  const start = before + ((((close - before) * (((hash >>> 8) & 255) - 64)) / 256) | 0);
  const open = start > 0 ? start : 1;
  const top = Math.max(open, close);
  const bottom = Math.min(open, close);
  // The day reaches beyond both by up to 0.6 of a usual day's move each.
  const reach = top * (universe.dailySteps[row] ?? 1) * 4e-7;
  const low = bottom - ((reach * (hash >>> 24)) | 0);
  bar.ticksPerDollar = universe.ticksPerDollar[row] ?? 100;
  bar.open = open;
  bar.close = close;
  bar.high = top + ((reach * ((hash >>> 16) & 255)) | 0);
  bar.low = low > 0 ? low : 1;
}

/** 2^(log / 4096) times `times`, rounded to a whole number, at least 1. */
export function toTicks(log: number, times: number): number {
  return ((FRACTION_POWERS[log & 4095] ?? 1) * (WHOLE_POWERS[log >> 12] ?? 1) * times + 0.5) | 0;
}

/**
 * What a revision corrects: the close and volume of the leader always and of one bar in 250 besides; and as
 * many that were not there appear, or that were there vanish.
 */
export function correctionOf(
  seed: number,
  revision: number,
  always: boolean,
): 'none' | 'values' | 'presence' {
  const chance = mix32(seed ^ Math.imul(revision, GOLDEN)) & 255;
  if (always || chance === 0) return 'values';
  return chance === 1 ? 'presence' : 'none';
}

/**
 * Most bars have some fraction of a share; one in a few thousand no volume at all, or an empty number of
 * transactions.
 */
function fillVolume(bar: Bar, volume: number, sharesPerTrade: number, hash: number): void {
  bar.volume = volume;
  bar.volumeMillionths = hash & 0x18000 ? (hash >>> 12) % 1_000_000 : 0;
  bar.transactions = ((volume / sharesPerTrade) | 0) + 1;
  const rare = (hash >>> 14) & 4095;
  if (rare < 2) {
    bar.volume = 0;
    bar.volumeMillionths = 0;
    bar.transactions = rare === 0 ? 0 : -1;
  } else if (rare === 2) {
    bar.transactions = -1;
  }
}
