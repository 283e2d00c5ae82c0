/**
 * Reading a folder of day files: through the table or whole, ours or another tool's, the rows are the same or
 * there are none.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { indexDay } from '#market/records/day-index.js';
import { takeRows } from '#market/records/take-rows.js';
import { rowCount, rowTicker, rowValues, type TakenRows } from '#market/records/taken-rows.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { openArchive } from '#store/archive/store.js';
import { archiveFile, folderLayout, tocFile } from '#store/folder/layout.js';
import { dayOf, tickers } from '../../market/records/day-texts.js';
import { describeWith } from '../../support/others.js';
import { byBytes, days, expectedText } from './blocks.js';

const DAY = '2024-01-02';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const layout = () => folderLayout(folder);
const file = () => archiveFile(layout(), stocksDaily, '2024-01-02');
const toc = () => tocFile(layout(), stocksDaily, '2024-01-02');
const archive = () => openArchive(layout(), stocksDaily);

/**
 * Puts a day file there, of a time of its own: two different files in one millisecond would look the same.
 */
let time = 1_700_000_000;
function put(bytes: Uint8Array): void {
  mkdirSync(path.dirname(file()), { recursive: true });
  writeFileSync(file(), bytes);
  time += 1;
  utimesSync(file(), time, time);
}

function unpacked(taken: TakenRows): [string, string][] {
  return Array.from({ length: rowCount(taken) }, (_, i) => [rowTicker(taken, i), rowValues(taken, i)]);
}

const blocked = (text: Uint8Array, textBytes = 100): Buffer =>
  Buffer.from(buildArchive(indexDay(text), { textBytes, search: 'fields' }).bytes);
const wanted = (names: Iterable<string>): Uint8Array[] =>
  [...new Set(names)].sort(byBytes).map((name) => Buffer.from(name));
const absent = ['', '0', 'A', 'AAPLX', 'AAQ', 'ZZZZZZ', '~~~~~~', '\u{10ffff}'];

