/** Files are replaced whole or not at all, and nothing that was put aside is lost. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  keepOriginal,
  moveAside,
  removeTemporaries,
  replaceFile,
  replaceFiles,
  setAside,
  temporaryName,
  writeTemporarySync,
} from '#platform/disk/durable.js';
import { freeBytes } from '#platform/disk/space.js';
import { folderLayout } from '#store/folder/layout.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]): string => path.join(folder, ...parts);
const read = (...parts: string[]): string => readFileSync(at(...parts), 'utf8');
const all = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

test.each([1, 199, 500])('%i files get their new content, and nothing else is left', async (count) => {
  mkdirSync(at('old'));
  const files = Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? at('old', `${i}.csv`) : at('new', 'deep', `${i}.csv`),
  );
  for (const [i, file] of files.entries())
    if (i % 2 === 0) writeFileSync(file, `before ${i}, which is longer`);
  await replaceFiles(
    files.map((file, i) => ({ file, content: i % 3 === 0 ? `after ${i}` : Buffer.from(`after ${i}`) })),
  );
  for (const [i, file] of files.entries()) expect(readFileSync(file, 'utf8')).toBe(`after ${i}`);
  expect(all().filter((name) => name.endsWith('.csv')).length).toBe(count);
  expect(all().filter((name) => name.includes('tmp'))).toEqual([]);
});

test('nothing to replace is nothing to do', async () => {
  await replaceFiles([]);
  expect(all()).toEqual([]);
});

const many = (n: number) => Array.from({ length: n }, (_, i) => ({ file: at(`${i}.csv`), content: 'after' }));

test.each([
  ['a folder that is a file', () => ({ file: at('file', 'x.csv'), content: 'after' }), 'ENOTDIR'],
  ['a name that is too long', () => ({ file: at('n'.repeat(300)), content: 'after' }), 'ENAMETOOLONG'],
  [
    'a temporary name that is taken by a folder',
    () => ({ file: at('taken.csv'), content: 'after' }),
    'EISDIR',
  ],
])('a failure before the renames leaves every file as it was: %s', async (_, bad, code) => {
  for (const count of [3, 300]) {
    for (const { file } of many(count)) writeFileSync(file, 'before');
    writeFileSync(at('file'), 'before');
    mkdirSync(temporaryName(at('taken.csv')), { recursive: true });
    const before = all();
    const list = many(count);
    list.splice(count >> 1, 0, bad());
    await expect(replaceFiles(list)).rejects.toThrow(code === 'ENOTDIR' ? /ENOTDIR|EEXIST/ : code);
    expect(all()).toEqual(before);
    for (const { file } of many(count)) expect(readFileSync(file, 'utf8')).toBe('before');
  }
});

test('a failing rename leaves no temporary file behind, and every file is the old or the new one, whole', async () => {
  for (const { file } of many(20)) writeFileSync(file, 'before');
  rmSync(at('7.csv'));
  mkdirSync(at('7.csv'));
  await expect(replaceFiles(many(20))).rejects.toThrow(/EISDIR|EPERM|ENOTEMPTY/);
  expect(all()).toEqual(
    many(20)
      .map(({ file }) => path.basename(file))
      .sort(),
  );
  for (const { file } of many(20))
    if (!file.endsWith('/7.csv')) expect(['before', 'after']).toContain(readFileSync(file, 'utf8'));
});

test('a temporary file is written whole and told by its stamp', () => {
  const stamp = writeTemporarySync(at('x'), Buffer.concat([Buffer.from('ab'), Buffer.alloc(1 << 20, 'c')]));
  expect(stamp.size).toBe((1 << 20) + 2);
  expect(Number.isInteger(stamp.mtimeMs)).toBe(true);
  expect(read('x').slice(0, 3)).toBe('abc');
});

test('what a killed run left is removed, and nothing else', async () => {
  await replaceFile(at('AAPL_1d_data.csv'), 'x');
  for (const name of ['2024-01-02.csv.gz', 'A.csv.4711.barloom-tmp-mine', 'barloom-tmp'])
    writeFileSync(at(name), 'x');
  const before = all();
  writeFileSync(temporaryName(at('AAPL_1d_data.csv')), 'x');
  writeFileSync(at('AAPL_1d_data.csv.4711.barloom-tmp'), 'x');
  await removeTemporaries(folder);
  expect(all()).toEqual(before);
  await removeTemporaries(at('not there'));
});

test('what is moved aside never takes the place of what was moved aside before', async () => {
  const now = new Date('2024-11-13T10:00:00.999Z');
  const names: string[] = [];
  for (const content of ['one', 'two', 'three']) {
    writeFileSync(at('progress.json'), content);
    names.push(path.basename(await moveAside(at('progress.json'), 'unreadable', now)));
  }
  expect(names[0]).toBe('progress.json.unreadable-20241113T100000Z');
  expect(names.map((name) => read(name))).toEqual(['one', 'two', 'three']);
  expect(all()).toEqual([...names].sort());
  await expect(moveAside(at('progress.json'), 'unreadable', now)).rejects.toThrow('ENOENT');
});

test('what is set aside keeps its name until another takes it; what can have no second name is moved', async () => {
  const now = new Date('2024-11-13T10:00:00Z');
  writeFileSync(at('day'), 'damaged');
  const aside = await setAside(at('day'), 'damaged', now);
  expect([read('day'), read(path.basename(aside))]).toEqual(['damaged', 'damaged']);
  expect(await setAside(at('day'), 'damaged', new Date('2024-11-13T10:01:00Z'))).toBe(aside);
  mkdirSync(at('folder'));
  await setAside(at('folder'), 'damaged', now);
  expect(all()).toEqual(['day', path.basename(aside), 'folder.damaged-20241113T100000Z']);
});

test('free space is told also for folders that are not there yet', async () => {
  expect(await freeBytes(at('not', 'there', 'yet'))).toBeGreaterThan(0);
  expect(folderLayout('/data').archiveDir).toBe(path.resolve('/data/massive_cache'));
  expect(folderLayout('/data', '/other').archiveDir).toBe(path.resolve('/other'));
});

test('originals that are kept in the same second stay beside each other; one that was kept already, to the byte, is not kept twice', async () => {
  const now = new Date('2024-06-14T17:00:00Z');
  const file = at('A.csv');
  writeFileSync(file, 'first');
  const first = await keepOriginal(file, now);
  expect(await keepOriginal(file, now)).toBe(first);
  const later = new Date('2024-06-14T17:01:00Z');
  expect(await keepOriginal(file, later)).toBe(first);
  await replaceFile(file, 'second');
  await replaceFile(file, 'first');
  expect(await keepOriginal(file, later)).toBe(first);
  await replaceFile(file, 'second');
  const second = await keepOriginal(file, now);
  await replaceFile(file, 'third');
  expect([read(first), read(second), read('A.csv')]).toEqual(['first', 'second', 'third']);
  expect(all().length).toBe(3);
});
