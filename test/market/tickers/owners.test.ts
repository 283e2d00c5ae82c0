import { describe, expect, it } from 'vitest';
import {
  firstDayUnder,
  type ListedTicker,
  namesOf,
  ownersOf,
  type TickerChange,
} from '#market/tickers/owners.js';

const META_EVENTS: readonly TickerChange[] = [
  {
    figi: 'BBG000MM2P62',
    cik: '0001326801',
    name: 'Meta Platforms, Inc.',
    day: '2022-06-09',
    ticker: 'META',
  },
  { figi: 'BBG000MM2P62', cik: '0001326801', name: 'Meta Platforms, Inc.', day: '2012-05-18', ticker: 'FB' },
];

const listed = (ticker: string, more: Partial<ListedTicker>): ListedTicker => ({
  ticker,
  name: ticker,
  type: 'CS',
  figi: undefined,
  cik: undefined,
  delisted: undefined,
  ...more,
});

const META = listed('META', { name: 'Meta Platforms', figi: 'BBG000MM2P62' });
const METV = listed('META', {
  name: 'Roundhill Ball Metaverse ETF',
  type: 'ETF',
  figi: 'BBG0115F8TW6',
  delisted: '2022-01-31',
});

const spans = (owners: ReturnType<typeof ownersOf>) =>
  owners.map(({ name, start, end, before, after }) => [name, start, end, before, after]);

describe('who had a ticker when', () => {
  it('a ticker that another had before, and a company that had another name', () => {
    expect(spans(ownersOf('META', [META, METV], META_EVENTS))).toEqual([
      ['Roundhill Ball Metaverse ETF', undefined, '2022-01-30', undefined, undefined],
      ['Meta Platforms', '2022-06-09', undefined, 'FB', undefined],
    ]);
    expect(spans(ownersOf('FB', [META, METV], META_EVENTS))).toEqual([
      ['Meta Platforms, Inc.', '2012-05-18', '2022-06-08', undefined, 'META'],
    ]);
  });

  it("a company's names are in the order in which it had them", () => {
    const [, owner] = ownersOf('META', [META, METV], META_EVENTS);
    expect(
      namesOf(owner ?? { company: '' }, META_EVENTS).map(({ ticker, start, end }) => [ticker, start, end]),
    ).toEqual([
      ['FB', '2012-05-18', '2022-06-08'],
      ['META', '2022-06-09', undefined],
    ]);
  });

  it('delisted ones follow each other, the next one begins where the one before has ended', () => {
    const owners = ownersOf(
      'T',
      [
        listed('T', { name: 'third', figi: 'C' }),
        listed('T', { name: 'first', figi: 'A', delisted: '2008-03-03' }),
        listed('T', { name: 'second', figi: 'B', delisted: '2015-10-12' }),
        listed('U', { name: 'other', figi: 'D' }),
      ],
      [],
    );
    expect(owners.map(({ name, start, end }) => [name, start, end])).toEqual([
      ['first', undefined, '2008-03-02'],
      ['second', '2008-03-03', '2015-10-11'],
      ['third', '2015-10-12', undefined],
    ]);
  });

  it('the same change told by two tickers is one', () => {
    expect(ownersOf('META', [META], [...META_EVENTS, ...META_EVENTS])).toHaveLength(1);
  });

  it('of a ticker of which nothing is known there is no owner', () => {
    expect(ownersOf('NONE', [META], META_EVENTS)).toEqual([]);
  });
});

describe('the session of a rename', () => {
  it.each<[string, string, readonly string[], readonly string[], string]>([
    [
      'on the day',
      '2022-06-09',
      ['2022-06-07', '2022-06-08'],
      ['2022-01-28', '2022-06-09', '2022-06-10'],
      '2022-06-09',
    ],
    [
      'told as a Saturday',
      '2022-06-11',
      ['2022-06-07', '2022-06-08'],
      ['2022-06-09', '2022-06-10', '2022-06-13'],
      '2022-06-09',
    ],
    ['told early', '2022-06-06', ['2022-06-07', '2022-06-08'], ['2022-06-09'], '2022-06-09'],
    ['no bars near', '2022-06-09', ['2021-01-04'], ['2023-01-04'], '2022-06-09'],
    [
      'both trade on',
      '2022-06-09',
      ['2022-06-08', '2022-06-09', '2022-06-10'],
      ['2022-06-09', '2022-06-10', '2022-06-13'],
      '2022-06-13',
    ],
  ])('%s', (_, day, old, fresh, expected) => {
    expect(firstDayUnder(day, old, fresh)).toBe(expected);
  });
});
