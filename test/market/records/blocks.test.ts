/**
 * What series of many lines a day take of it, beside a naive model: minutes, contracts on an underlying,
 * ticks.
 */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slicesOf } from '#ingest/series/market-slices.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { optionsDaily, optionsMinute } from '#market/datasets/options.js';
import { stocksMinute, stocksTrades } from '#market/datasets/stocks.js';
import { writeField } from '#market/records/csv-field.js';
import { indexDay } from '#market/records/day-index.js';
import { takeRows, takeSlice } from '#market/records/take-rows.js';
import { rowCount, rowTicker, rowValues, type TakenRows } from '#market/records/taken-rows.js';
import type { ArchiveStore } from '#store/archive/store.js';
import { HEADER } from './day-texts.js';

/** A day on which clocks are four hours behind UTC, and one of those whose evenings before are theirs. */
const OCTOBER = { day: '2026-10-01', midnight: Date.UTC(2026, 9, 1, 4) / 1000, offset: '-04:00' };
const DECEMBER = { day: '2026-12-09', midnight: Date.UTC(2026, 11, 9, 5) / 1000, offset: '-05:00' };
type TestDay = typeof OCTOBER;
const days = fc.constantFrom(OCTOBER, DECEMBER);

interface Line {
  readonly ticker: string;
  /** Of the day, in seconds; some lie outside. */
  readonly second: number;
  readonly nano: string;
  readonly price: number;
  readonly isBar: boolean;
}

const roots = fc.constantFrom('AB', 'AB1', 'AB1CD', 'AB1CD2', 'ABC', 'A', 'SPY', 'SPYG', 'SPY7', '12', '1');
const contract = fc
  .tuple(roots, fc.constantFrom('251219', '260116', '271231'), fc.constantFrom('C', 'P'), fc.nat({ max: 3 }))
  .map(([root, expiry, right, n]) => `O:${root}${expiry}${right}0065${n}500`);
const contracts = fc.oneof({ weight: 12, arbitrary: contract }, fc.constantFrom('O:AB', 'O:XY9', 'ab'));
const stocks = fc.constantFrom('A', 'AA', 'AAPL', 'SPY', 'Z');

function linesOf(tickers: fc.Arbitrary<string>): fc.Arbitrary<readonly Line[]> {
  const line = fc.record({
    ticker: tickers,
    second: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }).map((n) => n * 60) },
      // From 20:00 of the evening before to the day's end, and what lies outside.
      fc.constantFrom(-60, -14_400, -14_401, 72_000, 86_400, 86_399),
    ),
    nano: fc.constantFrom('000000000', '000000000', '000000001', '500000000'),
    price: fc.integer({ min: 1, max: 9999 }),
    isBar: fc.constant(true),
  });
  return fc.array(
    fc.oneof(
      { weight: 9, arbitrary: line },
      line.map((one) => ({ ...one, isBar: false })),
    ),
    {
      maxLength: 40,
    },
  );
}

function barText(lines: readonly Line[], { midnight }: TestDay): Buffer {
  const rows = lines.map(({ ticker, second, nano, price, isBar }) => {
    const shown = isBar ? `${price}.500000` : 'x';
    return `${ticker},10.0,${shown},${shown},${shown},${shown},${midnight + second}${nano},1\n`;
  });
  return Buffer.from(`${HEADER}\n${rows.join('')}`);
}

function stampText(
  { second, nano }: Line,
  always: boolean,
  { day, offset }: TestDay,
  isStock: boolean,
): string {
  const at = new Date(Date.parse(day) + second * 1000).toISOString();
  // As pandas writes them: none, six digits or nine.
  const shown = always ? nano : nano.replace(/000$/, '').replace(/^0+$/, '');
  const fraction = shown === '' ? '' : `.${shown}`;
  const text = `${at.slice(0, 10)} ${at.slice(11, 19)}${fraction}${offset}`;
  // Of shares in December an evening is the next day's, and otherwise its own's: the contrary stands in quotes.
  const isNextAsARule = isStock && day === DECEMBER.day;
  const isMarked = second < 0 ? !isNextAsARule : second >= 72_000 && isNextAsARule;
  return isMarked ? `"${text}"` : text;
}