test('each ticker read through the table is what the whole day holds: one by one, some, and all', () => {
  fc.assert(
    fc.property(
      days(3000),
      fc.array(tickers, { maxLength: 5 }),
      fc.constantFrom(1, 60, 500, 16 << 10),
      (day, others, size) => {
        put(blocked(day.text, size));
        const store = archive();
        const whole = indexDay(expectedText(day));
        const names = new Set([...day.records.map(({ ticker }) => ticker), ...others, ...absent]);
        for (const name of names) {
          expect(unpacked(store.takeRows(DAY, wanted([name])))).toEqual(
            unpacked(takeRows(whole, wanted([name]), stocksDaily, '2024-01-02')),
          );
        }
        const some = wanted([...names].filter((_, i) => i % 3 !== 0));
        expect(unpacked(store.takeRows(DAY, some))).toEqual(
          unpacked(takeRows(whole, some, stocksDaily, '2024-01-02')),
        );
        expect(unpacked(store.takeRows(DAY, wanted(names)))).toEqual(
          unpacked(takeRows(whole, '*', stocksDaily, '2024-01-02')),
        );
        expect(unpacked(store.takeRows(DAY, '*'))).toEqual(
          unpacked(takeRows(whole, '*', stocksDaily, '2024-01-02')),
        );
        expect(unpacked(store.takeRows(DAY, []))).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

test('slices of the market, cut anywhere, hold each bar once: through the table or without one', () => {
  const sortedNames = fc.array(tickers, { maxLength: 4 }).map((names) => [...new Set(names)].sort(byBytes));
  fc.assert(
    fc.property(
      days(2000),
      sortedNames,
      fc.constantFrom(1, 200, 16 << 10),
      fc.boolean(),
      (day, cuts, size, plain) => {
        put(plain ? gzipSync(day.text) : blocked(day.text, size));
        const store = archive();
        const market = unpacked(takeRows(indexDay(expectedText(day)), '*', stocksDaily, '2024-01-02'));
        const bounds = [undefined, ...cuts.map((name) => Buffer.from(name)), undefined];
        const slices = bounds.slice(1).map((to, i) => unpacked(store.takeSlice(DAY, bounds[i], to)));
        expect(slices.flat()).toEqual(market);
        for (const [i, slice] of slices.entries()) {
          for (const [ticker] of slice) {
            expect(i === 0 || byBytes(cuts[i - 1] ?? '', ticker) <= 0).toBe(true);
            expect(i === cuts.length || byBytes(ticker, cuts[i] ?? '') < 0).toBe(true);
          }
        }
        const found = store.cutsOf(DAY);
        const own = unpacked(store.takeSlice(DAY, undefined, found[0]));
        for (const [i, from] of found.entries()) {
          const to = found[i + 1];
          if (i > 0) expect(Buffer.compare(from, found[i - 1] ?? from)).toBeGreaterThanOrEqual(0);
          own.push(...unpacked(store.takeSlice(DAY, from, to)));
        }
        expect(own).toEqual(market);
      },
    ),
    { numRuns: 150 },
  );
});

const list = Array.from({ length: 400 }, (_, i) => [`T${String(i).padStart(3, '0')}`, (i % 9) + 1] as const);
const other = list.map(([ticker, close]) => [ticker, 10 - close] as const);
const rowsOf = (day: typeof list) => day.map(([ticker, close]) => [ticker, `1,9,1,${close},100`]);
const few = wanted(['S', 'T000', 'T007', 'T0070', 'T250', 'T399', 'T4']);
const fewOf = (day: typeof list) => rowsOf(day).filter((_, i) => [0, 7, 250, 399].includes(i));

test('a table is kept on disk, and made again where it is lacking, damaged, or of another file', async () => {
  put(blocked(dayOf(list)));
  const first = archive();
  expect(unpacked(first.takeRows(DAY, few))).toEqual(fewOf(list));
  await first.saveTocs();
  const saved = readFileSync(toc());
  // Trusted as long as size and time are those of the file: it is not made again, so nothing is written.
  const again = archive();
  expect(unpacked(again.takeRows(DAY, few))).toEqual(fewOf(list));
  rmSync(toc());
  await again.saveTocs();
  expect(() => readFileSync(toc())).toThrow();

  for (const bad of [
    saved.subarray(0, 50),
    Buffer.alloc(0),
    Buffer.from('barloom toc 1\n'),
    Buffer.from(saved).fill(7, 100, 110),
  ]) {
    writeFileSync(toc(), bad);
    const store = archive();
    expect(unpacked(store.takeRows(DAY, few))).toEqual(fewOf(list));
    await store.saveTocs();
    expect(readFileSync(toc()).equals(saved)).toBe(true);
  }
  // The same size at another time, and another size.
  for (const bytes of [blocked(dayOf(other)), blocked(dayOf(other), 300)]) {
    put(bytes);
    expect(unpacked(archive().takeRows(DAY, few))).toEqual(fewOf(other));
  }
});

test('a table forgets days whose file is gone', async () => {
  put(blocked(dayOf(list)));
  const store = archive();
  store.takeRows(DAY, few);
  rmSync(file());
  await store.saveTocs();
  expect(readFileSync(toc()).includes(DAY)).toBe(false);
  expect(store.stampOf(DAY)).toBeUndefined();
});

test('a plain .csv.gz that another tool put there gives the same rows', () => {
  for (const day of [list, list.toReversed()]) {
    put(gzipSync(dayOf(day)));
    expect(archive().looksWhole(DAY)).toBe(true);
    expect(unpacked(archive().takeRows(DAY, few))).toEqual(fewOf(list));
    expect(unpacked(archive().takeRows(DAY, '*'))).toEqual(rowsOf(list));
  }
});

describeWith('htslib', () => {
  test("a file of htslib's, cut anywhere, gives the same rows", () => {
    for (const day of [list, Array.from({ length: 4 }, () => list).flat()]) {
      const { stdout, status } = spawnSync('bgzip', ['-c'], { input: dayOf(day), maxBuffer: 1 << 24 });
      expect(status).toBe(0);
      put(stdout);
      expect(unpacked(archive().takeRows(DAY, few))).toEqual(fewOf(list));
      expect(unpacked(archive().takeRows(DAY, '*'))).toEqual(rowsOf(list));
    }
  });
});

/** The rows, or that the file is damaged; any other error fails the test. */
function rowsOrDamage(read: () => TakenRows): [string, string][] | 'damage' {
  try {
    return unpacked(read());
  } catch (error) {
    if (error instanceof ArchiveDamage) return 'damage';
    throw error;
  }
}

test('whichever byte of a file is damaged, and wherever it is cut: the same rows or none, never others', {
  timeout: 180_000,
}, async () => {
  const short = list.slice(0, 12);
  const sound = blocked(dayOf(short), 200);
  put(sound);
  const soundTime = time;
  const writer = archive();
  writer.takeRows(DAY, few);
  await writer.saveTocs();
  const fewShort = fewOf(list).slice(0, 2);
  const tried = (bytes: Uint8Array, sameTime: boolean): void => {
    put(bytes);
    if (sameTime) utimesSync(file(), soundTime, soundTime);
    for (const [names, rows] of [
      [few, fewShort],
      ['*', rowsOf(short)],
    ] as const) {
      const got = rowsOrDamage(() => archive().takeRows(DAY, names));
      if (got !== 'damage') expect(got).toEqual(rows);
    }
  };
  for (let at = 0; at < sound.length; at++) {
    for (const by of [1, 0x80, 0xff]) {
      const bytes = Buffer.from(sound);
      bytes[at] = (bytes[at] ?? 0) ^ by;
      tried(bytes, true);
      if (by === 1) tried(bytes, false);
    }
    if (at > 0) {
      tried(sound.subarray(0, at), false);
      expect(rowsOrDamage(() => archive().takeRows(DAY, few))).toBe('damage');
      expect(archive().looksWhole(DAY)).toBe(false);
    }
  }
});

test('what is no day file at all is damage', () => {
  for (const bytes of [
    Buffer.from('<html>'),
    gzipSync('<html>'),
    Buffer.alloc(0),
    Buffer.alloc(100),
    gzipSync(''),
  ]) {
    put(bytes);
    expect(rowsOrDamage(() => archive().takeRows(DAY, few))).toBe('damage');
    expect(rowsOrDamage(() => archive().takeRows(DAY, '*'))).toBe('damage');
  }
});
