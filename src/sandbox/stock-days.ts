/**
 * stocks_daily: one bar a listed instrument and session, in the vendor's columns and in either of its two number formats, sorted by ticker
 * bytes. Always low <= open, close <= high, and all of them positive. A day needs no other day: it costs two milliseconds at full size.
 */
import { dueAt } from '../calendar/due.js';
import { addDays, daysBetween, type IsoDay } from '../calendar/iso-day.js';
import { nyse } from '../calendar/nyse.js';
import { instantOf } from '../calendar/zone.js';
import { type Bar, MAX_ROW_BYTES, writeBar } from './bar-writer.js';
import { FRACTION_POWERS, WHOLE_POWERS } from './exp2.js';
import type { Generator } from './generator.js';
import { GOLDEN, mix32 } from './hash.js';

import { buildUniverse } from './universe.js';
import { createWalk } from './walk.js';
import { weekdayIndex } from './weekday-index.js';

const HEADER = Buffer.from('ticker,volume,open,close,high,low,window_start,transactions\n');
/** The vendor's first day of stocks. */
const FIRST_DAY: IsoDay = '2003-09-10';
/** Fractional shares and six decimals from here on. */
const SIX_DECIMALS_FROM: IsoDay = '2026-02-23';
/** Its rows are stamped with the day after, as the vendor's are. */
export const MISSTAMPED_DAY: IsoDay = '2019-08-12';
/** 11:00 in New York on the next calendar day. */
const PUBLICATION = { timeZone: 'America/New_York', hour: 11, overdueAfterHours: 24 };
const HIGHEST_VOLUME_LOG = 30 * 4096;

export interface StockDaysOptions {
  readonly seed: number;
  /** About how many instruments trade on a day. */
  readonly tickers: number;
}

export function stockDays({ seed, tickers }: StockDaysOptions): Generator {
  const universe = buildUniverse(seed, tickers);
  const walk = createWalk(universe);
  const factors = new Float64Array(universe.count).fill(1);
  const apple = universe.tickers.indexOf('AAPL');
  const bar: Bar = {
    ...{ ticksPerDollar: 100, volume: 0, volumeMillionths: 0, transactions: 0 },
    ...{ open: 0, close: 0, high: 0, low: 0 },
  };

  /** What a price of today's must be multiplied by, for splits that lie ahead of that weekday. */
  function priceFactors(weekday: number): Float64Array {
    for (const split of universe.splits) factors[split.row] = 1;
    for (const split of universe.splits) {
      if (weekday < split.from) factors[split.row] = (factors[split.row] ?? 1) * split.factor;
    }
    return factors;
  }

  function write(day: IsoDay, revision: number, target: Buffer): number {
    const { count, tickerBytes, tickerLength, from, to, tradeChance, ticksPerDollar } = universe;
    const weekday = weekdayIndex(day);
    const { close: closes, previous: previousCloses } = walk(weekday);
    const factor = priceFactors(weekday);
    const sixDecimals = day >= SIX_DECIMALS_FROM;
    const stamp = Buffer.from(`,${midnightNanoseconds(day === MISSTAMPED_DAY ? addDays(day, 1) : day)},`);
    const salt = Math.imul(weekday, GOLDEN);
    let at = HEADER.copy(target);
    for (let row = 0; row < count; row++) {
      if (weekday < (from[row] ?? 0) || weekday > (to[row] ?? 0)) continue;
      const first = mix32((universe.seed[row] ?? 0) + salt);
      const correction =
        revision === 0 ? 'none' : correctionOf(universe.seed[row] ?? 0, revision, row === apple);
      const trades = (first & 255) < (tradeChance[row] ?? 0);
      if (correction === 'presence' ? trades : !trades) continue;
      const second = mix32(first ^ 0x5bd1e995);
      const times = factor[row] ?? 1;
      const steps = universe.dailySteps[row] ?? 1;

      const close = toTicks(closes[row] ?? 0, times);
      const before = toTicks(previousCloses[row] ?? 0, times);
      // The gap over night is a part of the day's move, a quarter against it to three quarters with it.
      const start = before + ((((close - before) * (((first >>> 8) & 255) - 64)) / 256) | 0);
      const open = start > 0 ? start : 1;
      const top = Math.max(open, close);
      const bottom = Math.min(open, close);
      // The day reaches beyond both by up to 0.6 of a usual day's move each.
      const reach = top * steps * 4e-7;
      const low = bottom - ((reach * (first >>> 24)) | 0);
      bar.ticksPerDollar = ticksPerDollar[row] ?? 100;
      bar.open = open;
      bar.close = close;
      bar.high = top + ((reach * ((first >>> 16) & 255)) | 0);
      bar.low = low > 0 ? low : 1;

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

      const length = tickerLength[row] ?? 0;
      for (let i = row * 16, end = i + length; i < end; i++) target[at++] = tickerBytes[i] ?? 0;
      at = writeBar(target, at, bar, stamp, sixDecimals);
    }
    return at;
  }

  return {
    name: 'stocks_daily',
    prefix: 'us_stocks_sip/day_aggs_v1',
    listDays: (last) => (daysBetween(FIRST_DAY, last) < 0 ? [] : nyse.sessions(FIRST_DAY, last)),
    publishedAt: (day) => dueAt(day, PUBLICATION),
    maxTextBytes: HEADER.length + universe.count * MAX_ROW_BYTES,
    write,
  };
}

/** Midnight in New York that begins the day: nanoseconds since the epoch, exact decimal text. */
function midnightNanoseconds(day: IsoDay): string {
  return (BigInt(instantOf(day, 0, PUBLICATION.timeZone).getTime()) * 1_000_000n).toString();
}

/** 2^(log / 4096) times `times`, rounded to a whole number, at least 1. */
function toTicks(log: number, times: number): number {
  return ((FRACTION_POWERS[log & 4095] ?? 1) * (WHOLE_POWERS[log >> 12] ?? 1) * times + 0.5) | 0;
}

/**
 * What a revision corrects: the close and volume of AAPL always and of one bar in 250 besides; and as many that were not there appear, or
 * that were there vanish.
 */
function correctionOf(seed: number, revision: number, always: boolean): 'none' | 'values' | 'presence' {
  const chance = mix32(seed ^ Math.imul(revision, GOLDEN)) & 255;
  if (always || chance === 0) return 'values';
  return chance === 1 ? 'presence' : 'none';
}

/** Most bars have some fraction of a share; one in a few thousand no volume at all, or an empty number of transactions. */
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
