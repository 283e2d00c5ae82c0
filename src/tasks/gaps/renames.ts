/**
 * Why a ticker has no bar before its first or behind its last, where the tables know that its company was
 * called something else then. Pure.
 */
import { addDays } from '#market/calendar/iso-day.js';
import type { Ownership } from '#market/tickers/owners.js';
import type { DatasetGaps, TickerGaps } from './find-gaps.js';
import type { TickerRange } from './ticker-gaps.js';

/** How far the day of a rename may be from the first or last bar: samples of the vendor's differ by days. */
const NEAR_DAYS = 10;

export type OwnersOf = (ticker: string) => readonly Ownership[];

/** Tickers of which it is worth asking. */
export function endsOrBegins({ tickers }: DatasetGaps): readonly string[] {
  return tickers
    .filter(({ gaps }) => gaps.some(({ state }) => state === 'not-yet-listed' || state === 'delisted'))
    .map(({ ticker }) => ticker);
}

export function withRenames(found: DatasetGaps, ownersOf: OwnersOf): DatasetGaps {
  return { ...found, tickers: found.tickers.map((one) => renamed(one, ownersOf)) };
}

function renamed(ticker: TickerGaps, ownersOf: OwnersOf): TickerGaps {
  const owners = ownersOf(ticker.ticker);
  if (owners.length === 0) return ticker;
  return { ...ticker, gaps: ticker.gaps.map((gap) => withReason(gap, ticker, owners)) };
}

function withReason(
  gap: TickerRange,
  { first, last }: TickerGaps,
  owners: readonly Ownership[],
): TickerRange {
  if (gap.state === 'not-yet-listed' && first !== null) {
    const owner = owners.find(
      ({ start, before }) => before !== undefined && start !== undefined && isNear(start, first),
    );
    if (owner !== undefined)
      return { ...gap, state: 'renamed', reason: `renamed from ${owner.before} on ${owner.start}` };
  }
  if (gap.state === 'delisted' && last !== null) {
    const owner = owners.find(
      ({ end, after }) => after !== undefined && end !== undefined && isNear(end, last),
    );
    if (owner?.end !== undefined)
      return { ...gap, state: 'renamed', reason: `renamed to ${owner.after} on ${addDays(owner.end, 1)}` };
  }
  return gap;
}

function isNear(day: string, other: string): boolean {
  return day >= addDays(other, -NEAR_DAYS) && day <= addDays(other, NEAR_DAYS);
}
