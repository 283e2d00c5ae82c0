/**
 * The encoder of the archive's blocks: whatever bytes go in, zlib gives them back, and nothing is written
 * beyond the stream.
 */
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deflateInto } from '#store/archive/deflate.js';
import { rounds, SEED, scaled, technique } from '../technique.js';
import { CORPUS } from './hostile-referee.js';

const t = technique('hostile archive: encoder');
const LARGEST = 65_535;
const CANARY = 0xa5;

const unit = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(...CORPUS).map((text) => Buffer.from(text, 'latin1')),
  fc
    .string({ unit: fc.constantFrom(',', '\n', '0', '1', '.', 'A'), minLength: 1, maxLength: 200 })
    .map((text) => Buffer.from(text)),
  fc.tuple(fc.nat(255), fc.nat(40_000)).map(([byte, length]) => Buffer.alloc(length, byte)),
);

/** Pieces one behind the other, each some times over: matches near and far, of all lengths, and none. */
const texts = fc
  .array(fc.tuple(unit, fc.integer({ min: 1, max: 30 })), { minLength: 1, maxLength: 12 })
  .map((parts) =>
    Buffer.concat(parts.flatMap(([bytes, times]) => Array.from({ length: times }, () => bytes))).subarray(
      0,
      LARGEST,
    ),
  );

test('what goes in comes out', { timeout: scaled(300_000, 7_200_000) }, () =>
  t.attempt('round trip', () =>
    fc.assert(
      fc.property(texts, fc.constantFrom<'fields' | 'everywhere'>('fields', 'everywhere'), (text, search) => {
        t.tried(1);
        const target = Buffer.alloc(text.length + 64 + 32, CANARY);
        const size = deflateInto(text, search, target, 16);
        expect(inflateRawSync(target.subarray(16, 16 + size)).equals(text)).toBe(true);
        const beyond = [...target.subarray(0, 16), ...target.subarray(16 + size)];
        expect(beyond.every((byte) => byte === CANARY)).toBe(true);
        expect(size).toBeLessThanOrEqual(text.length + 64);
      }),
      { seed: SEED, numRuns: rounds(300, 30_000) },
    ),
  ),
);
