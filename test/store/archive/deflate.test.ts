/**
 * Our deflate streams inflate, with zlib's inflate as the judge, to what went in: for any bytes, and small
 * ones for market rows.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kernel } from '#platform/wasm/kernel.js';
import { dayText } from '#sandbox/market/generator.js';
import { stockDays } from '#sandbox/market/stock-days.js';
import { deflateInto } from '#store/archive/deflate.js';

const CANARY = 0xa5;

const SEARCHES = ['fields', 'everywhere'] as const;

/**
 * The streams of `text` by both searches, each after checking that it inflates and stays in its place; the
 * smaller one.
 */
function deflated(text: Uint8Array): Uint8Array {
  const [fields, everywhere] = SEARCHES.map((search) => deflatedBy(search, text)) as [Uint8Array, Uint8Array];
  return fields.length < everywhere.length ? fields : everywhere;
}

function deflatedBy(search: (typeof SEARCHES)[number], text: Uint8Array): Uint8Array {
  const target = new Uint8Array(text.length + 64 + 32).fill(CANARY);
  const size = deflateInto(text, search, target, 16);
  const stream = target.slice(16, 16 + size);
  expect(size).toBeLessThanOrEqual(text.length + 64);
  expect(Buffer.compare(inflateRawSync(stream), text)).toBe(0);
  expect(target.subarray(0, 16).every((byte) => byte === CANARY)).toBe(true);
  expect(target.subarray(16 + size).every((byte) => byte === CANARY)).toBe(true);
  return stream;
}

/** Bytes that no one can compress, the same each time. */
function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

const generator = stockDays({ seed: 1, tickers: 2000 });

test('any bytes of all short lengths', () => {
  for (let length = 0; length <= 70; length++) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (text) => void deflated(text)),
      { numRuns: 10 },
    );
    deflated(Buffer.alloc(length));
    deflated(Buffer.alloc(length, ','));
    deflated(Buffer.alloc(length, '\n'));
    deflated(Buffer.alloc(length, ',0000'));
  }
});

test('any bytes of any length, and texts of few symbols with many separators', () => {
  fc.assert(
    fc.property(fc.nat(65_280), fc.integer(), (length, seed) => void deflated(noise(length, seed))),
    { numRuns: 30 },
  );
  for (const alphabet of [',\n', ',0', ',0\n', '0,.12\n', 'ab,0000\n']) {
    const symbols = fc.constantFrom(...Buffer.from(alphabet));
    fc.assert(
      fc.property(fc.array(symbols, { maxLength: 3000 }), (bytes) => void deflated(Uint8Array.from(bytes))),
    );
    const random = noise(65_280, alphabet.length).map((byte) => alphabet.charCodeAt(byte % alphabet.length));
    deflated(random);
  }
});

test('one symbol, all symbols, and what does not compress', () => {
  for (const byte of [0, 10, 44, 48, 255]) {
    for (const length of [1, 2, 3, 257, 258, 259, 65_280, 65_535]) deflated(Buffer.alloc(length, byte));
  }
  deflated(Uint8Array.from({ length: 256 }, (_, i) => i));
  deflated(Uint8Array.from({ length: 65_280 }, (_, i) => i & 255));
  for (const length of [300, 65_280, 65_535]) {
    const stream = deflated(noise(length));
    expect(stream.length).toBe(length + 5);
    expect(stream[0]).toBe(1);
  }
  expect(() => deflateInto(new Uint8Array(65_536), 'everywhere', new Uint8Array(66_000), 0)).toThrow(
    RangeError,
  );
});

test('stock days in both formats: in fields fewer bytes than zlib at level 1, everywhere fewer than at level 6', () => {
  for (const day of ['2026-11-19', '2025-06-18']) {
    const text = dayText(generator, day);
    for (const length of [16_384, 65_280]) {
      const members = Array.from({ length: Math.ceil(text.length / length) }, (_, m) =>
        text.subarray(m * length, (m + 1) * length),
      );
      const sum = (size: (member: Uint8Array) => number): number =>
        members.reduce((bytes, member) => bytes + size(member), 0);
      const zlib = (level: number): number => sum((member) => deflateRawSync(member, { level }).length);
      expect(sum((member) => deflatedBy('fields', member).length)).toBeLessThanOrEqual(zlib(1));
      expect(sum((member) => deflatedBy('everywhere', member).length)).toBeLessThanOrEqual(zlib(6));
    }
  }
});

