/**
 * Day files of the archive and their tables of contents, spoilt in thousands of ways: a reader gets exactly
 * the rows that gzip and csv-parse find in the file (or those of the sound members, where what was spoilt is
 * not needed), or is told of damage. Nothing else, and no other error.
 */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { indexDay } from '#market/records/day-index.js';
import type { TakenRows } from '#market/records/taken-rows.js';
import { ArchiveDamage, END_MARKER } from '#store/archive/bgzf.js';
import { rebuildToc } from '#store/archive/build-toc.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { openArchive } from '#store/archive/store.js';
import { type DayToc, renderMonthToc } from '#store/archive/toc.js';
import { archiveFile, folderLayout, tocFile } from '#store/folder/layout.js';
import { dayOf } from '../../market/records/day-texts.js';
import { blocksOf } from '../../store/archive/blocks.js';
import { rounds, SEED, scaled, technique } from '../technique.js';
import { difference, type Rows, refereeRows, rowsOf } from './hostile-referee.js';

const t = technique('hostile archive: blocks and tables');
const RUNS = rounds(250, 8000);
const TIMEOUT = scaled(300_000, 7_200_000);
const DAY = '2024-01-02';
const TIME = 1_700_000_000;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-hostile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const list = Array.from({ length: 60 }, (_, i) => [`T${String(i).padStart(3, '0')}`, (i % 9) + 1] as const);
const TEXT = dayOf(list);
const SOUND = blocked(TEXT);
/** Another day of the same tickers, and one of others. */
const OTHER_TEXTS = [
  dayOf(list.map(([ticker, close]) => [ticker, 10 - close])),
  dayOf(list.map(([ticker, close]) => [`U${ticker}`, close])),
];
const OTHERS = OTHER_TEXTS.map(blocked);
/** What single members can hold, whatever else is amiss with the file. */
const TRUTHS = [TEXT, ...OTHER_TEXTS].map(refereeRows);
const MEMBERS = blocksOf(SOUND).map(({ offset, size }) => SOUND.subarray(offset, offset + size));
const WISHES = [
  ['T000'],
  ['T007', 'T008', 'T059'],
  ['T030,100'],
  ['', 'S', 'ZZZ'],
  list.map(([name]) => name),
];

function blocked(text: Uint8Array): Buffer {
  return Buffer.from(buildArchive(indexDay(text), { textBytes: 400, search: 'everywhere' }).bytes);
}

function tableOf(file: Buffer): DayToc {
  const toc = rebuildToc(file, TIME * 1000, stocksDaily);
  if (toc === undefined) throw new Error('the sound file has a table');
  return toc;
}

/** Puts both there, the file of the table's time. */
function put(file: Uint8Array, toc: Uint8Array | undefined): void {
  const layout = folderLayout(folder);
  const [day, table] = [archiveFile(layout, stocksDaily, DAY), tocFile(layout, stocksDaily, DAY)];
  mkdirSync(path.dirname(table), { recursive: true });
  writeFileSync(day, file);
  utimesSync(day, TIME, TIME);
  rmSync(table, { force: true });
  if (toc !== undefined) writeFileSync(table, toc);
}

/**
 * What each way of reading gives is the referee's, or the sound day's, or damage; returns how often it was
 * damage.
 */
function judge(file: Buffer): number {
  const held = heldBy(file);
  const store = openArchive(folderLayout(folder), stocksDaily);
  let damaged = 0;
  const read = (names: readonly string[], take: () => TakenRows): void => {
    const own = rowsOrDamage(take);
    if (own === 'refused') damaged++;
    else {
      const found = [held, ...TRUTHS].map((rows) => difference(own, narrowed(rows, names)));
      expect(found.includes(undefined) ? [] : found, names.slice(0, 3).join(' ')).toEqual([]);
    }
  };
  for (const names of WISHES) {
    read(names, () =>
      store.takeRows(
        DAY,
        names.map((name) => Buffer.from(name)),
      ),
    );
  }
  const all = list.map(([name]) => name);
  const every = held === 'refused' ? all : [...new Set([...held.keys(), ...all])];
  read(every, () => store.takeRows(DAY, '*'));
  const [from, to] = [Buffer.from('T010'), Buffer.from('T040')];
  const between = every.filter((name) => name >= 'T010' && name < 'T040');
  read(between, () => openArchive(folderLayout(folder), stocksDaily).takeSlice(DAY, from, to));
  return damaged;
}

