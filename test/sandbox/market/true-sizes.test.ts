/** Days as large as the vendor's, of the market's full size. Each takes a few seconds to make. */
import { createHash } from 'node:crypto';
import { createGzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { sandboxDatasets } from '#sandbox/market/datasets.js';
import { dayText } from '#sandbox/market/generator.js';

const NOW = new Date('2026-11-20T17:00:00Z');
const MB = 1e6;
const full = sandboxDatasets({ seed: 1, tickers: 11_500, now: NOW, trueDays: 1, trueRows: 1_000_000 });

function named(name: string) {
  const found = full.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

async function sizes(name: string, day: string) {
  const packed = createGzip({ level: 1 });
  let compressed = 0;
  packed.on('data', (chunk: Buffer) => {
    compressed += chunk.length;
  });
  let [bytes, rows] = [0, -1];
  for (const piece of named(name).pieces(day, 0)) {
    bytes += piece.length;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) rows += 1;
    if (!packed.write(piece)) await new Promise((resolve) => packed.once('drain', resolve));
  }
  await new Promise((resolve) => packed.end().once('end', resolve));
  return { bytes, rows, compressed };
}

const about = (value: number, expected: number) => Math.abs(value / expected - 1) < 0.1;

test('a day of stock minutes: 1.83 million rows, 137 MB of text', async () => {
  const { bytes, rows, compressed } = await sizes('stocks_minute', '2026-11-19');
  expect(about(rows, 1_830_000), String(rows)).toBe(true);
  expect(about(bytes, 137 * MB), String(bytes)).toBe(true);
  expect(compressed).toBeGreaterThan(18 * MB);
  expect(compressed).toBeLessThan(36 * MB);
});

test('a day of options: 364,000 rows', async () => {
  const { rows } = await sizes('options_daily', '2026-11-19');
  expect(about(rows, 364_000), String(rows)).toBe(true);
});

test('trades: as many rows as asked for', async () => {
  const { rows } = await sizes('stocks_trades', '2026-11-19');
  expect(about(rows, 1_000_000), String(rows)).toBe(true);
});

test('only the newest session is of that size, and a small file is a part of a large one', () => {
  expect(['2026-11-18', '2026-11-19'].map((day) => named('options_minute').isLarge(day))).toEqual([
    false,
    true,
  ]);
  const small = sandboxDatasets({ seed: 1, tickers: 11_500, now: NOW, trueDays: 0, trueRows: 0 });
  const some = small.find((one) => one.name === 'options_daily');
  if (some === undefined) throw new Error('no options_daily');
  const all = new Set(dayText(named('options_daily'), '2026-11-19').toString('latin1').split('\n'));
  const lines = dayText(some, '2026-11-19').toString('latin1').split('\n');
  expect(lines.filter((line) => !all.has(line))).toEqual([]);
});

test.each([
  ['stocks_minute', '8fe04d5968f759e55c4a94d87330dab7'],
  ['stocks_trades', 'c8033b2b474d0cdab9a5009e3cf5b888'],
  ['stocks_quotes', '64c0d6900cb45dc49b0cc38aab233d52'],
  ['options_daily', '73755de332941068947697f9992bc36c'],
  ['options_minute', '1b4fde273225994e8e6086e3fe3221c0'],
  ['options_trades', 'a74731d822ab7fe305c455ec69b990f3'],
  ['options_quotes', '53b696ca759157fa380659b33d60cc1a'],
  ['indices_daily', '0cd2a1cb0e24a4d58a3a40e8ff790b7c'],
  ['indices_minute', '595d76894c4d07cb693f35050126aa3d'],
  ['forex_daily', 'cff87f6f6a3e1362bdc57d35183e96b0'],
  ['forex_minute', 'fb29b2a39a640b11ea39cce4e0754e58'],
  ['crypto_daily', '0058053f65be32ff20e985ac4852fd09'],
  ['crypto_minute', '6a7599d0d06b519a8d1dbf1ae55bf1a0'],
])('the small text of %s is what it has always been', (name, expected) => {
  const texts = ['2026-02-20', '2026-11-18'].map((day) => dayText(named(name), day));
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  expect(hash.digest('hex').slice(0, 32)).toBe(expected);
});