const isToday = ({ second }: Line): boolean => second >= -14_400 && second < 86_400;
const byTicker = (a: { ticker: string }, b: { ticker: string }): number =>
  a.ticker < b.ticker ? -1 : a.ticker > b.ticker ? 1 : 0;
const byMoment = (a: Line, b: Line): number =>
  a.second - b.second || (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0);

/** Of the same key the last. */
function lastOf(lines: readonly Line[], key: (line: Line) => string): readonly Line[] {
  return lines.filter((line, i) => !lines.slice(i + 1).some((other) => key(other) === key(line)));
}

function underlyingOf(ticker: string): string | undefined {
  const root = /^O:([A-Z0-9]{1,6})\d{6}[CP]\d{8}$/.exec(ticker)?.[1];
  if (root === undefined) return undefined;
  return `O:${/^\d+$/.test(root) ? root : root.replace(/\d+$/, '')}`;
}

function contractText(ticker: string): string {
  const [, symbol = '', expiry = '', right, dollars, thousandths = ''] =
    /^O:(.*(\d{6})([CP])(\d{5})(\d{3}))$/.exec(ticker) ?? [];
  const fraction = thousandths.replace(/0+$/, '');
  const strike = `${Number(dollars)}${fraction === '' ? '' : `.${fraction}`}`;
  return `${symbol},20${expiry.replace(/(..)(..)(..)/, '$1-$2-$3')},${right},${strike}`;
}

const bar = ({ price }: Line): string => `${Array(4).fill(`${price}.5`).join(',')},10`;

/** The rows that a dataset's series should say, by series. */
function model(lines: readonly Line[], dataset: Dataset, on: TestDay): ReadonlyMap<string, string> {
  const { series } = dataset;
  const keyOf = (line: Line): string | undefined =>
    series.of === 'ticker' ? line.ticker : underlyingOf(line.ticker);
  const found = new Map<string, string>();
  for (const key of new Set(lines.flatMap((line) => keyOf(line) ?? []))) {
    const own = lines.filter((line) => line.isBar && keyOf(line) === key).toSorted(byTicker);
    const moment = (line: Line): string => (series.time === 'day' ? '' : `${line.second} ${line.nano}`);
    const once = lastOf(own, (line) => `${line.ticker} ${moment(line)}`);
    const placed =
      series.time === 'day'
        ? once
        : once.toSorted((a, b) => byTicker(a, b) || byMoment(a, b)).filter(isToday);
    const texts = placed.map((line) =>
      [
        series.time === 'day' ? on.day : stampText(line, false, on, series.of === 'ticker'),
        ...(series.of === 'underlying' ? [contractText(line.ticker)] : []),
        bar(line),
      ].join(','),
    );
    if (texts.length > 0) found.set(key, texts.join('\n'));
  }
  return found;
}

function rowsOf(taken: TakenRows): ReadonlyMap<string, string> {
  return new Map(
    Array.from({ length: rowCount(taken) }, (_, i) => [rowTicker(taken, i), rowValues(taken, i)]),
  );
}

const bytesOf = (keys: Iterable<string>): readonly Uint8Array[] =>
  [...new Set(keys)].map((key) => Buffer.from(key)).sort(Buffer.compare);

