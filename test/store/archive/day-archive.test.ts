/**
 * The archive's form: what stands in it is the vendor's text, and any reader of gzip or BGZF finds its way.
 */
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { HeaderError } from '#market/records/columns.js';
import { indexDay } from '#market/records/day-index.js';
import {
  ArchiveDamage,
  END_MARKER,
  inflateArchive,
  MAX_MEMBER,
  MAX_MEMBER_TEXT,
} from '#store/archive/bgzf.js';
import { writeMember } from '#store/archive/bgzf-write.js';
import { rebuildToc } from '#store/archive/build-toc.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { dayOf, HEADER, rowOf } from '../../market/records/day-texts.js';
import { blocksOf, days, EOF_MARKER, expectedText } from './blocks.js';

function build(text: Uint8Array, textBytes = 16 << 10, search: 'fields' | 'everywhere' = 'everywhere') {
  const built = buildArchive(indexDay(text), { textBytes, search });
  const file = Buffer.from(built.bytes);
  expect(built.bytes.length).toBe(file.length);
  expect(built.toc.size).toBe(file.length);
  return { built, file };
}

const SEARCHES = fc.constantFrom<'fields' | 'everywhere'>('fields', 'everywhere');

test('an archive file holds every byte of every record, in members that any reader can hop over', () => {
  fc.assert(
    fc.property(days(300), fc.constantFrom(1, 60, 200, 5000, 1 << 20), SEARCHES, (day, textBytes, search) => {
      const { built, file } = build(day.text, textBytes, search);
      const expected = expectedText(day);
      expect(gunzipSync(file).equals(expected)).toBe(true);
      expect(Buffer.from(built.text).equals(expected)).toBe(true);
      expect(Buffer.from(inflateArchive(file, stocksDaily)).equals(expected)).toBe(true);
      expect(file.toString('hex', file.length - 28)).toBe(EOF_MARKER);
      const blocks = blocksOf(file);
      for (const { text, size } of blocks) {
        expect(text.length).toBeLessThanOrEqual(65_280);
        expect(size).toBeLessThanOrEqual(65_536);
      }
      expect(Buffer.from(blocks[0]?.text ?? '', 'latin1').toString()).toBe(day.header);
      // Cut between records, and small enough unless it is one record.
      const ends = new Set<number>();
      const index = indexDay(expected);
      for (let i = 0; i <= index.records; i++) ends.add(index.starts[i] ?? -1);
      let at = 0;
      for (const { text } of blocks.slice(0, -1)) {
        at += text.length;
        expect(ends.has(at)).toBe(true);
      }
      expect(rebuildToc(file, 7, stocksDaily)).toEqual({ ...built.toc, mtimeMs: 7 });
    }),
    { numRuns: 200 },
  );
});

test('records longer than a member go on in the next ones, which a table made again finds the same way', () => {
  fc.assert(
    fc.property(days(200_000), (day) => {
      const { built, file } = build(day.text);
      expect(gunzipSync(file).equals(expectedText(day))).toBe(true);
      for (const { text, size } of blocksOf(file))
        expect([text.length <= 65_280, size <= 65_536]).toEqual([true, true]);
      expect(rebuildToc(file, 7, stocksDaily)).toEqual({ ...built.toc, mtimeMs: 7 });
    }),
    { numRuns: 25 },
  );
});

