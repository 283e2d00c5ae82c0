/**
 * The splits of the synthetic market. Prices are not adjusted, as the vendor's: from `day` on a share costs
 * `before / after` of what it did, and `after / before` times as many of them change hands. Companies and
 * days are real ones, prices are not.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';

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
