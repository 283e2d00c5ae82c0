/**
 * A long series read a part at a time holds what it holds read whole, wherever the parts are cut; a file in
 * any other form is left to who reads it whole.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { dayBars } from '#market/datasets/series-form.js';
import { longSeries } from '#store/series/long-series.js';
import { parseSeries, renderSeries } from '#store/series/series-file.js';

const folder = mkdtempSync(path.join(tmpdir(), 'barloom-long-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'A_trades_data.csv');

const form = { ...dayBars, time: 'moment', values: ['price', 'conditions'] } as const;
const two = (n: number): string => String(n).padStart(2, '0');
const line = fc
  .tuple(
    fc.nat(59),
    fc.nat(59),
    fc.constantFrom('1', '10.25', ''),
    fc.constantFrom('12', '"12,37"', '', '"1\n2,3"'),
  )
  .map(
    ([minute, second, price, conditions]) =>
      `09:${two(minute)}:${two(second)}.000000001-05:00,${price},${conditions}`,
  );
const rows = fc
  .uniqueArray(
    fc.nat(20).map((n) => `2024-01-${two(n + 1)}`),
    { maxLength: 6 },
  )
  .chain((days) =>
    fc
      .array(fc.array(line, { minLength: 1, maxLength: 30 }), {
        minLength: days.length,
        maxLength: days.length,
      })
      .map((lines) =>
        days.sort().map((day, i) => ({
          day,
          values: (lines[i] ?? []).map((text) => `${day} ${text}`).join('\n'),
        })),
      ),
  );

function read(partBytes: number): readonly { day: string; values: string }[] | undefined {
  const found = longSeries(file, form, partBytes);
  if (found === undefined) return undefined;
  const together: { day: string; values: string }[] = [];
  for (const { day, values } of found) {
    const last = together.at(-1);
    if (last?.day === day) last.values += `\n${values}`;
    else together.push({ day, values });
  }
  return together;
}

it('the same rows, wherever it is cut', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 400 }), (some, partBytes) => {
      writeFileSync(file, renderSeries(some, form));
      const whole = parseSeries(renderSeries(some, form), form);
      expect(whole).toMatchObject({ ok: true, canonical: true, rows: some });
      expect(read(partBytes)).toEqual(some);
    }),
    { numRuns: 300 },
  );
});

it('none of a file that is not canonical, not even of what stands before', () => {
  const good = `2024-01-02 09:30:00.000000001-05:00,1,12\n`;
  const later = good.replace('-02 ', '-03 ');
  for (const text of [
    'Datetime,price\n',
    `Datetime,price,conditions\n${good}${later}${good}`,
    `Datetime,price,conditions\n${good.repeat(50)}x\n`,
    `Datetime,price,conditions\n${good.repeat(50)}${later.slice(0, -1)}`,
    `Datetime,price,conditions\n${good.repeat(50)}\0\0\0\0\n`,
  ]) {
    writeFileSync(file, text);
    expect(read(100), text).toBeUndefined();
  }
});

it('of one and the same file, though another takes its place meanwhile', () => {
  const day = (n: number, price: number): string =>
    `2024-01-${two(n)} 09:30:00.000000001-05:00,${price},\n`.repeat(20);
  const textOf = (price: number): string =>
    `Datetime,price,conditions\n${Array.from({ length: 9 }, (_, n) => day(n + 1, price)).join('')}`;
  writeFileSync(file, textOf(1));
  const prices: string[] = [];
  for (const { values } of longSeries(file, form, 500) ?? []) {
    if (prices.length === 0) {
      writeFileSync(`${file}.new`, textOf(22));
      renameSync(`${file}.new`, file);
    }
    prices.push(...values.split('\n').map((one) => one.split(',')[1] as string));
  }
  expect(prices).toEqual(Array(180).fill('1'));
});