test('matches of all lengths, and at distances up to the window and beyond it', () => {
  for (let length = 1; length <= 300; length++) {
    const field = Buffer.concat([Buffer.from(','), noise(length).map((byte) => (byte % 64) + 64)]);
    deflated(Buffer.concat([field, field, Buffer.from('end of the text')]));
    deflated(Buffer.concat([Buffer.alloc(length, '0'), field, Buffer.alloc(length, '0'), field, field]));
  }
  const field = Buffer.concat([Buffer.from(','), noise(100).map((byte) => (byte % 64) + 64)]);
  const sizes = new Map<number, number>();
  for (const distance of [
    101, 102, 255, 256, 257, 258, 4096, 24_577, 32_766, 32_767, 32_768, 32_769, 40_000,
  ]) {
    const filler = Buffer.alloc(distance - field.length, 'x');
    const text = Buffer.concat([field, filler, field, Buffer.from('more')]);
    const lines = Buffer.concat([Buffer.from('a'), field, filler, Buffer.from('\na'), field, filler]);
    sizes.set(distance, deflated(text).length);
    deflated(lines.subarray(0, 65_535));
  }
  // The farthest match saves most of a hundred bytes; a step beyond, there is none.
  expect((sizes.get(32_769) ?? 0) - (sizes.get(32_768) ?? 0)).toBeGreaterThan(50);
});

test('the same stream whatever came before', () => {
  const text = dayText(generator, '2026-11-19').subarray(0, 16_384);
  const first = SEARCHES.map((search) => deflatedBy(search, text));
  for (const other of [noise(65_280), Buffer.alloc(5000, ','), new Uint8Array(0), text.subarray(500, 9000)]) {
    deflated(other);
    for (const [s, search] of SEARCHES.entries())
      expect(Buffer.compare(deflatedBy(search, text), first[s] as Uint8Array)).toBe(0);
  }
});

test('skewed frequencies, up to those whose code would be too long', () => {
  const fibonacci: number[] = [1, 1];
  while (fibonacci.length < 22) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
  deflated(Buffer.concat(fibonacci.map((count, i) => Buffer.alloc(count, 65 + i))));
  deflated(Buffer.concat(fibonacci.map((count, i) => Buffer.alloc(count, 255 - i))));
});

test('code lengths fill the code space exactly, keep the limit, and cost what Huffman costs where it holds', () => {
  const counts = fc.array(
    fc.oneof(
      fc.constant(0),
      fc.nat(50),
      fc.nat(21).map((power) => 1 << power),
    ),
    { minLength: 2, maxLength: 286 },
  );
  fc.assert(
    fc.property(counts, fc.constantFrom(12, 15), (list, limit) => {
      const array = Int32Array.from([1, 1, ...list].slice(0, 286));
      const { lengths, codes } = kernel().prefixCodes(array, limit);
      let kraft = 0;
      for (const [symbol, length] of lengths.entries()) {
        expect(length === 0).toBe(array[symbol] === 0);
        expect(length).toBeLessThanOrEqual(limit);
        if (length > 0) kraft += 2 ** -length;
      }
      expect(kraft).toBe(1);
      expect(new Set(codes.filter((code) => code !== 0)).size).toBe(
        codes.filter((code) => code !== 0).length,
      );
      const { cost, deepest } = huffman(array);
      const own = lengths.reduce((sum, length, symbol) => sum + length * (array[symbol] ?? 0), 0);
      if (deepest <= limit) expect(own).toBe(cost);
    }),
    { numRuns: 300 },
  );
});

/** The textbook's way; of equal weights the shallower tree is joined first, which gives the least depth. */
function huffman(counts: Int32Array): { cost: number; deepest: number } {
  const trees = [...counts].filter((count) => count > 0).map((weight) => ({ weight, depth: 0 }));
  let cost = 0;
  while (trees.length > 1) {
    trees.sort((a, b) => b.weight - a.weight || b.depth - a.depth);
    const a = trees.pop();
    const b = trees.pop();
    if (a === undefined || b === undefined) break;
    cost += a.weight + b.weight;
    trees.push({ weight: a.weight + b.weight, depth: 1 + Math.max(a.depth, b.depth) });
  }
  return { cost, deepest: trees[0]?.depth ?? 0 };
}
