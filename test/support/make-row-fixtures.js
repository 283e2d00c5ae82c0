// Makes the day files of fixtures/rows: `node test/support/make-row-fixtures.js`. Minute bars as varied as real ones, of invented tickers: whole and fractional volumes,
// minimal and six decimals, prices between cents, and in coins and currencies the third form of numbers (exponents, up to 21 places, remains of binary
// floats). The same bytes each time, but for the version of zlib.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const HEADER = 'ticker,volume,open,close,high,low,window_start,transactions\n';
const ROWS = 3000;

let state = 12_345;
/** In [0, 1). */
function random() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}
const below = (count) => Math.floor(random() * count);
/** About -2 to 2, mostly near 0. */
const swing = () => random() + random() + random() + random() - 2;
const letters = (count) => Array.from({ length: count }, () => String.fromCharCode(65 + below(26))).join('');
const one = (...values) => values[below(values.length)];

const short = (value, places) => String(Number(value.toFixed(places)));

/** `tick`: of a price; `price` and `volume` write a number as the vendor's column has it. */
const kinds = {
  stocks_minute: {
    tickers: (i) => letters(1 + below(4)) + (i % 9 === 0 ? 'p' : ''),
    start: 1_790_942_400,
    first: () => Math.exp(1 + random() * 5),
    tick: (first) => (first < 3 ? 0.0001 : 0.01),
    price: (value) => value.toFixed(6),
    volume: () => (random() < 0.7 ? Math.exp(random() * 9) : 1 + below(900)).toFixed(6),
  },
  options_minute: {
    tickers: () =>
      `O:${letters(3)}241${one(101, 115, 220)}${one('C', 'P')}${String(500 * (20 + below(600))).padStart(8, '0')}`,
    start: 1_726_234_200,
    first: () => Math.exp(random() * 5 - 2),
    tick: (first) => (first < 3 ? 0.01 : 0.05),
    price: (value) => short(value, 2),
    volume: () => String(1 + below(Math.exp(random() * 6))),
  },
  crypto_minute: {
    tickers: () => `X:${letters(3 + below(3))}-${one('USD', 'USD', 'EUR', 'BTC')}`,
    start: 1_704_099_600,
    first: () => Math.exp(random() * 27 - 16),
    tick: (first) => 10 ** (Math.floor(Math.log10(first)) - 5),
    price: (value) => (random() < 0.3 ? String(value) : String(Number(value.toPrecision(8)))),
    volume: () =>
      one(
        () => String(1 + below(1e6)),
        () => (random() * 1e-4).toPrecision(3),
        () => String(random() * 1e4),
        () => short(random() * 900, 8),
        () => (random() * 1e-5).toFixed(21),
        () => `${1 + below(9)}.${1 + below(9)}e-${7 + below(3)}`,
      )(),
  },
  forex_minute: {
    tickers: () => `C:${letters(3)}-${one('USD', 'JPY', 'CHF')}`,
    start: 1_704_099_600,
    first: () => Math.exp(random() * 9 - 4),
    tick: (first) => 10 ** (Math.floor(Math.log10(first)) - 4),
    price: (value) => (random() < 0.2 ? String(value) : String(Number(value.toPrecision(6)))),
    volume: () => String(1 + below(300)),
  },
};

function textOf({ tickers, start, first, tick, price, volume }) {
  const names = [...new Set(Array.from({ length: 40 }, (_, i) => tickers(i)))].sort();
  const lines = [];
  for (const name of names) {
    const about = first();
    const step = tick(about);
    let last = at(about, 0, step);
    const activity = 0.1 + 0.9 * random() ** 2;
    for (let minute = 0; minute < 400; minute++) {
      if (random() > activity) continue;
      const ticks = Math.max(2, (last / step) * 0.0008);
      const open = random() < 0.6 ? last : at(last, swing() * ticks * 0.3, step);
      const close = random() < 0.3 ? open : at(open, swing() * ticks, step);
      const high = at(Math.max(open, close), below(1 + ticks / 2), step);
      const low = at(Math.min(open, close), -below(1 + ticks / 2), step);
      last = close;
      const prices = [open, close, high, low].map(price);
      // In different forms a low can come out above an open: such a record is no bar.
      const [o, c, h, l] = prices.map(Number);
      if (h < Math.max(o, c) || l > Math.min(o, c)) continue;
      lines.push(`${name},${volume()},${prices.join()},${start + 60 * minute}000000000,${1 + below(40)}\n`);
    }
  }
  const from = Math.max(0, (lines.length - ROWS) >> 1);
  return HEADER + lines.slice(from, from + ROWS).join('');
}

/** So many ticks away, and above nothing: often with the remains of a binary float. */
function at(price, ticks, step) {
  return Math.max(step, Math.round(price / step + ticks) * step);
}

for (const [name, kind] of Object.entries(kinds))
  writeFileSync(
    path.join(import.meta.dirname, '..', '..', 'fixtures', 'rows', `${name}.csv.gz`),
    gzipSync(textOf(kind), { level: 9 }),
  );
