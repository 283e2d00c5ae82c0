/**
 * Dividends and splits of the v3 generation: the same ids as in v1, no factors, and the kinds under other
 * names or not at all.
 */
import type { OlderEndpoint, OlderRecord } from './table-type.js';

/** Long- and short-term capital gains (LT, ST) have no name of their own in v1. */
const DIVIDEND_KINDS: ReadonlyMap<unknown, string> = new Map([
  ['CD', 'recurring'],
  ['SC', 'special'],
]);

export const dividendsV3: OlderEndpoint = {
  name: 'v3',
  path: '/v3/reference/dividends',
  pageSize: 1_000,
  sort: { sort: 'ex_dividend_date', order: 'asc' },
  byTicker: { parameter: 'ticker', group: 1 },
  record: ({ dividend_type: kind, ...columns }) => ({
    columns: { ...columns, distribution_type: DIVIDEND_KINDS.get(kind) ?? 'unknown' },
    extra: { dividend_type: kind },
  }),
};

export const splitsV3: OlderEndpoint = {
  name: 'v3',
  path: '/v3/reference/splits',
  pageSize: 1_000,
  sort: { sort: 'execution_date', order: 'asc' },
  byTicker: { parameter: 'ticker', group: 1 },
  record: (columns) => ({ columns: { ...columns, adjustment_type: adjustmentType(columns) } }),
};

/** What the ratio says: that a split was a stock dividend does not show. */
function adjustmentType({ split_from: from, split_to: to }: OlderRecord): string {
  return Number(to) >= Number(from) ? 'forward_split' : 'reverse_split';
}
