/** Reductions: the worked example, and laws against a reading of the rules that looks at all quotes at once. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Kept, newReducer, type Sides } from '#market/quotes/reduce.js';
import {
  parseReduction,
  type Reduction,
  reductionName,
  reductionNamed,
  reductionText,
} from '#market/quotes/reduction.js';

interface Numbered extends Sides {
  readonly ord: number;
  readonly second: number;
}

function reduce(text: string, quotes: readonly Numbered[]): readonly Kept<Numbered>[] {
  const reducer = newReducer<Numbered>(parseReduction(text) as Reduction);
  const kept: Kept<Numbered>[] = [];
  for (const quote of quotes) {
    const row = reducer.take(quote, quote.second);
    if (row !== undefined) kept.push(row);
  }
  const last = reducer.end();
  return last === undefined ? kept : [...kept, last];
}

const ordsOf = (rows: readonly Kept<Numbered>[]) => rows.map(({ bid, ask }) => bid?.ord ?? ask?.ord);

function quote(ord: number, second: number, bid: readonly number[], ask: readonly number[]): Numbered {
  const [bidPrice = 0, bidSize = 0] = bid;
  const [askPrice = 0, askSize = 0] = ask;
  return { ord, second, bidPrice, bidSize, askPrice, askSize };
}

/** 09:30:00 to 09:30:03. */
const EXAMPLE = [
  quote(0, 0, [10, 5], [10.04, 3]),
  quote(1, 0, [10.01, 2], [10.04, 3]),
  quote(2, 0, [10.01, 2], [10.03, 1]),
  quote(3, 0, [10.01, 2], [10.03, 1]),
  quote(4, 1, [10.03, 4], [10.02, 1]),
  quote(5, 1, [], [10.05, 2]),
  quote(6, 3, [10.02, 1], [10.02, 6]),
  quote(7, 3, [10.01, 9], [10.04, 9]),
];

it('every third quote is the first, the fourth and the seventh', () => {
  expect(ordsOf(reduce('every:3', EXAMPLE))).toEqual([0, 3, 6]);
});

it('changes are quotes with other prices than the last that was kept; of prices and sizes there are no fewer', () => {
  expect(ordsOf(reduce('changes:price', EXAMPLE))).toEqual([0, 1, 2, 4, 5, 6, 7]);
  expect(ordsOf(reduce('changes:full', EXAMPLE))).toEqual([0, 1, 2, 4, 5, 6, 7]);
  const sizes = [quote(0, 0, [10, 5], [11, 5]), quote(1, 0, [10, 6], [11, 5])];
  expect(ordsOf(reduce('changes:price', sizes))).toEqual([0]);
  expect(ordsOf(reduce('changes:full', sizes))).toEqual([0, 1]);
});

it('a second’s best bid and ask may be two quotes’; a crossed quote is neither’s, an absent side none, a second without quotes no row', () => {
  const rows = reduce('second:best', EXAMPLE).map(({ second, bid, ask }) => [
    second,
    bid && [bid.bidPrice, bid.bidSize],
    ask && [ask.askPrice, ask.askSize],
  ]);
  expect(rows).toEqual([
    [0, [10.01, 2], [10.03, 1]],
    [1, undefined, [10.05, 2]],
    [3, [10.02, 1], [10.02, 6]],
  ]);
});

it('a second’s tightest quote is two-sided and not crossed: of equal spreads the larger, then the latest', () => {
  expect(ordsOf(reduce('second:tightest', EXAMPLE))).toEqual([3, 6]);
  // As doubles the two spreads differ in their last bits.
  const equal = [quote(0, 0, [10.02, 9], [10.03, 9]), quote(1, 0, [10.03, 1], [10.04, 1])];
  expect(ordsOf(reduce('second:tightest', equal))).toEqual([0]);
});

it('a second’s last quote is the last, whatever it is', () => {
  expect(ordsOf(reduce('second:last', EXAMPLE))).toEqual([3, 5, 7]);
});

