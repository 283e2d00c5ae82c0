import { describe, expect, it } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';
import { figuresOf } from '#tasks/show/figures.js';
import { show } from '#tasks/show/show.js';
import { barsOf, rowOf } from '../../support/bars.js';

describe('key figures', () => {
  const bars = barsOf([
    rowOf('2024-06-03', '10,11,9,10.1,100'),
    rowOf('2024-06-04', '10,12,9.5,10.2,300'),
    rowOf('2024-06-05', '10,12,8,9.9,200'),
  ]);

  it('of a range: the change is exact, and from the bar before, in the range or not', () => {
    expect(figuresOf(bars, 2, 3)).toEqual({
      last: { price: '9.9', day: '2024-06-05' },
      change: { from: '2024-06-04', amount: '-0.3', percent: expect.closeTo(-2.941, 3) },
      range: { high: { price: '12', day: '2024-06-05' }, low: { price: '8', day: '2024-06-05' } },
      year: undefined,
      volume: { average: 200, over: 3, median: 200 },
      splits: [],
    });
  });

  it('of equal highs the first day is told; the median of an even number lies between', () => {
    const figures = figuresOf(bars, 0, 2);
    expect(figures?.range.high).toEqual({ price: '12', day: '2024-06-04' });
    expect(figures?.volume.median).toBe(200);
    expect(figuresOf(bars, 0, 1)?.change).toBeUndefined();
  });

  it('of no bars there are none', () => {
    expect(figuresOf(bars, 3, 3)).toBeUndefined();
    expect(figuresOf([], 0, 0)).toBeUndefined();
  });

  it('52 weeks only where the series reaches back, and nothing older in them', () => {
    const long = barsOf([
      rowOf('2023-06-05', '99,99,1,50,1'),
      rowOf('2023-06-06', '40,60,30,50,1'),
      rowOf('2024-06-05', '40,55,35,50,1'),
    ]);
    expect(figuresOf(long, 2, 3)?.year).toEqual({
      high: { price: '60', day: '2023-06-06' },
      low: { price: '30', day: '2023-06-06' },
    });
    expect(figuresOf(long.slice(2), 0, 1)?.year).toBeUndefined();
  });

  it.each([
    ['100,100,100,100,1', '50,51,49,52,1', [2, 1]],
    ['100,100,100,100,1', '10.2,10.2,10.2,9.8,1', [10, 1]],
    ['100,100,100,100,1', '33,33,33,33.5,1', [3, 1]],
    ['0.5,0.5,0.5,0.5,1', '5,5,5,5.2,1', [1, 10]],
    // A bad day is not a split, nor is a jump that did not last, nor a tick of next to nothing.
    ['100,100,100,100,1', '60,60,60,58,1', undefined],
    ['100,100,100,100,1', '50,98,50,97,1', undefined],
    ['0.01,0.01,0.01,0.01,1', '0.02,0.02,0.02,0.02,1', undefined],
    ['0,0,0,0,1', '5,5,5,5,1', undefined],
  ])('%s then %s: a split of %j?', (before, after, ratio) => {
    const pair = barsOf([rowOf('2024-06-06', before), rowOf('2024-06-07', after)]);
    expect(figuresOf(pair, 1, 2)?.splits.map((hint) => hint.ratio)).toEqual(
      ratio === undefined ? [] : [ratio],
    );
    const late = barsOf([rowOf('2024-01-06', before), rowOf('2024-06-07', after)]);
    expect(figuresOf(late, 1, 2)?.splits).toEqual([]);
  });
});

describe('what is lacking', () => {
  it('rows that are no bars are left out and told, and sessions without a row from the first to the last day', () => {
    const shown = show({
      ticker: 'X',
      rows: [
        rowOf('2024-06-03', '10,11,9,10,100'),
        rowOf('2024-06-04', 'NaN,NaN,NaN,NaN,NaN'),
        rowOf('2024-06-06', ',,,,'),
        rowOf('2024-06-07', '-1,1,1,1,1'),
        rowOf('2024-06-10', '10,11,9,10,100'),
      ],
      calendar: nyse,
      range: { start: '2024-05-01', end: addDays('2024-06-10', 30) },
      weekly: false,
    });
    expect(shown.sessions).toBe(2);
    expect(shown.odd).toEqual(['2024-06-04', '2024-06-06', '2024-06-07']);
    expect(shown.missing).toEqual(['2024-06-05']);
    expect(shown.series).toEqual({ first: '2024-06-03', last: '2024-06-10', rows: 5 });
  });

  it('a series without rows has nothing', () => {
    const shown = show({
      ticker: 'X',
      rows: [],
      calendar: nyse,
      range: { start: '2024-05-01', end: '2024-06-10' },
      weekly: true,
    });
    expect([shown.bars, shown.missing, shown.figures]).toEqual([[], [], undefined]);
  });
});