test('text that does not compress still fits its members', () => {
  const bytes = Buffer.from(
    Array.from({ length: 300_000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 0xff),
  );
  const noise = Buffer.concat([
    Buffer.from('"'),
    Buffer.from(bytes.filter((byte) => byte !== 0x22)),
    Buffer.from('"\n'),
  ]);
  const text = Buffer.concat([
    Buffer.from(`${HEADER},note\n${rowOf('A', 2)},`),
    noise,
    Buffer.from(`${rowOf('B', 2)},\n`),
  ]);
  const { file } = build(text);
  expect(gunzipSync(file).equals(text)).toBe(true);
  for (const { size } of blocksOf(file)) expect(size).toBeLessThanOrEqual(65_536);
  expect(() => writeMember(new Uint8Array(MAX_MEMBER_TEXT + 1), 'everywhere', Buffer.alloc(0), 0)).toThrow(
    RangeError,
  );
});

test('a megabyte of blank lines makes no megabyte of members', () => {
  const text = Buffer.from(`${HEADER}\n${rowOf('A', 2)}${'\n'.repeat(1 << 20)}${rowOf('B', 2)}\n`);
  const { built, file } = build(text);
  expect(gunzipSync(file).equals(text)).toBe(true);
  expect(file.length).toBeLessThan(20_000);
  expect(rebuildToc(file, 7, stocksDaily)).toEqual({ ...built.toc, mtimeMs: 7 });
}, 10_000);

test('a day without a record is a header and the end marker', () => {
  for (const text of [HEADER, `${HEADER}\n`, `\ufeff${HEADER}\r\n\r\n`]) {
    const { built, file } = build(Buffer.from(text));
    expect(blocksOf(file).map((block) => Buffer.from(block.text, 'latin1').toString())).toEqual([text, '']);
    expect(rebuildToc(file, 7, stocksDaily)).toEqual({ ...built.toc, mtimeMs: 7 });
  }
});

test('sorting does not take the \\r of a last line without an end for a line end', () => {
  const text = Buffer.from('volume,open,close,high,low,ticker\n1,1,1,1,1,B\n1,1,1,1,1,B\r');
  const unsorted = Buffer.from('volume,open,close,high,low,ticker\n1,1,1,1,1,B\r\r\n1,1,1,1,1,A\r');
  expect(build(text).built.text).toBe(indexDay(text).text);
  const { built } = build(unsorted);
  expect(Buffer.from(built.text).toString()).toBe(
    'volume,open,close,high,low,ticker\n1,1,1,1,1,A\r\r\n1,1,1,1,1,B\r\r\n',
  );
});

const member = (text: string): Uint8Array => {
  const target = Buffer.alloc(MAX_MEMBER);
  return target.subarray(0, writeMember(Buffer.from(text), 'everywhere', target, 0));
};

test('no table is made of members that are cut otherwise, or whose records are in no order: they are read whole', () => {
  const [a, b, c] = ['A', 'B', 'C'].map((ticker) => `${rowOf(ticker, 2)}\n`);
  const header = `${HEADER}\n`;
  const table = (...texts: string[]) =>
    rebuildToc(Buffer.concat([...texts.map(member), END_MARKER]), 0, stocksDaily);
  expect(table(header, `${a}${b}`, `${c}`)?.offsets.length).toBe(3);
  expect(table(`${header}${a}`, `${b}${c}`)).toBeUndefined();
  expect(table(header, `${a}${b?.slice(0, 5)}`, `${b?.slice(5)}${c}`)).toBeUndefined();
  expect(table(header, `${b}`, `${a}`, `${c}`)).toBeUndefined();
  expect(table(header, `${a}`, '', `${b}`)?.offsets.length).toBe(3);
});

test('what is no day, or not all of one, is damage', () => {
  const { file } = build(
    dayOf([
      ['A', 2],
      ['B', 3],
    ]),
    1,
  );
  const cuts = blocksOf(file).map(({ offset }) => offset);
  for (const cut of cuts.slice(1)) {
    expect(() => inflateArchive(file.subarray(0, cut), stocksDaily)).toThrow(ArchiveDamage);
    expect(() => rebuildToc(file.subarray(0, cut), 0, stocksDaily)).toThrow(ArchiveDamage);
  }
  const page = Buffer.concat([member('<html>'), END_MARKER]);
  expect(() => rebuildToc(page, 0, stocksDaily)).toThrow(ArchiveDamage);
  expect(() => rebuildToc(page, 0, stocksDaily)).not.toThrow(HeaderError);
  const open = Buffer.concat([member(`${HEADER}\n`), member('"A,1\n'), END_MARKER]);
  expect(() => rebuildToc(open, 0, stocksDaily)).toThrow(ArchiveDamage);
});
