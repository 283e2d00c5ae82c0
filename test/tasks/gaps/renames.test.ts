import { describe, expect, it } from 'vitest';
import type { Ownership } from '#market/tickers/owners.js';
import type { DatasetGaps, TickerGaps } from '#tasks/gaps/find-gaps.js';
import { endsOrBegins, withRenames } from '#tasks/gaps/renames.js';

const range = (state: 'not-yet-listed' | 'delisted' | 'halted') => ({
  start: '2022-01-03',
  end: '2022-06-08',
  sessions: 108,
  state,
  reason: 'as it was',
});
const ticker = (name: string, first: string, last: string, state: Parameters<typeof range>[0]): TickerGaps => ({
  ticker: name, first, last, bars: 1, gaps: [range(state)],
}); // biome-ignore format: a record
const found = {
  tickers: [
    ticker('META', '2022-06-09', '2026-11-19', 'not-yet-listed'),
    ticker('FB', '2022-01-03', '2022-06-08', 'delisted'),
    ticker('IPO', '2022-06-09', '2026-11-19', 'not-yet-listed'),
    ticker('HALT', '2022-06-09', '2026-11-19', 'halted'),
  ],
} as unknown as DatasetGaps;

const owner = (more: Partial<Ownership>): Ownership => ({
  ticker: '',
  company: 'c',
  name: 'n',
  start: undefined,
  end: undefined,
  before: undefined,
  after: undefined,
  type: undefined,
  ...more,
});
const OWNERS = new Map([
  ['META', [owner({ start: '2022-06-11', before: 'FB' })]],
  ['FB', [owner({ end: '2022-06-10', after: 'META' })]],
  ['IPO', [owner({ start: '2015-01-01', before: 'OLD' })]],
]);

describe('a ticker that begins or ends', () => {
  it('is said to be renamed where the tables tell it, near that day; otherwise it stays as it was', () => {
    expect(endsOrBegins(found)).toEqual(['META', 'FB', 'IPO']);
    const { tickers } = withRenames(found, (name) => OWNERS.get(name) ?? []);
    expect(tickers.map(({ gaps }) => [gaps[0]?.state, gaps[0]?.reason])).toEqual([
      ['renamed', 'renamed from FB on 2022-06-11'],
      ['renamed', 'renamed to META on 2022-06-11'],
      ['not-yet-listed', 'as it was'],
      ['halted', 'as it was'],
    ]);
  });
});
