/** A table of contents is believed whole or not at all. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DayToc, membersOf, parseMonthToc, renderMonthToc } from '#store/archive/toc.js';
import { tickers } from '../../market/records/day-texts.js';
import { byBytes } from './blocks.js';

const dayToc: fc.Arbitrary<DayToc> = fc
  .record({
    size: fc.nat(),
    mtimeMs: fc.integer({ min: 0, max: 4e12 }),
    header: fc.uint8Array({ maxLength: 80 }),
    steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 65_536 }), tickers), { maxLength: 20 }),
  })
  .map(({ size, mtimeMs, header, steps }) => {
    const firsts = steps.map(([, ticker]) => Buffer.from(ticker)).sort(Buffer.compare);
    let end = 0;
    let offset = 100;
    return {
      size,
      mtimeMs,
      header,
      offsets: Float64Array.from([offset, ...steps.map(([length]) => (offset += length))]),
      tickerEnds: Uint32Array.from(firsts.map((first) => (end += first.length))),
      tickers: Uint8Array.from(Buffer.concat(firsts)),
    };
  });
const month = fc
  .dictionary(fc.constantFrom('2024-01-02', '2024-01-03', '2024-01-31', '2024-01-10'), dayToc, {
    noNullPrototype: true,
  })
  .map((days) => new Map(Object.entries(days)));

/** Buffers and arrays alike. */
function plain(toc: ReadonlyMap<string, DayToc> | undefined) {
  return [...(toc ?? [])].map(([day, { header, tickers: names, ...rest }]) => ({
    day,
    ...rest,
    header: [...header],
    names: [...names],
  }));
}

test('what is written is read again, wherever in memory it stands', () => {
  fc.assert(
    fc.property(month, fc.integer({ min: 0, max: 7 }), (days, shift) => {
      const bytes = renderMonthToc(days);
      const moved = new Uint8Array(bytes.length + shift).subarray(shift);
      moved.set(bytes);
      const sorted = new Map([...days].sort(([a], [b]) => byBytes(a, b)));
      expect(plain(parseMonthToc(moved))).toEqual(plain(sorted));
    }),
  );
});

test('a table with one byte other, too few or too many is refused, and none makes the reader fail', () => {
  fc.assert(
    fc.property(
      month,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.uint8Array({ minLength: 1, maxLength: 9 }),
      (days, at, by, more) => {
        const bytes = renderMonthToc(days);
        const other = Uint8Array.from(bytes);
        other[at % bytes.length] = (other[at % bytes.length] ?? 0) ^ by;
        expect(parseMonthToc(other)).toBeUndefined();
        expect(parseMonthToc(bytes.subarray(0, at % bytes.length))).toBeUndefined();
        expect(parseMonthToc(Buffer.concat([bytes, more]))).toBeUndefined();
        expect(parseMonthToc(more)).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});

test('the members named for a ticker are all that can hold it', () => {
  // Records of the tickers in order, a few to a member: a member's first ticker is that of its first record.
  const records = fc.array(tickers, { maxLength: 40 }).map((list) => [...list].sort(byBytes));
  fc.assert(
    fc.property(
      records,
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
      tickers,
      (list, sizes, other) => {
        const members: string[][] = [];
        for (let at = 0; at < list.length; ) {
          const size = sizes[members.length % sizes.length] ?? 1;
          members.push(list.slice(at, at + size));
          at += size;
        }
        const firsts = members.map(([first = '']) => Buffer.from(first));
        let end = 0;
        const toc: DayToc = {
          ...{
            size: 0,
            mtimeMs: 0,
            header: new Uint8Array(0),
            offsets: Float64Array.from([0, ...members.map((_, i) => i + 1)]),
          },
          tickerEnds: Uint32Array.from(firsts.map((first) => (end += first.length))),
          tickers: Buffer.concat(firsts),
        };
        for (const ticker of [...list, other, '', '~~~~~']) {
          const span = membersOf(toc, Buffer.from(ticker), Buffer.from(`${ticker}\0`));
          if (span === undefined) expect(list).toEqual([]);
          else {
            const held = members.flatMap((names, i) => (names.includes(ticker) ? [i] : []));
            for (const i of held) expect(i >= span.first && i <= span.last).toBe(true);
            expect(span.last - span.first).toBeLessThanOrEqual(Math.max(1, held.length));
          }
        }
      },
    ),
  );
});