it('changes come before seconds', () => {
  expect(ordsOf(reduce('changes:price,second:last', EXAMPLE))).toEqual([2, 5, 7]);
});

const PRICE = fc.constantFrom(0, 10, 10.01, 10.02, 10.03, 10.04);
const QUOTES = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 2 }),
      bidPrice: PRICE,
      bidSize: fc.integer({ min: 0, max: 3 }),
      askPrice: PRICE,
      askSize: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 40 },
  )
  .map((list) => {
    let second = 0;
    return list.map(({ gap, ...sides }, ord): Numbered => {
      second += gap;
      return { ...sides, ord, second };
    });
  });

const cents = (price: number | null) => Math.round(Number(price) * 100);

it('law: what a second keeps is what a look at all its quotes finds', () => {
  fc.assert(
    fc.property(QUOTES, (quotes) => {
      const seconds = [...new Set(quotes.map(({ second }) => second))];
      const of = (second: number) => quotes.filter((one) => one.second === second);
      expect(ordsOf(reduce('second:last', quotes))).toEqual(seconds.map((s) => of(s).at(-1)?.ord));

      const tightest = seconds.flatMap((s) => {
        const able = of(s).filter((q) => cents(q.bidPrice) > 0 && cents(q.askPrice) >= cents(q.bidPrice));
        const ranked = able.sort(
          (a, b) =>
            cents(a.askPrice) - cents(a.bidPrice) - (cents(b.askPrice) - cents(b.bidPrice)) ||
            Number(b.bidSize) + Number(b.askSize) - (Number(a.bidSize) + Number(a.askSize)) ||
            b.ord - a.ord,
        );
        return ranked[0] === undefined ? [] : [ranked[0].ord];
      });
      expect(ordsOf(reduce('second:tightest', quotes))).toEqual(tightest);

      const best = seconds.flatMap((s) => {
        const fair = of(s).filter((q) => !(cents(q.bidPrice) > cents(q.askPrice) && cents(q.askPrice) > 0));
        const bid = fair
          .filter((q) => cents(q.bidPrice) > 0)
          .sort(
            (a, b) =>
              Number(b.bidPrice) - Number(a.bidPrice) ||
              Number(b.bidSize) - Number(a.bidSize) ||
              a.ord - b.ord,
          )[0];
        const ask = fair
          .filter((q) => cents(q.askPrice) > 0)
          .sort(
            (a, b) =>
              Number(a.askPrice) - Number(b.askPrice) ||
              Number(b.askSize) - Number(a.askSize) ||
              a.ord - b.ord,
          )[0];
        return bid === undefined && ask === undefined ? [] : [[s, bid?.ord, ask?.ord]];
      });
      expect(
        reduce('second:best', quotes).map(({ second, bid, ask }) => [second, bid?.ord, ask?.ord]),
      ).toEqual(best);
    }),
  );
});

it('law: changes leave out a quote only where the one kept before it says the same', () => {
  fc.assert(
    fc.property(QUOTES, (quotes) => {
      const kept = new Set(ordsOf(reduce('changes:price', quotes)));
      let last: Numbered | undefined;
      for (const one of quotes) {
        const same = last !== undefined && last.bidPrice === one.bidPrice && last.askPrice === one.askPrice;
        expect(kept.has(one.ord)).toBe(!same);
        if (!same) last = one;
      }
    }),
  );
});

it('a reduction has one text and one name; what is none is none', () => {
  for (const text of ['every:10', 'changes:full', 'second:best', 'changes:price,second:tightest']) {
    const reduction = parseReduction(text) as Reduction;
    expect(reductionText(reduction)).toBe(text);
    expect(reductionNamed(reductionName(reduction))).toEqual(reduction);
  }
  for (const text of [
    '',
    'every:1',
    'every:0',
    'second',
    'second:best,changes:price',
    'every:2,second:last',
    'all',
  ])
    expect(parseReduction(text), text).toBeUndefined();
});
