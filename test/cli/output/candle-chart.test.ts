import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candleChart } from '#cli/output/candle-chart.js';
import { compact, priceScale } from '#cli/output/price-axis.js';
import { showText } from '#cli/output/show-text.js';
import { nyse } from '#market/calendar/nyse.js';
import { show } from '#tasks/show/show.js';
import { barsOf, rowOf, rows } from '../../support/bars.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the codes that colour text
const COLOURS = /\x1b\[(?:0|31|32)m/g;
const PLAIN = { columns: 80, unicode: true, colour: false };

describe('candles', () => {
  const bars = barsOf([
    rowOf('2024-06-03', '10,24,0,18,100'),
    rowOf('2024-06-04', '18,20,4,6,50'),
    rowOf('2024-06-05', '6,6,6,6,0'),
  ]);

  it('a hollow body rose, a filled one fell, a cross stayed; wicks reach high and low', () => {
    const { lines, candle, legend } = candleChart(bars, 'session', PLAIN);
    expect(lines).toEqual([
      '│        │',
      '│  ╷     ┤ 20',
      '║  ╽     │',
      '║  ┃     │',
      '║  ┃     ┤ 15',
      '║  ┃     │',
      '║  ┃     ┤ 10',
      '│  ┃     │',
      '│  ┃  ┼  │',
      '│  │     ┤ 5',
      '│        │',
      '│        ┤ 0',
      '█        ┤ 100',
      '█  ▄     │',
      '█  █     │',
      '┴────────┘',
      '06-03',
    ]);
    expect(candle).toBe('1 session');
    expect(legend).toBe('║ up ┃ down');
  });

  it('in ASCII the shapes still tell', () => {
    const { lines, legend } = candleChart(bars, 'session', { ...PLAIN, unicode: false });
    expect(lines).toEqual([
      '|        |',
      '|  |     + 20',
      'o  #     |',
      'o  #     |',
      'o  #     + 15',
      'o  #     |',
      'o  #     + 10',
      '|  #     |',
      '|  #  +  |',
      '|  |     + 5',
      '|        |',
      '|        + 0',
      '#        + 100',
      '#  :     |',
      '#  #     |',
      '+--------+',
      '06-03',
    ]);
    expect(legend).toBe('o up # down');
  });

  it.each([
    [60, 'session', '1 session'],
    [140, 'session', '2 sessions'],
    [280, 'session', '4 sessions'],
    [330, 'session', '1 week'],
    [1000, 'session', '1 month'],
    [3000, 'session', '43 sessions'],
    [100, 'week', '2 weeks'],
  ] as const)('%i bars of a %s are %s a candle', (n, unit, candle) => {
    const all = nyse.sessions('2010-01-01', '2024-01-01').slice(0, unit === 'week' ? n * 5 : n);
    const some = all.filter((_, i) => unit === 'session' || i % 5 === 0);
    expect(candleChart(barsOf(some.map((day) => rowOf(day, '1,2,1,2,3'))), unit, PLAIN).candle).toBe(candle);
  });
});

describe('laws', () => {
  const style = fc.record({
    columns: fc.integer({ min: 20, max: 200 }),
    unicode: fc.boolean(),
    colour: fc.boolean(),
  });

  it('every line is narrower than the terminal, whatever the rows; colour changes nothing else; ASCII is ASCII', () => {
    fc.assert(
      fc.property(rows, style, fc.boolean(), fc.string({ maxLength: 60 }), (some, look, weekly, ticker) => {
        const shown = show({
          ticker,
          rows: some,
          calendar: nyse,
          range: { start: '1950-01-01', end: '2990-01-01' },
          weekly,
        });
        const text = showText({ shown, dataset: 'stocks_daily', style: look });
        const bare = text.replace(COLOURS, '');
        for (const line of bare.split('\n')) expect([...line].length).toBeLessThan(look.columns);
        expect(bare).not.toMatch(/NaN|Infinity|undefined/);
        expect(bare).not.toMatch(/[^\n\P{Cc}]/u);
        expect(showText({ shown, dataset: 'stocks_daily', style: { ...look, colour: false } })).toBe(bare);
        const chart = candleChart(shown.bars, shown.candle, { ...look, unicode: false, colour: false });
        expect(chart.lines.join('')).toMatch(/^[ -~]*$/);
      }),
      { numRuns: 200 },
    );
  });

  it('labels are on rows that exist, ascending, few, and within the prices', () => {
    const price = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(price, price, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { labels, halfRowOf } = priceScale(low, high, 12);
        const entries = [...labels].sort(([x], [y]) => x - y);
        expect(entries.length).toBeLessThanOrEqual(7);
        for (const [i, [row, label]] of entries.entries()) {
          expect(row >= 0 && row < 12).toBe(true);
          if (i > 0) expect(Number(label)).toBeGreaterThan(Number(entries[i - 1]?.[1]));
        }
        expect(halfRowOf(low)).toBeGreaterThanOrEqual(0);
        expect(halfRowOf(high)).toBeLessThan(24);
        expect(halfRowOf(low)).toBeLessThanOrEqual(halfRowOf(high));
      }),
    );
  });

  it('volumes have at most six characters', () => {
    expect([0, 0.4, 7, 999, 999.6, 12_345, 999_600, 33_278_552, 1.5e9, 9.99e14, 1e40].map(compact)).toEqual([
      '0',
      '<1',
      '7',
      '999',
      '1.00k',
      '12.3k',
      '1.00M',
      '33.3M',
      '1.50B',
      '999T',
      '1e+40',
    ]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }), (n) => {
        expect(compact(n).length).toBeLessThanOrEqual(6);
      }),
    );
  });
});
