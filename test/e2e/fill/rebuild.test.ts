/**
 * rebuild: the same bytes out of the archive alone; on its days the archive wins, and nothing else of the
 * user's is touched.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';
import { market, SERIES_HEADER, Workdir } from '../../support/workdir.js';

const MAY = '--start 2024-05-01 --end 2024-05-31';

const few = filledOnce(`${MAY} --tickers AAPL,BRK.B,BCpC`);

async function filled(more: string): Promise<Workdir> {
  const work = await Workdir.make(await market());
  const { code, stderr } = await work.populate(`${MAY} ${more}`);
  expect(code, stderr).toBe(0);
  return work;
}

it.each([
  ['of those that are tracked', '--tickers AAPL,BRK.B,BCpC', 'rebuild'],
  ['of every ticker', '--all-tickers', 'rebuild --all-tickers'],
])('data_cache and progress.json deleted: the same bytes, %s', async (_name, populate, rebuild) => {
  const work = await filled(populate);
  const before = work.tiers();
  await work.remove('data_cache');
  await work.remove('progress.json');
  const { code, stderr } = await work.verb(rebuild);
  expect(code, stderr).toBe(0);
  expect(work.tiers()).toEqual(before);

  // What is right already is not written again.
  const times = Object.entries(work.times()).filter(([name]) => name.startsWith('data_cache'));
  expect((await work.verb(rebuild)).code).toBe(0);
  expect(Object.entries(work.times()).filter(([name]) => name.startsWith('data_cache'))).toEqual(times);
});

it.each([
  ['file by file', 'rebuild'],
  ['in slices', 'rebuild --all-tickers'],
])('the archive wins on its days, the other rows stay (%s)', async (_name, rebuild) => {
  const { work } = await few();
  const right = work.series('AAPL');
  const lines = right.split('\n');
  const theirs = '1999-01-04,1,1,1,1,1';
  // One row changed, one gone, one added on a day of the archive for a ticker with no bar there, one of the
  // user's.
  const spoilt = [lines[0], theirs, lines[1]?.replace(/\d+$/, '1'), ...lines.slice(3)].join('\n');
  await work.write('data_cache/AAPL_1d_data.csv', spoilt);
  await work.write('data_cache/NONE_1d_data.csv', `${SERIES_HEADER}${theirs}\n2024-05-02,9,9,9,9,9\n`);
  await work.write('data_cache/BRK.B_1d_data.csv', 'not,a,series\n"');
  const { code, stdout, stderr } = await work.verb(rebuild);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('2 corrected');
  expect(work.series('AAPL')).toBe([lines[0], theirs, ...lines.slice(1)].join('\n'));
  expect(work.series('NONE')).toBe(`${SERIES_HEADER}${theirs}\n`);
  // What cannot be read is kept under another name.
  const aside = readdirSync(work.at('data_cache')).filter((name) => name.includes('unreadable'));
  expect(aside.map((name) => work.read('data_cache', name))).toEqual(['not,a,series\n"']);
  expect(work.series('BRK.B').split('\n').length).toBe(24);
});

it('another form of the same rows becomes the canonical one, and what it held besides is kept', async () => {
  const { work } = await few();
  const right = work.series('AAPL');
  await work.write('data_cache/AAPL_1d_data.csv', right.replaceAll('\n', '\r\n'));
  const more = right.replaceAll('\n', ',x\n').replace('Volume,x', 'Volume,Note').replace(/,x\n$/, ',x\n');
  await work.write('data_cache/BCp_1d_data.csv', more);
  expect((await work.verb('rebuild AAPL')).code).toBe(0);
  expect(work.series('AAPL')).toBe(right);
});

it('a day that cannot be read is told, the others are made', async () => {
  const { work } = await few();
  await work.write('massive_cache/2024-05-15.csv.gz', 'no gzip at all, and long enough to be looked at');
  await work.remove('data_cache');
  const { code, stdout } = await work.verb('rebuild');
  expect(code).toBe(3);
  expect(stdout).toMatch(/2024-05-15 our copy is damaged [\s\S]*verify\s+--repair/);
  expect(work.series('AAPL').split('\n').length).toBe(23);
  const all = await work.verb('rebuild --all-tickers');
  expect(all.code).toBe(3);
  expect(all.stdout).toContain('2024-05-15');
});

it('rebuild says what it needs', async () => {
  const empty = await Workdir.make();
  expect((await empty.verb('rebuild')).code).toBe(2);
  const work = await filled('--archive-only');
  expect((await work.verb('rebuild')).code).toBe(2);
  expect((await work.verb('rebuild AAPL --all-tickers')).code).toBe(2);
  expect((await work.verb('rebuild AAPL')).code).toBe(0);
});
