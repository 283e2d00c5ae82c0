import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultListNames, readTickerLists } from '#store/lists/lists.js';
import { TickerListError } from '#store/lists/ticker-list-error.js';

let cwd: string;
let data: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'barloom-lists-'));
  data = join(cwd, 'data');
  await mkdir(data);
});
afterEach(() => rm(cwd, { recursive: true }));

test('the default six, those that exist, in their order; other files are not read', async () => {
  expect((await readTickerLists(data, undefined, cwd)).tickers).toEqual([]);
  await writeFile(join(data, 'short.txt'), 'GME\nAAPL\n');
  await writeFile(join(data, 'ibd.txt'), 'NVDA\nAAPL\n');
  await writeFile(join(data, 'other.txt'), 'X\n');
  await writeFile(join(cwd, 'stocks.txt'), 'X\n');
  const { tickers, lists } = await readTickerLists(data, undefined, cwd);
  expect(tickers).toEqual(['NVDA', 'AAPL', 'GME']);
  expect(lists.map(({ file, count }) => [file, count])).toEqual([
    ['ibd.txt', 2],
    ['short.txt', 2],
  ]);
  expect(defaultListNames).toHaveLength(6);
});

test('named files replace them: from the working directory first, then from the data folder', async () => {
  await writeFile(join(data, 'stocks.txt'), 'X\n');
  await writeFile(join(data, 'a.txt'), 'SHADOWED\n');
  await writeFile(join(cwd, 'a.txt'), 'AAPL\n');
  await writeFile(join(data, 'b.csv'), 'Symbol,Name\nBApA,x\n');
  const { tickers, lists } = await readTickerLists(data, ['a.txt', 'b.csv', join(cwd, 'a.txt')], cwd);
  expect(tickers).toEqual(['AAPL', 'BApA']);
  expect(lists.map(({ path }) => path)).toEqual([
    join(cwd, 'a.txt'),
    join(data, 'b.csv'),
    join(cwd, 'a.txt'),
  ]);
});

test('UTF-16, as Windows writes it', async () => {
  await writeFile(join(data, 'stocks.txt'), Buffer.from('\uFEFFAAPL\r\nMSFT\r\n', 'utf16le'));
  await writeFile(join(data, 'ltl.txt'), Buffer.from('\uFEFFIBM\r\n', 'utf16le').swap16());
  await writeFile(join(data, 'short.txt'), Buffer.from('Name\tSymbol\r\nFord, Motor\tF\r\n', 'utf16le'));
  expect((await readTickerLists(data, undefined, cwd)).tickers).toEqual(['AAPL', 'MSFT', 'IBM', 'F']);
});

test('a list that yields nothing says why; one of comments alone is an empty list', async () => {
  await writeFile(join(data, 'stocks.txt'), '<html><body>Sign in</body></html>');
  await writeFile(join(data, 'ibd.txt'), 'Symbol,Name\n');
  await writeFile(join(data, 'ltl.txt'), '# none yet\n');
  await writeFile(join(data, 'short.txt'), 'GME');
  const { lists } = await readTickerLists(data, undefined, cwd);
  expect(lists.map(({ barren }) => barren)).toEqual([
    'is an HTML page',
    'names no ticker',
    undefined,
    undefined,
  ]);
});

test('a named file that is not there, a folder, a file too large: refused by name', async () => {
  await expect(readTickerLists(data, ['gone.txt'], cwd)).rejects.toThrow(TickerListError);
  await expect(readTickerLists(data, ['gone.txt'], cwd)).rejects.toThrow(/gone\.txt/);
  await expect(readTickerLists(data, ['data'], cwd)).rejects.toThrow(/data cannot be read \(E/);
  await writeFile(join(data, 'ibd.txt'), Buffer.alloc(64 * 1024 * 1024 + 1, 'A\n'));
  await expect(readTickerLists(data, undefined, cwd)).rejects.toThrow(
    /ibd\.txt is larger than 67,108,864 bytes/,
  );
});
