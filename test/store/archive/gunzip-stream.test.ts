/** Gzip inflated a stretch at a time gives what zlib gives, or is refused where zlib refuses. */
import { constants, deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gunzipTexts } from '#store/archive/gunzip-stream.js';

/** `step`: bytes that the file hands out at a time. */
function inflated(zipped: Uint8Array, step = 1 << 16): Buffer {
  let at = 0;
  const parts: Uint8Array[] = [];
  const read = (target: Uint8Array): number => {
    const part = zipped.subarray(at, at + Math.min(step, target.length));
    target.set(part);
    at += part.length;
    return part.length;
  };
  for (const text of gunzipTexts(read)) parts.push(Uint8Array.from(text));
  return Buffer.concat(parts);
}

const texts = fc.oneof(
  fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.constantFrom('AAPL,1.5', '\n', '0', ',,,,', 'zzzzzzzzzzzzzzzzzzzzzzzzzzzz'), { maxLength: 400 })
    .map((parts) => Buffer.from(parts.join(''))),
  fc.tuple(fc.nat({ max: 700_000 }), fc.nat({ max: 255 })).map(([n, byte]) => Buffer.alloc(n, byte)),
);
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});

test('whatever zlib compresses, in one member or many, in however small parts it is read', () => {
  fc.assert(
    fc.property(
      fc.array(texts, { minLength: 1, maxLength: 3 }),
      options,
      fc.integer({ min: 1, max: 5000 }),
      (all, how, step) => {
        const zipped = Buffer.concat(all.map((text) => gzipSync(text, how)));
        const expected = Buffer.concat(all);
        expect(inflated(zipped, step).equals(expected)).toBe(true);
        expect(inflated(Buffer.concat([zipped, Buffer.alloc(70)]), step).equals(expected)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test('a header with everything in it', () => {
  const text = Buffer.from('ticker,volume\nA,1\n');
  const zipped = gzipSync(text);
  const fields = Buffer.concat([
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from('name\0comment\0'),
    Buffer.from([9, 9]),
  ]);
  const full = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3]),
    fields,
    deflateRawSync(text),
    zipped.subarray(-8),
  ]);
  expect(inflated(full).equals(text)).toBe(true);
});

test('a flipped bit or a cut is damage, as for zlib, and never other text', () => {
  const text = Buffer.from(
    Array.from({ length: 3000 }, (_, i) => `T${i % 70},${i * 7919},1.${i}\n`).join(''),
  );
  const zipped = gzipSync(text);
  fc.assert(
    fc.property(fc.nat({ max: zipped.length - 1 }), fc.nat({ max: 7 }), fc.boolean(), (at, bit, isCut) => {
      const spoilt = isCut ? zipped.subarray(0, at) : Buffer.from(zipped);
      if (!isCut) spoilt[at] = (spoilt[at] as number) ^ (1 << bit);
      let sound: Buffer | undefined;
      try {
        sound = gunzipSync(spoilt);
      } catch {
        expect(() => inflated(spoilt)).toThrow(/does not gunzip/);
        return;
      }
      // Times and names in the header are nobody's text.
      expect(sound.equals(text)).toBe(true);
      expect(inflated(spoilt).equals(text)).toBe(true);
    }),
    { numRuns: 1500 },
  );
});
