/** The index of a day against the plainest model of it: split into lines, sort by bytes, keep the last. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { dayBars } from '#market/datasets/series-form.js';
import {
  findTicker,
  indexDay,
  inOrder,
  lastBar,
  lineOf,
  tickerGroups,
  tickerOf,
} from '#market/records/day-index.js';
import { compareDays } from '#market/records/difference.js';
import { qualityOf } from '#market/records/quality.js';
import { takeRows } from '#market/records/take-rows.js';
import { rowCount, rowTicker, rowValues, type TakenRows } from '#market/records/taken-rows.js';
import { dayOf, HEADER, rowOf, tickers } from './day-texts.js';

/** Close 0 makes a record that is no bar. */
type Row = readonly [ticker: string, close: number];
const row: fc.Arbitrary<Row> = fc.tuple(tickers, fc.integer({ min: 0, max: 9 }));
const rows = fc.array(row, { maxLength: 40 });
const sortedOrNot = fc.oneof(
  rows,
  rows.map((list) => [...list].sort(([a], [b]) => byBytes(a, b))),
);

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function modelBars(list: readonly Row[]): [string, string][] {
  const last = new Map<string, number>();
  for (const [ticker, close] of list) if (close > 0) last.set(ticker, close);
  return [...last].sort(([a], [b]) => byBytes(a, b)).map(([ticker, close]) => [ticker, `1,9,1,${close},100`]);
}

function unpacked(taken: TakenRows): [string, string][] {
  return Array.from({ length: rowCount(taken) }, (_, i) => [rowTicker(taken, i), rowValues(taken, i)]);
}

