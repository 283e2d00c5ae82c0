/**
 * A large day, split as it comes, is the day: its text to the byte or stably sorted, and every ticker where
 * the table says.
 */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexDay, inOrder, tickerGroups } from '#market/records/day-index.js';
import { qualityOf } from '#market/records/quality.js';
import { inflateMember, memberSize } from '#store/archive/bgzf.js';
import { rebuildToc } from '#store/archive/build-toc.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { membersOf } from '#store/archive/toc.js';
import { checkLargeDay } from '#tasks/verify/check-large-day.js';
import {
  chunksOf,
  DAY,
  dayTexts,
  HEADER,
  left,
  MEMBERS,
  rules,
  stampOf,
  window,
  withSplit,
} from './split-texts.js';

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const pieceSizes = fc.constantFrom(16, 64, 200, 1000, 1 << 16);

test('the archive holds the text, or its stable sort; its table is that of its bytes and leads to every ticker', async () => {
  await fc.assert(
    fc.asyncProperty(dayTexts, pieceSizes, fc.constantFrom(2, 3, 128), async (text, pieceBytes, mostRuns) => {
      const whole = buildArchive(indexDay(text), MEMBERS);
      await withSplit(text, { pieceBytes, mostRuns }, ({ archive, folder, ...split }) => {
        const bytes = readFileSync(archive.temporary);
        const held = gunzipSync(bytes);
        expect(held.toString('latin1')).toBe(Buffer.from(whole.text).toString('latin1'));
        expect(split.textSha256).toBe(sha(text));
        expect(split.sortedSha256).toBe(whole.text === text ? undefined : sha(held));
        expect(split.rows).toBe(indexDay(text).records);
        expect(archive.stamp.size).toBe(bytes.length);
        expect(archive.toc).toEqual(rebuildToc(bytes, archive.stamp.mtimeMs, rules));
        const index = indexDay(held);
        for (const { from, to } of tickerGroups(index)) {
          const i = inOrder(index, from);
          const ticker = index.tickerBytes.slice(index.tickerStarts[i], index.tickerEnds[i]);
          const span = membersOf(archive.toc, ticker, Buffer.concat([ticker, Buffer.alloc(1)]));
          const { offsets } = archive.toc;
          const start = offsets[span?.first ?? 0] as number;
          const end = offsets[(span?.last ?? 0) + 1] as number;
          const parts: Uint8Array[] = [];
          for (let at = start; at < end; at += memberSize(bytes, at)) parts.push(inflateMember(bytes, at));
          const records = held.subarray(index.starts[from], index.starts[to]);
          expect(Buffer.concat(parts).includes(records)).toBe(true);
        }
        const { notBars, doubles, ...quality } = qualityOf(indexDay(text), window, rules.series);
        expect(split.quality.bars).toBe(quality.bars);
        expect(split.quality.notBars.count).toBe(notBars.count);
        expect(split.quality.doubles).toEqual(doubles);
      });
    }),
    { numRuns: 250 },
  );
  expect(new Set(left)).toEqual(new Set([...left].filter((name) => name.endsWith('.barloom-tmp'))));
});

test('the same text gives the same bytes, however it arrives; what was sorted is what its sorted text gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      dayTexts,
      pieceSizes,
      fc.integer({ min: 1, max: 900 }),
      async (text, pieceBytes, size) => {
        const zipped = gzipSync(text);
        const bytesOf = (of: Uint8Array, body: AsyncIterable<Uint8Array>, atOnce: number): Promise<Buffer> =>
          withSplit(of, { pieceBytes, atOnce }, ({ archive }) => readFileSync(archive.temporary), body);
        const once = await bytesOf(text, chunksOf(zipped, size), 1);
        expect((await bytesOf(text, chunksOf(zipped, 1 << 20), 5)).equals(once)).toBe(true);
        const sorted = gunzipSync(once);
        expect((await bytesOf(sorted, chunksOf(gzipSync(sorted)), 2)).equals(once)).toBe(true);
      },
    ),
    { numRuns: 120 },
  );
});

test('more runs than are merged at once, in several passes', async () => {
  const tickers = ['C', 'A', 'B'];
  const lines = Array.from(
    { length: 3000 },
    (_, i) => `${tickers[i % 3]},5,1,1,1,1,${stampOf(i % 900)},${i}`,
  );
  const text = Buffer.from([HEADER, ...lines].join('\n'));
  const expected = [
    HEADER,
    ...lines.filter((line) => line.startsWith('A')),
    ...lines.filter((line) => line.startsWith('B')),
    ...lines.filter((line) => line.startsWith('C')),
    '',
  ].join('\n');
  const options = { pieceBytes: 300, memberForm: { ...MEMBERS, textBytes: 100 } };
  const many = await withSplit(text, { ...options, mostRuns: 2 }, ({ archive, folder, sortedSha256 }) => {
    expect(sortedSha256).toBe(sha(Buffer.from(expected)));
    expect(archive.temporary.startsWith(path.join(folder, `${DAY}.csv.gz.sorted`))).toBe(true);
    return readFileSync(archive.temporary);
  });
  expect(gunzipSync(many).toString()).toBe(expected);
  const few = await withSplit(text, options, ({ archive }) => readFileSync(archive.temporary));
  expect(many.equals(few)).toBe(true);
});

