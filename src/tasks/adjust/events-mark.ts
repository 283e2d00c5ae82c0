/** What has happened to a ticker by a day, as a mark: the same mark, the same factors from the same closes. */
import type { Actions } from '#market/adjust/actions.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Ownership } from '#market/tickers/owners.js';
import { sha256 } from '#platform/disk/sha256.js';

/** Raises when the same rows and events would make other prices. */
const RULES = 1;

/**
 * '' where nothing has. What is to come counts from its day on. The vendor's own factors move with every
 * event, and are no part of it.
 */
export function eventsMark(
  actions: Actions | undefined,
  owners: readonly Ownership[],
  today: IsoDay,
): string {
  if (actions === undefined) return '';
  const happened = ({ day }: { readonly day: IsoDay }): boolean => day <= today;
  const splits = actions.splits.filter(happened).map(({ day, from, to }) => `s ${day} ${from} ${to}`);
  const dividends = actions.dividends
    .filter(happened)
    .map(({ day, cash, currency }) => `d ${day} ${cash} ${currency ?? ''}`);
  if (splits.length + dividends.length === 0) return '';
  const spans = owners.length < 2 ? [] : owners.map(({ start, end }) => `o ${start ?? ''} ${end ?? ''}`);
  return sha256([RULES, ...splits, ...dividends, ...spans].join('\n'));
}