/** By gzip and csv-parse alone. */
function heldBy(file: Buffer): Rows {
  try {
    return refereeRows(gunzipSync(file, { maxOutputLength: 1 << 24 }));
  } catch {
    return 'refused';
  }
}

function narrowed(rows: Rows, names: readonly string[]): Rows {
  return rows === 'refused' ? rows : new Map([...rows].filter(([name]) => names.includes(name)));
}

function rowsOrDamage(take: () => TakenRows): Rows {
  try {
    return rowsOf(take());
  } catch (error) {
    if (error instanceof ArchiveDamage) return 'refused';
    throw error;
  }
}

const place = fc.nat();
const byte = fc.integer({ min: 1, max: 255 });
const noise = fc.uint8Array({ minLength: 1, maxLength: 40 });
type Spoil = (file: Buffer) => Buffer;
const at = (file: Buffer, n: number): number => n % Math.max(1, file.length);

/** Changes of bytes, of the frame of a member, and of which members there are. */
const spoils: fc.Arbitrary<Spoil> = fc.oneof(
  fc.tuple(place, byte).map(
    ([n, by]): Spoil =>
      (file) => {
        const copy = Buffer.from(file);
        copy[at(file, n)] = (copy[at(file, n)] ?? 0) ^ by;
        return copy;
      },
  ),
  place.map(
    (n): Spoil =>
      (file) =>
        file.subarray(0, at(file, n)),
  ),
  fc.tuple(place, noise).map(
    ([n, bytes]): Spoil =>
      (file) =>
        Buffer.concat([file.subarray(0, at(file, n)), bytes, file.subarray(at(file, n))]),
  ),
  noise.map(
    (bytes): Spoil =>
      (file) =>
        Buffer.concat([file, bytes]),
  ),
  // BSIZE, CRC-32 and ISIZE of a member; the flags, and the length of the extra field.
  fc.tuple(place, fc.constantFrom(3, 10, 12, 14, 16, 17, -8, -7, -4, -3, -2, -1), fc.nat(255)).map(
    ([n, where, value]): Spoil =>
      () =>
        framed(n % MEMBERS.length, where, value),
  ),
  fc
    .tuple(place, fc.constantFrom<MemberChange>(...(['drop', 'twice', 'empty', 'plain', 'last'] as const)))
    .map(
      ([n, how]): Spoil =>
        () =>
          Buffer.concat(membersChanged(n % MEMBERS.length, how)),
    ),
  fc.tuple(place, place).map(
    ([n, m]): Spoil =>
      () =>
        Buffer.concat(swapped(n % MEMBERS.length, m % MEMBERS.length)),
  ),
  fc.constantFrom<Spoil>(
    () => SOUND.subarray(0, -END_MARKER.length),
    () => Buffer.concat([SOUND, SOUND]),
    () => gzipSync(TEXT),
    () => Buffer.concat([gzipSync(TEXT.subarray(0, 500)), gzipSync(TEXT.subarray(500))]),
    () => Buffer.concat([SOUND, gzipSync('ZZ,100,1,2,9,1,1709787600000000000,5\n')]),
    () => gzipSync(Buffer.alloc(1 << 20)),
    () => Buffer.alloc(0),
    () => OTHERS[0] ?? SOUND,
    () => OTHERS[1] ?? SOUND,
  ),
);

function framed(member: number, where: number, value: number): Buffer {
  const copies = MEMBERS.map((one) => Buffer.from(one));
  const one = copies[member];
  if (one !== undefined) one[where < 0 ? one.length + where : where] = value;
  return Buffer.concat(copies);
}

type MemberChange = 'drop' | 'twice' | 'empty' | 'plain' | 'last';

