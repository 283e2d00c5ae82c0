/**
 * The splits of the synthetic market. Prices are not adjusted, as the vendor's: from `day` on a share costs
 * `before / after` of what it did, and `after / before` times as many of them change hands. Those of
 * well-known companies have real days; invented listings split by chance.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isSessionNumber, numberOfWeekday } from './day-number.js';
import { GOLDEN, mix32 } from './hash.js';
import { weekdayIndex } from './weekday-index.js';

export interface Split {
  readonly ticker: string;
  /** The first session at the new price. */
  readonly day: IsoDay;
  /** `after` shares for `before` old ones. */
  readonly after: number;
  readonly before: number;
}

/** NFLX's is the one within the 24 months before November 2026; GE's is a reverse split. */
export const SPLITS: readonly Split[] = [
  { ticker: 'AAPL', day: '2020-08-31', after: 4, before: 1 },
  { ticker: 'GE', day: '2021-08-02', after: 1, before: 8 },
  { ticker: 'TSLA', day: '2022-08-25', after: 3, before: 1 },
  { ticker: 'NVDA', day: '2024-06-10', after: 10, before: 1 },
  { ticker: 'NFLX', day: '2025-11-17', after: 10, before: 1 },
];

/** A split of one listing, by the stock market's weekday numbers. */
export interface ListedSplit {
  readonly from: number;
  readonly after: number;
  readonly before: number;
}

/** What decides whether an invented listing splits. */
export interface SplitCandidate {
  readonly ticker: string;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly price: number;
  readonly dailyMove: number;
}

/**
 * The days up to this one have the prices that they would have without the splits behind it: those that come
 * later change what is traded after them, not what was traded before.
 */
const PIVOT = weekdayIndex('2026-11-19');
/** Only listings that came after it split, so that the older market stays what it always was. */
const FIRST_SPLITTING = weekdayIndex('2019-08-12');
/** Nor did any in the last nine months before the pivot. */
const LAST_SPLITTING = weekdayIndex('2026-02-20');
const SALT = 0x51b7;
/** Shares after, and before. Mild: what a careless reader takes for a bad day. */
const PAST_RATIOS = [
  [2, 1],
  [3, 2],
  [1, 2],
  [5, 4],
  [21, 20],
  [11, 10],
] as const;
const COMING_RATIOS = [
  [2, 1],
  [1, 10],
  [3, 1],
  [1.0312, 1],
  [1, 25],
  [10, 1],
  [41, 40],
] as const;

/** One that lies behind, for one in six of those that may; and in the year that comes, for one in 60. */
export function inventedSplits(listing: SplitCandidate): readonly ListedSplit[] {
  const { from, to, seed, price, dailyMove } = listing;
  if (/[^A-Z]|^.{4}[WRUP]$/.test(listing.ticker) || price < 5 || dailyMove > 2.6) return [];
  const hash = mix32(seed ^ SALT) >>> 0;
  const splits: ListedSplit[] = [];
  const take = (day: number, [after, before]: readonly [number, number]): void => {
    let first = day;
    while (!isSessionNumber(numberOfWeekday(first))) first += 1;
    if (first > from + 20 && first < to - 5) splits.push({ from: first, after, before });
  };
  const past = from + 60 + ((hash >>> 8) % 700);
  if (from > FIRST_SPLITTING && past < LAST_SPLITTING && hash % 6 === 0)
    take(past, PAST_RATIOS[(hash >>> 20) % PAST_RATIOS.length] ?? [2, 1]);
  const other = mix32(hash + GOLDEN) >>> 0;
  if (from < PIVOT - 60 && other % 60 === 0)
    take(PIVOT + 2 + ((other >>> 8) % 250), COMING_RATIOS[(other >>> 20) % COMING_RATIOS.length] ?? [2, 1]);
  return splits;
}

/** What a price of the walk is multiplied by on the weekday `number`, for one split. */
export function splitFactor({ from, after, before }: ListedSplit, number: number): number {
  if (from > PIVOT) return number >= from ? before / after : 1;
  return number < from ? after / before : 1;
}