test('verify finds the very table again, however long the blocks are', async () => {
  await fc.assert(
    fc.asyncProperty(dayTexts, async (text) => {
      await withSplit(
        text,
        { memberForm: { ...MEMBERS, textBytes: 300 } },
        ({ archive, folder, ...split }) => {
          const file = path.join(folder, 'day.csv.gz');
          renameSync(archive.temporary, file);
          const checked = checkLargeDay(file, rules, window);
          expect(checked.form).toBe('barloom');
          expect(checked.toc).toEqual(archive.toc);
          expect(checked.sha256).toBe(split.sortedSha256 ?? split.textSha256);
          expect(checked.rows).toBe(split.rows);
        },
      );
    }),
    { numRuns: 120 },
  );
});

test.each<[string, (zipped: Buffer) => Buffer, RegExp | undefined]>([
  ['cut', (zipped) => zipped.subarray(0, zipped.length - 5), /does not gunzip/],
  ['cut in the middle', (zipped) => zipped.subarray(0, zipped.length >> 1), /does not gunzip/],
  ['a flipped bit', (zipped) => flipped(zipped, zipped.length >> 1), /does not gunzip/],
  ['a wrong check sum', (zipped) => flipped(zipped, zipped.length - 6), /does not gunzip/],
  ['no gzip', () => Buffer.from('<html>'.repeat(1000)), /does not gunzip/],
  ['nothing', () => Buffer.alloc(0), /does not gunzip|header/],
  ['a header alone', () => gzipSync(`${HEADER}\n`), /no rows/],
  ['another header', () => gzipSync('a,b\n1,2\n'), /lacks ticker/],
  ['an open quote', () => gzipSync(`${HEADER}\nA,1,1,1,1,1,1,"1\n`), /[Qq]uote/],
  ['two members', (zipped) => Buffer.concat([zipped, gzipSync('A,5,1,1,1,1,1,1\n')]), undefined],
  ['zeros behind its end', (zipped) => Buffer.concat([zipped, Buffer.alloc(1 << 20)]), undefined],
  ['anything else there', (zipped) => Buffer.concat([zipped, Buffer.from('x')]), /does not gunzip/],
  [
    'anything else behind zeros',
    (zipped) => Buffer.concat([zipped, Buffer.alloc(1 << 20), Buffer.from('x')]),
    /does not gunzip/,
  ],
])('%s: damage, and no file stays; or a day', async (_, spoil, reason) => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `A,5,1,1,1,1,${stampOf(i % 900)},${i}`);
  const zipped = spoil(gzipSync([HEADER, ...lines, ''].join('\n')));
  left.length = 0;
  const split = withSplit(zipped, { pieceBytes: 5000 }, ({ rows }) => rows, chunksOf(zipped, 9000));
  if (reason === undefined) {
    expect(await split).toBeGreaterThanOrEqual(20_000);
    return;
  }
  await expect(split).rejects.toMatchObject({
    name: 'SourceError',
    kind: 'damaged',
    message: expect.stringMatching(reason),
  });
  expect(left).toEqual([]);
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 0x10;
  return copy;
}

test('a body that breaks, a thread that fails, limits: the error is told, and no file stays', async () => {
  const lines = Array.from(
    { length: 5000 },
    (_, i) => `${i % 2 === 0 ? 'B' : 'A'},5,1,1,1,1,${stampOf(i % 900)},${i}`,
  );
  const text = Buffer.from([HEADER, ...lines, ''].join('\n'));
  const small = { pieceBytes: 5000 };
  left.length = 0;
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* chunksOf(gzipSync(text).subarray(0, 2000));
    throw new Error('the wire broke');
  }
  const never = (): never => expect.unreachable();
  await expect(withSplit(text, small, never, broken())).rejects.toThrow('the wire broke');
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  await expect(withSplit(text, { ...small, runPiece: () => Promise.reject(full) }, never)).rejects.toBe(full);
  await expect(withSplit(text, { ...small, runSort: () => Promise.reject(full) }, never)).rejects.toBe(full);
  await expect(
    withSplit(text, { ...small, rules: { ...rules, maxTextBytes: 30_000 } }, never),
  ).rejects.toMatchObject({ kind: 'damaged', message: expect.stringContaining('30000 bytes of text') });
  await expect(
    withSplit(text, { ...small, rules: { ...rules, maxRecords: 900 } }, never),
  ).rejects.toMatchObject({
    kind: 'damaged',
    message: expect.stringContaining('900 records'),
  });
  expect(left).toEqual([]);
});