function membersChanged(n: number, how: MemberChange): readonly Uint8Array[] {
  const [before, one, after] = [MEMBERS.slice(0, n), MEMBERS[n] ?? END_MARKER, MEMBERS.slice(n + 1)];
  if (how === 'drop') return [...before, ...after];
  if (how === 'twice') return [...before, one, one, ...after];
  if (how === 'empty') return [...before, one, END_MARKER, ...after];
  if (how === 'plain') return [...before, gzipSync(gunzipSync(one)), ...after];
  return [...before, ...after, one];
}

function swapped(n: number, m: number): readonly Uint8Array[] {
  const copies: Uint8Array[] = [...MEMBERS];
  [copies[n], copies[m]] = [MEMBERS[m] ?? END_MARKER, MEMBERS[n] ?? END_MARKER];
  return copies;
}

test('spoilt day files, with the table that they had and without one', { timeout: TIMEOUT }, () =>
  t.attempt('day file', () => {
    const table = tableOf(SOUND);
    let damaged = 0;
    fc.assert(
      fc.property(
        fc.array(spoils, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('none', 'own', 'same size and time'),
        (some, which) => {
          const file = some.reduce((bytes, spoil) => spoil(bytes), SOUND);
          const toc = which === 'own' ? table : { ...table, size: file.length };
          put(file, which === 'none' ? undefined : renderMonthToc(new Map([[DAY, toc]])));
          t.tried(1);
          t.injected(some.length);
          damaged += judge(file) > 0 ? 1 : 0;
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
    expect(damaged).toBeGreaterThan(RUNS / 10);
  }),
);

const odd = fc.constantFrom(
  0,
  -1,
  1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e15,
  2 ** 53,
  65_536,
  0xffffffff,
);

/** Tables that say what is not so, of the file's very size and time, and with a right checksum. */
const tables: fc.Arbitrary<DayToc> = fc.oneof(
  fc.constantFrom(...OTHERS).map((file) => ({ ...tableOf(file), size: SOUND.length })),
  fc.tuple(place, odd).map(([n, value]) => {
    const toc = tableOf(SOUND);
    toc.offsets[n % toc.offsets.length] = value;
    return toc;
  }),
  fc.tuple(place, odd).map(([n, value]) => {
    const toc = tableOf(SOUND);
    toc.tickerEnds[n % toc.tickerEnds.length] = value;
    return toc;
  }),
  fc.tuple(place, place).map(([n, m]) => {
    const toc = tableOf(SOUND);
    return { ...toc, offsets: toc.offsets.slice(n % 3), tickerEnds: toc.tickerEnds.slice(0, 1 + (m % 30)) };
  }),
  noise.map((bytes) => ({ ...tableOf(SOUND), tickers: bytes })),
  fc.constant({ ...tableOf(SOUND), header: new Uint8Array(0) }),
  // All of it one member later: each begins with the ticker that the table has for the one before.
  fc.constant(tableOf(SOUND)).map((toc) => ({
    ...toc,
    offsets: Float64Array.from([...toc.offsets].map((offset, i, all) => all[i + 1] ?? offset + 30)),
  })),
);

test('tables that lie, of the right size and time: the day is read nevertheless', { timeout: TIMEOUT }, () =>
  t.attempt('table', () =>
    fc.assert(
      fc.property(tables, (toc) => {
        put(SOUND, renderMonthToc(new Map([[DAY, toc]])));
        t.tried(1);
        t.injected(1);
        expect(judge(SOUND)).toBe(0);
      }),
      { seed: SEED, numRuns: RUNS },
    ),
  ),
);

test('tables of random bytes', { timeout: TIMEOUT }, () =>
  t.attempt('bytes', () => {
    const sound = Buffer.from(renderMonthToc(new Map([[DAY, tableOf(SOUND)]])));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, byte), { maxLength: 3 }),
        place,
        fc.boolean(),
        (flips, end, cut) => {
          const bytes = Buffer.from(cut ? sound.subarray(0, end % sound.length) : sound);
          for (const [n, by] of flips) if (bytes.length > 0) bytes[n % bytes.length] = by;
          put(SOUND, bytes);
          t.tried(1);
          t.injected(flips.length + (cut ? 1 : 0));
          expect(judge(SOUND)).toBe(0);
        },
      ),
      { seed: SEED, numRuns: Math.ceil(RUNS / 3) },
    );
  }),
);
