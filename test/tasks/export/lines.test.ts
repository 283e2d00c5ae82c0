/** Lines out of rows of days and of blocks; and which bars the options make of a dataset's. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barOption } from '#cli/options/bar-option.js';
import { periodStamps } from '#market/bars/resample.js';
import { datasets, stocksDaily } from '#market/datasets/all.js';
import { linesOf, portionsOf } from '#tasks/export/lines.js';

const minute = datasets.get('stocks_minute') ?? stocksDaily;
const crypto = datasets.get('crypto_minute') ?? stocksDaily;
const line = (clock: string, values = '1,2,1,2,10', day = '2024-01-02') =>
  `${day} ${clock}:00-05:00,${values}`;
const rows = [
  { day: '2024-01-02', values: [line('09:29'), line('09:30'), line('09:31', '2,3,0.5,1,0.5')].join('\n') },
  {
    day: '2024-01-03',
    values: [line('16:00', '5,5,5,5,5', '2024-01-03'), '2024-01-03 17:00:00-05:00,,,,,'].join('\n'),
  },
];

function exported(flags: Readonly<Record<string, string>>, dataset = minute) {
  const option = barOption(flags, dataset);
  const odd: string[] = [];
  const lines = linesOf(rows, { form: dataset.series, stampOf: option?.stampOf }, (stamp) => odd.push(stamp));
  return {
    columns: option?.columns,
    lines: [...lines].map(({ stamp, values }) => `${stamp},${values}`),
    odd,
  };
}

describe('minutes', () => {
  it('as they are, where nothing is asked for', () => {
    expect(exported({})).toEqual({
      columns: undefined,
      lines: rows.flatMap(({ values }) => values.split('\n')),
      odd: [],
    });
  });

  it('in fives, odd ones left out and told', () => {
    expect(exported({ bar: '5m' })).toEqual({
      columns: ['Datetime', 'Open', 'High', 'Low', 'Close', 'Volume'],
      lines: [
        '2024-01-02 09:25:00-05:00,1,2,1,2,10',
        '2024-01-02 09:30:00-05:00,1,3,0.5,1,10.5',
        '2024-01-03 16:00:00-05:00,5,5,5,5,5',
      ],
      odd: ['2024-01-03 17:00:00-05:00'],
    });
  });

  it('of the regular session, as minutes and as days', () => {
    expect(exported({ session: 'regular' }).lines).toEqual([line('09:30'), line('09:31', '2,3,0.5,1,0.5')]);
    expect(exported({ session: 'regular', bar: '1d' })).toMatchObject({
      columns: ['Date', 'Open', 'High', 'Low', 'Close', 'Volume'],
      lines: ['2024-01-02,1,3,0.5,1,10.5'],
    });
    expect(exported({ bar: '1w' }).lines).toEqual(['2024-01-01,1,5,0.5,5,25.5']);
  });

  it('a market that never closes has every minute in its session', () => {
    expect(exported({ session: 'regular', bar: '1d' }, crypto).lines).toEqual([
      '2024-01-02,1,3,0.5,1,20.5',
      '2024-01-03,5,5,5,5,5',
    ]);
  });
});

it('a stamp in quotes is shown without them, and counts for the day of its row', () => {
  const late = { day: '2026-12-08', values: `"2026-12-08 20:00:00-05:00",1,2,1,2,10` };
  const night = { day: '2026-12-09', values: '2026-12-08 20:00:00-05:00,3,3,3,3,1' };
  const made = (flags: Readonly<Record<string, string>>) => {
    const stampOf = barOption(flags, minute)?.stampOf;
    const lines = linesOf([late, night], { form: minute.series, stampOf }, () => undefined);
    return Array.from(lines, ({ stamp, values }) => `${stamp},${values}`);
  };
  expect(made({})).toEqual(['2026-12-08 20:00:00-05:00,1,2,1,2,10', '2026-12-08 20:00:00-05:00,3,3,3,3,1']);
  expect(made({ bar: '1d' })).toEqual(['2026-12-08,1,2,1,2,10', '2026-12-09,3,3,3,3,1']);
  expect(made({ bar: '1d', session: 'overnight' })).toEqual(['2026-12-09,3,3,3,3,1']);
  expect(() => barOption({ session: 'overnight' }, crypto)).toThrow('around the clock');
});

it('a line break within quotes ends no line', () => {
  const { series: form } = datasets.get('stocks_trades') ?? stocksDaily;
  const values = ['09:30:00.000000001-05:00,"12,""37\n1""",x', '09:30:01.000000000-05:00,,y'];
  const block = { day: '2024-01-02', values: values.map((text) => `2024-01-02 ${text}`).join('\n') };
  expect([...linesOf([block], { form, stampOf: undefined }, () => undefined)]).toEqual([
    { stamp: '2024-01-02 09:30:00.000000001-05:00', day: '2024-01-02', values: '"12,""37\n1""",x' },
    { stamp: '2024-01-02 09:30:01.000000000-05:00', day: '2024-01-02', values: ',y' },
  ]);
});

it('days go through unchanged, whatever stands in them', () => {
  const some = [
    { day: '2024-01-02', values: 'NaN,,x,1,2' },
    { day: '2024-01-03', values: '1,1,1,1,1' },
  ];
  const odd: string[] = [];
  const form = stocksDaily.series;
  expect([...linesOf(some, { form, stampOf: undefined }, (stamp) => odd.push(stamp))]).toEqual(
    some.map(({ day, values }) => ({ stamp: day, day, values })),
  );
  expect(odd).toEqual([]);
  expect([...linesOf(some, { form, stampOf: periodStamps('week') }, (stamp) => odd.push(stamp))]).toEqual([
    { stamp: '2024-01-01', day: '2024-01-03', values: '1,1,1,1,1' },
  ]);
  expect(odd).toEqual(['2024-01-02']);
});

it('portions hold everything once, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (all, size) => {
      const portions = [...portionsOf(all, size)];
      expect(portions.flat()).toEqual(all);
      expect(portions.slice(0, -1).every(({ length }) => length === size)).toBe(true);
    }),
  );
});