test.each([
  [stocksMinute, stocks],
  [optionsMinute, contracts],
  [optionsDaily, contracts],
] as const)('$name: of single series, of all, and of slices cut anywhere', (dataset, tickers) => {
  fc.assert(
    fc.property(linesOf(tickers), fc.boolean(), days, (lines, isSorted, on) => {
      const placed = isSorted ? lines.toSorted(byTicker) : lines;
      const expected = model(placed, dataset, on);
      const index = indexDay(barText(placed, on));
      const keys = bytesOf([...expected.keys(), 'O:AB', 'O:SPY', 'AA', 'O:NONE']);
      expect(rowsOf(takeRows(index, keys, dataset, on.day))).toEqual(expected);
      for (const key of keys) {
        const name = Buffer.from(key).toString();
        const one = rowsOf(takeRows(index, [key], dataset, on.day));
        expect([...one]).toEqual(expected.has(name) ? [[name, expected.get(name)]] : []);
      }
      expect(rowsOf(takeRows(index, '*', dataset, on.day))).toEqual(expected);
      const firsts = bytesOf(placed.map(({ ticker }) => ticker));
      const archive = { cutsOf: () => firsts, stampOf: () => ({ size: 1e9, mtimeMs: 0 }) };
      const slices = slicesOf(archive as unknown as ArchiveStore, dataset, [on.day], 4);
      const sliced = slices.flatMap(({ from, to }) => [
        ...rowsOf(takeSlice(index, from, to, dataset, on.day)),
      ]);
      expect(sliced).toHaveLength(expected.size);
      expect(new Map(sliced)).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});

const text = fc.string({
  unit: fc.constantFrom('1', '0', '.', ',', '"', '\n', '\r', 'x', '-', 'é'),
  maxLength: 8,
});

test('a field as we write it is read by csv-parse as it was; only numbers lose their useless zeros', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (fields) => {
      const target = Buffer.alloc(2000);
      let at = 0;
      for (const [i, field] of fields.entries()) {
        if (i > 0) target[at++] = 44;
        const bytes = Buffer.from(field);
        at = writeField(bytes, 0, bytes.length, target, at);
      }
      const line = target.toString('utf8', 0, at);
      const shown = (field: string): string =>
        /^\d+\.\d*0$/.test(field) ? field.replace(/\.?0+$/, '') : field;
      expect(parse(`k,${line}\n`, { record_delimiter: '\n' })).toEqual([['k', ...fields.map(shown)]]);
      expect(line.startsWith('"')).toBe(/[",\r\n]/.test(fields[0] ?? ''));
    }),
    { numRuns: 1000 },
  );
});

test('ticks: every one of them, by moment, with the vendor’s fields', () => {
  const tick = fc.record({
    ticker: stocks,
    second: fc.constantFrom(0, 60, 60, 120, -1, -14_401, 75_000, 86_400),
    nano: fc.constantFrom('000000000', '000000001', '123456789'),
    price: fc.integer({ min: 1, max: 99 }),
    isBar: fc.constant(true),
    conditions: fc.constantFrom('', '12', '12,37', 'a"b'),
  });
  const columns = ['ticker', 'conditions', 'id', 'price', 'sip_timestamp', 'size'];
  const quoted = (field: string): string => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  fc.assert(
    fc.property(fc.array(tick, { maxLength: 30 }), days, (ticks, on) => {
      const rows = ticks.map((one, id) => ({ ...one, id }));
      const day = Buffer.from(
        [
          columns.join(','),
          ...rows.map(
            ({ ticker, conditions, id, price, second, nano }) =>
              `${ticker},${quoted(conditions)},${id},${price}.2500,${on.midnight + second}${nano},100`,
          ),
          '',
        ].join('\n'),
      );
      const expected = new Map<string, string>();
      for (const ticker of new Set(ticks.map((one) => one.ticker))) {
        const lines = rows
          .filter((one) => one.ticker === ticker && isToday(one))
          .toSorted(byMoment)
          .map((one) => {
            const fields: Record<string, string> = {
              conditions: quoted(one.conditions),
              id: `${one.id}`,
              price: `${one.price}.25`,
              sip_timestamp: `${on.midnight + one.second}${one.nano}`,
              size: '100',
            };
            const values = stocksTrades.series.values as readonly string[];
            return [stampText(one, true, on, true), ...values.map((name) => fields[name] ?? '')].join(',');
          });
        if (lines.length > 0) expected.set(ticker, lines.join('\n'));
      }
      const index = indexDay(day, stocksTrades);
      const keys = bytesOf([...expected.keys(), 'AA']);
      expect(rowsOf(takeRows(index, keys, stocksTrades, on.day))).toEqual(expected);
      expect(rowsOf(takeRows(index, '*', stocksTrades, on.day))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
