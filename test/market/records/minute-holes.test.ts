import { expect, it } from 'vitest';
import { cryptoMinute } from '#market/datasets/crypto.js';
import { stocksMinute } from '#market/datasets/stocks.js';
import { indexDay } from '#market/records/day-index.js';
import { newHoleFinder } from '#market/records/minute-holes.js';
import { HEADER } from './day-texts.js';

const DAY = '2026-10-01';
const OPEN = Date.UTC(2026, 9, 1, 13, 30) / 1000;
const SESSION = 390;

/** `traded`: in which minutes of the session. */
function holesOf(tickers: Readonly<Record<string, (minute: number) => boolean>>, pieces = 1, day = DAY) {
  const finder = newHoleFinder(stocksMinute, day);
  const rows = Object.entries(tickers).flatMap(([ticker, traded]) =>
    Array.from({ length: SESSION }, (_, minute) => minute)
      .filter(traded)
      .map((minute) => `${ticker},10,5,5,5,5,${OPEN + 60 * minute}000000000,1\n`),
  );
  const size = Math.ceil(rows.length / pieces);
  for (let at = 0; at < rows.length; at += size)
    finder?.add(indexDay(Buffer.from(`${HEADER}\n${rows.slice(at, at + size).join('')}`)));
  return finder?.result();
}

const market = (traded: (minute: number, n: number) => boolean) =>
  Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [`T${String(n).padStart(2, '0')}`, (m: number) => traded(m, n)]),
  );

it('a market in every minute has no hole, and neither has a quiet ticker', () => {
  const quiet = {
    ...market(() => true),
    ZZ: (m: number) => m % 3 === 0 && m < 100,
    ZZZ: (m: number) => m < 40,
  };
  expect(holesOf(quiet)).toEqual({ market: [], tickers: [] });
});

it.each([1, 7])('minutes that the whole market lacks, in %d pieces', (pieces) => {
  const holes = holesOf(
    market((m) => m !== 15 && (m < 100 || m > 104) && m !== 389),
    pieces,
  );
  expect(holes).toEqual({ market: ['09:45', '11:10 to 11:14', '15:59'], tickers: [] });
});

it('a quiet market lacks minutes by nature', () => {
  expect(holesOf(market((m, n) => n < 5 && m % 2 === 0))?.market).toEqual([]);
});

it('a liquid ticker without a closing minute, or that stops before', () => {
  const some = {
    ...market(() => true),
    U1: (m: number) => m < 389,
    U2: (m: number) => m < 200 && m !== 7,
    U3: (m: number) => m < 389 && m !== 50,
  };
  expect(holesOf(some)?.tickers).toEqual([
    { ticker: 'U1', from: '15:59', minutes: 1 },
    { ticker: 'U2', from: '12:50', minutes: 190 },
  ]);
});

it('where there is no session there is nothing to lack', () => {
  expect(newHoleFinder(stocksMinute, '2026-10-03')).toBeUndefined();
  expect(newHoleFinder(cryptoMinute, DAY)).toBeUndefined();
  // Short days end at 13:00.
  expect(newHoleFinder(stocksMinute, '2026-11-27')?.result()).toEqual({ market: [], tickers: [] });
});
