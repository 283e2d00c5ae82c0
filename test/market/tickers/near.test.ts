import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestTickers } from '#market/tickers/near.js';

const MARKET = [
  'AAPL',
  'APP',
  'APPN',
  'BApA',
  'BAPA',
  'BRK.A',
  'BRK.B',
  'GOOG',
  'GOOGL',
  'MSFT',
  'NVDA',
  'F',
  'T',
];

describe('what people type, and what they meant', () => {
  it.each([
    ['aapl', ['AAPL']],
    ['APPL', ['AAPL', 'APP', 'APPN']],
    ['AAPLE', ['AAPL']],
    ['BRK-B', ['BRK.B', 'BRK.A']],
    ['BRK/B', ['BRK.B', 'BRK.A']],
    ['brkb', ['BRK.B', 'BRK.A']],
    ['bapa', ['BAPA', 'BApA']],
    ['BA-PA', ['BAPA', 'BApA']],
    ['MFST', ['MSFT']],
    ['NVIDA', ['NVDA']],
    ['GOGLE', ['GOOGL']],
    ['XYZZY', []],
    ['X', []],
    ['', []],
    ['..', []],
  ])('%s', (typed, meant) => {
    const near = nearestTickers(typed, MARKET);
    if (meant.length === 0) expect(near).toEqual([]);
    else expect(near.slice(0, meant.length)).toEqual(meant);
  });
});

it.each([
  ['a swap before any other slip', 'AAPL', ['AAPPL', 'APAL', 'ABPL'], [], 'APAL'],
  ['a tracked one before a swap', 'MSTF', ['MSFT', 'MSTR'], ['MSTR'], 'MSTR'],
  ['capitals before another class', 'APPL', ['APIpL', 'AIPL', 'AAPL'], [], 'AAPL'],
  ['a market’s prefix is no letter', 'SPX', ['SPY', 'I:SPX'], [], 'I:SPX'],
])('%s', (_, typed, market, tracked, meant) => {
  expect(nearestTickers(typed, market, 1, new Set(tracked))).toEqual([meant]);
});

describe('laws', () => {
  const ticker = fc.stringMatching(/^[A-Za-z0-9.:/-]{0,9}$/);

  it('never the ticker itself, none twice, only such as the market has, at most so many', () => {
    fc.assert(
      fc.property(ticker, fc.array(ticker), fc.integer({ min: 0, max: 5 }), (typed, market, most) => {
        const near = nearestTickers(typed, market, most);
        expect(near.length).toBeLessThanOrEqual(most);
        expect(new Set(near).size).toBe(near.length);
        for (const one of near) expect(one !== typed && market.includes(one)).toBe(true);
      }),
    );
  });

  it('the order of the market does not matter, and another case comes first', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{1,6}$/), fc.array(ticker), (meant, others) => {
        const market = [...others.filter((other) => other.toLowerCase() !== meant.toLowerCase()), meant];
        const near = nearestTickers(meant.toLowerCase(), market);
        expect(near[0]).toBe(meant);
        expect(nearestTickers(meant.toLowerCase(), market.toReversed())).toEqual(near);
      }),
    );
  });

  it('one letter put in, left out, changed or swapped is found', () => {
    const slip = fc.tuple(
      fc.stringMatching(/^[A-Z]{5}$/),
      fc.nat(4),
      fc.constantFrom('in', 'out', 'other', 'swap'),
    );
    fc.assert(
      fc.property(slip, ([meant, place, kind]) => {
        const i = Math.min(place, 3);
        const typed = {
          in: `${meant.slice(0, i)}Q${meant.slice(i)}`,
          out: meant.slice(0, i) + meant.slice(i + 1),
          other: `${meant.slice(0, i)}Q${meant.slice(i + 1)}`,
          swap: `${meant.slice(0, i)}${meant[i + 1]}${meant[i]}${meant.slice(i + 2)}`,
        }[kind];
        if (typed !== meant) expect(nearestTickers(typed, [meant])).toEqual([meant]);
      }),
    );
  });
});

it('12,000 tickers take some milliseconds, whatever is typed', () => {
  const market = Array.from({ length: 12_000 }, (_, i) => `${i.toString(36).toUpperCase().padStart(4, 'A')}`);
  const begun = performance.now();
  for (const typed of ['AAPL', 'X'.repeat(100_000), readFileSync(import.meta.filename, 'utf8')])
    nearestTickers(typed, market);
  expect(performance.now() - begun).toBeLessThan(1000);
});
