/**
 * How much text the archive stands for: true of blocked gzip wherever all of it is looked at, and nothing at
 * all of what does not tell.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { estimateText } from '#tasks/status/text-size.js';
import { EOF_MARKER } from '../../store/archive/blocks.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-text-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Blocked gzip by the SAM specification's section 4.1. */
function blocked(members: readonly string[]): Uint8Array {
  const parts = members.map((text) => {
    const data = deflateRawSync(text);
    const member = Buffer.alloc(data.length + 26);
    member.write('1f8b08040000000000ff060042430200', 'hex');
    member.writeUInt16LE(member.length - 1, 16);
    member.set(data, 18);
    member.writeUInt32LE(crc32(text), member.length - 8);
    member.writeUInt32LE(Buffer.byteLength(text), member.length - 4);
    return member;
  });
  return Buffer.concat([...parts, Buffer.from(EOF_MARKER, 'hex')]);
}

/** Writes the files, one after the other, and estimates. */
function estimate(contents: readonly Uint8Array[]): ReturnType<typeof estimateText> {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
  const files = contents.map((content, i) => {
    const file = path.join(folder, `${String(i).padStart(3, '0')}.csv.gz`);
    writeFileSync(file, content);
    return { file, size: statSync(file).size };
  });
  return estimateText(files);
}

const day = fc.array(
  fc.string({ minLength: 0, maxLength: 300 }).map((text) => `A,1,2,${text}\n`),
  {
    minLength: 1,
    maxLength: 5,
  },
);

test('exact for as many files as are looked at', () => {
  fc.assert(
    fc.property(fc.array(day, { minLength: 1, maxLength: 8 }), (days) => {
      const text = days.flat().reduce((sum, part) => sum + Buffer.byteLength(part), 0);
      expect(estimate(days.map(blocked))).toEqual({ bytes: text, sampled: days.length });
    }),
    { numRuns: 30 },
  );
});

test('of equal files, exact however many there are', () => {
  const text = 'AAPL,1,2,3\n'.repeat(500);
  const found = estimate(Array.from({ length: 40 }, () => blocked(['ticker\n', text])));
  expect(found).toEqual({ bytes: 40 * (7 + text.length), sampled: 8 });
});

test('a plain gzip, a torn file, an empty one and one that is gone tell nothing, and spoil nothing', () => {
  const plain = gzipSync('AAPL,1,2,3\n'.repeat(100));
  const whole = blocked(['ticker\n', 'AAPL,1,2,3\n']);
  const torn = whole.subarray(0, whole.length - 30);
  expect(estimate([plain, torn, new Uint8Array()])).toBeUndefined();
  expect(estimateText([{ file: path.join(folder, 'gone'), size: 100 }])).toBeUndefined();
  expect(estimateText([])).toBeUndefined();
  expect(estimate([whole, torn])?.sampled).toBe(1);
});