test('order, groups, search and lines are those of the model', () => {
  fc.assert(
    fc.property(sortedOrNot, fc.constantFrom('\n', '\r\n', '\n\n'), (list, end) => {
      const index = indexDay(dayOf(list, end));
      expect(index.records).toBe(list.length);
      const model = list.map(([ticker], i) => ({ ticker, i })).sort((a, b) => byBytes(a.ticker, b.ticker));
      const isSorted = model.every(({ i }, k) => i === k);
      expect(index.sorted).toBe(isSorted);
      expect(index.order === undefined).toBe(isSorted);
      expect(list.map((_, k) => inOrder(index, k))).toEqual(model.map(({ i }) => i));
      const linesARecord = end === '\n\n' ? 2 : 1;
      for (const [i, [ticker]] of list.entries()) {
        expect(tickerOf(index, i)).toBe(ticker);
        expect(lineOf(index, i)).toBe(linesARecord * (i + 1) + 1);
      }
      const groups = [...tickerGroups(index)];
      expect(groups.map(({ from }) => model[from]?.ticker)).toEqual([
        ...new Set(model.map(({ ticker }) => ticker)),
      ]);
      expect(groups.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(list.length);
      for (const ticker of new Set(['', 'A', 'AAq', '~~~~~', ...list.map(([name]) => name)])) {
        const { from, to } = findTicker(index, Buffer.from(ticker));
        expect(from).toBe(model.filter((one) => byBytes(one.ticker, ticker) < 0).length);
        expect(to - from).toBe(list.filter(([name]) => name === ticker).length);
        const bars = list.filter(([name, close]) => name === ticker && close > 0);
        const values = bars.length === 0 ? undefined : `1,9,1,${bars.at(-1)?.[1]},100`;
        expect(lastBar(index, from, to)).toEqual({ values, bars: bars.length });
      }
    }),
  );
});

test('of several bars of a ticker the last one counts, and what is no bar never gets into a series', () => {
  fc.assert(
    fc.property(sortedOrNot, fc.array(tickers, { maxLength: 8 }), (list, others) => {
      const index = indexDay(dayOf(list));
      const expected = modelBars(list);
      expect(unpacked(takeRows(index, '*', stocksDaily, '2024-01-02'))).toEqual(expected);
      const names = [...new Set([...list.map(([ticker]) => ticker), ...others])].sort(byBytes);
      expect(
        unpacked(
          takeRows(
            index,
            names.map((name) => Buffer.from(name)),
            stocksDaily,
            '2024-01-02',
          ),
        ),
      ).toEqual(expected);
      const some = names.filter((_, i) => i % 2 === 0);
      const bars = expected.filter(([ticker]) => some.includes(ticker));
      expect(
        unpacked(
          takeRows(
            index,
            some.map((name) => Buffer.from(name)),
            stocksDaily,
            '2024-01-02',
          ),
        ),
      ).toEqual(bars);
    }),
  );
});

test('thousands of rows outgrow every first guess of the buffers', () => {
  const list = Array.from({ length: 9000 }, (_, i): Row => [`T${String(i).padStart(5, '0')}`, (i % 9) + 1]);
  expect(unpacked(takeRows(indexDay(dayOf(list)), '*', stocksDaily, '2024-01-02'))).toEqual(modelBars(list));
  const short = Buffer.from(`ticker,open,high,low,close,volume\n${'\n,'.repeat(5000)}`);
  expect(indexDay(short).records).toBe(5000);
});

test('what a replaced file changed is what the two models differ in', () => {
  fc.assert(
    fc.property(sortedOrNot, sortedOrNot, (before, after) => {
      const [old, now] = [new Map(modelBars(before)), new Map(modelBars(after))];
      const { difference, bars } = compareDays(indexDay(dayOf(before)), indexDay(dayOf(after)));
      const differing = [...new Set([...old.keys(), ...now.keys()])].filter(
        (ticker) => old.get(ticker) !== now.get(ticker),
      );
      const sides = differing.map(
        (ticker) => [ticker, { before: old.get(ticker) ?? null, after: now.get(ticker) ?? null }] as const,
      );
      expect(bars).toEqual(new Map(sides));
      expect(difference).toMatchObject({
        added: sides.filter(([, side]) => side.before === null).length,
        removed: sides.filter(([, side]) => side.after === null).length,
        changed: sides.filter(([, side]) => side.before !== null && side.after !== null).length,
      });
      const close = (values: string | null): number => Number(values?.split(',')[3]);
      const ratios = sides.flatMap(([, side]) =>
        side.before === null || side.after === null
          ? []
          : [Math.abs(Math.log(close(side.after) / close(side.before)))],
      );
      const { largest } = difference;
      const told =
        largest === undefined
          ? 0
          : Math.abs(Math.log(Number(largest.closeAfter) / Number(largest.closeBefore)));
      expect(told).toBeCloseTo(Math.max(0, ...ratios), 10);
    }),
  );
});

test('the same numbers in the other number format are no change', () => {
  const old = Buffer.from(`${HEADER}\nA,1942872,147.09,149.31,149.64,147.09,1709787600000000000,37404\n`);
  const six = Buffer.from(
    `${HEADER}\nA,1942872.000000,147.090000,149.310000,149.640000,147.090000,1709787600000000000,37404\n`,
  );
  expect(compareDays(indexDay(old), indexDay(six)).bars.size).toBe(0);
});

const window = { from: 1_709_787_600, to: 1_709_874_000 };

test('quality: records that are no bar, with the line on which they stand; doubles; stamps of another day', () => {
  const lines = [
    '',
    HEADER,
    '',
    rowOf('A', 2),
    rowOf('B', 0),
    '',
    'C,1',
    rowOf('A', 3),
    rowOf('\x1b[2J', 0),
    rowOf('A', 0),
  ];
  const leftOut = [
    { line: 5, ticker: 'B', reason: 'open or close is outside low and high', records: 1 },
    { line: 7, ticker: 'C', reason: 'too few fields', records: 1 },
    { line: 9, ticker: '\x1b[2J', reason: 'control characters in the ticker', records: 1 },
    { line: 10, ticker: 'A', reason: 'open or close is outside low and high', records: 1 },
  ];
  expect(qualityOf(indexDay(Buffer.from(lines.join('\r\n'))), window, dayBars)).toMatchObject({
    bars: 2,
    notBars: { count: 4, first: leftOut },
    leftOut,
    doubles: { count: 1, first: ['A'] },
    offDay: [],
  });
});

test('quality: lines are counted in the text as it is, also behind quoted line ends and a BOM', () => {
  const text = `\ufeff${HEADER},note\n"A",100,1,2,9,1,1709787600000000000,5,"two\nlines"\nB,x\n`;
  expect(qualityOf(indexDay(Buffer.from(text)), window, dayBars).notBars.first).toEqual([
    { line: 4, ticker: 'B', reason: 'too few fields', records: 1 },
  ]);
});

test.each([
  ['1709787600000000000', true],
  ['1709873999999999999', true],
  ['1709845200000000000', true],
  ['1709874000000000000', false],
  ['1709787599999999999', false],
  ['-68400000000000', false],
  ['1709787600000', false],
  ['1.7097876e18', false],
  ['', false],
])('quality: window_start %j lies in the day: %s', (stamp, inDay) => {
  const text = `${HEADER}\nA,100,1,2,9,1,${stamp},5\nB,100,1,2,9,1,${stamp},5\n`;
  expect(qualityOf(indexDay(Buffer.from(text)), window, dayBars).offDay).toEqual(inDay ? [] : [stamp]);
});
