/**
 * Ticker lists of the user's: what is in them becomes series, and what is wrong with them is said and is no
 * success.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { barLine, HEADER, keyOf, Workdir } from '../../support/workdir.js';

const DAYS = ['2024-06-12', '2024-06-13'];
const RANGE = '--start 2024-06-12 --end 2024-06-13';

async function mirrored(): Promise<Workdir> {
  const workdir = await Workdir.make();
  const text = HEADER + ['AAPL', 'BApA', 'MSFT', 'NVDA'].map((ticker) => barLine(ticker)).join('');
  for (const day of DAYS) await put(workdir, keyOf(day), text);
  workdir.endpoint = `file:${path.join(workdir.root, 'mirror')}`;
  return workdir;
}

async function put({ root }: Workdir, key: string, text: string): Promise<void> {
  const file = path.join(root, 'mirror', key);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, gzipSync(text));
}

test('a list on one line gives a series for each', async () => {
  const workdir = await mirrored();
  await workdir.write('stocks.txt', 'AAPL,MSFT;NVDA\tBApA');
  const { code } = await workdir.populate(RANGE);
  expect(code).toBe(0);
  for (const name of ['AAPL', 'MSFT', 'NVDA', 'BA_pA']) expect(workdir.series(name)).toContain('2024-06-13');
});

test('a list that is none, and one of names that no day has: exit 3, and which', async () => {
  const workdir = await mirrored();
  await workdir.write('stocks.txt', 'AAPL\nMSTF\n');
  await workdir.write('ibd.txt', '<!DOCTYPE html><html><body>AAPL</body></html>');
  await workdir.write('ltl.txt', 'APPL\nZZZZ\n');
  const { code, stdout, summary } = await workdir.populateJson(RANGE);
  expect(code).toBe(3);
  expect(stdout).not.toContain('html>');
  expect(summary.tickers).toMatchObject({
    never_seen: ['MSTF', 'APPL', 'ZZZZ'],
    suggestions: { MSTF: 'MSFT', APPL: 'AAPL' },
    unusable_lists: [
      { file: 'ibd.txt', reason: 'is an HTML page' },
      { file: 'ltl.txt', reason: 'names only tickers that no day has held' },
    ],
  });
  await workdir.remove('ltl.txt');
  await workdir.remove('ibd.txt');
  const night = await workdir.verb(`nightly --endpoint ${workdir.endpoint}`);
  expect(night.stdout).toContain('no day holds MSTF');
});

test('where the only list is none, nothing is fetched', async () => {
  const workdir = await mirrored();
  const file = await workdir.write('stocks.txt', '<html>Sign in</html>');
  const { code, stderr } = await workdir.populate(RANGE);
  expect(code).toBe(3);
  expect(stderr).toContain(`${file} is an HTML page`);
  expect(workdir.has('massive_cache')).toBe(false);
});

test('--tickers with a slip alone is no success', async () => {
  const workdir = await mirrored();
  const { code, stdout } = await workdir.populate(`${RANGE} --tickers MFST`);
  expect(code).toBe(3);
  expect(stdout).toContain('MFST (did you mean MSFT?)');
});

test('other spellings are understood, or answered with the dataset', async () => {
  const workdir = await mirrored();
  await workdir.populate(`${RANGE} --tickers NASDAQ:AAPL`);
  expect(workdir.series('AAPL')).toContain('2024-06-13');
  const answered: readonly (readonly [string, RegExp])[] = [
    ['add I:SPX', /I:SPX is not in stocks_daily: give -t indices_daily/],
    ['add ^GSPC', /\^GSPC is I:SPX, which is not in stocks_daily: give -t indices_daily/],
    ['export EURUSD=X', /EURUSD=X is C:EUR-USD, .* -t forex_daily/],
    ['add BTC-USD', /X:BTC-USD, .* -t crypto_daily/],
    ['add -t stock_daily AAPL', /did you mean stocks_daily/],
    ['add --ticker-files stocks.txt AAPL', /There is no ticker list .*before --ticker-files/],
  ];
  await workdir.write('stocks.txt', 'MSFT');
  for (const [command, answer] of answered) {
    const { code, stderr } = await workdir.verb(command);
    expect(stderr).toMatch(answer);
    expect(code).toBe(2);
  }
});

test('--underlying SPX says that the weeklies are SPXW, until they are tracked', async () => {
  const workdir = await mirrored();
  const text = HEADER + barLine('O:SPX240621C05000000') + barLine('O:SPXW240614C05000000');
  await put(workdir, 'us_options_opra/day_aggs_v1/2024/06/2024-06-13.csv.gz', text);
  const range = '-t options_daily --start 2024-06-13 --end 2024-06-13';
  const first = await workdir.populate(`${range} --underlying SPX`);
  expect([first.code, first.stdout]).toEqual([
    0,
    expect.stringMatching(/barloom\s+add\s+-t\s+options_daily\s+SPXW/),
  ]);
  const added = await workdir.verb('add -t options_daily SPX');
  expect(added.stdout).toMatch(/barloom\s+add\s+-t\s+options_daily\s+SPXW/);
  const both = await workdir.populate(`${range} --underlying SPX,SPXW`);
  expect([both.code, both.stdout]).toEqual([0, expect.not.stringMatching(/barloom\s+add/)]);
});
