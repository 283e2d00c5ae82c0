/**
 * What comes out of the archive alone, and what becomes of files that are gone, damaged, or the user's own.
 */
import { readFileSync, utimesSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';
import {
  barLine,
  dayObjects,
  getsOf,
  HEADER,
  keyOf,
  market,
  SERIES_HEADER,
  seriesLine,
  Workdir,
} from '../../support/workdir.js';

const MAY = '--start 2024-05-01 --end 2024-05-31';
const DEAD = 'http://127.0.0.1:9';

/** A settled month of the small market, AAPL and BRK.B tracked. */
const filled = filledOnce(`${MAY} --tickers AAPL,BRK.B`);

it('a newly tracked ticker is filled without network, and is what it had been if tracked from the start', async () => {
  const { work, sandbox } = await filled();
  const whole = await Workdir.make(sandbox);
  await whole.populate(`${MAY} --tickers AAPL,BRK.B,BCpC,TRUE`);
  const served = await sandbox.requests();
  work.endpoint = DEAD;
  const { code, summary, stderr } = await work.populateJson(`${MAY} --tickers BCpC,TRUE`, {
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
  });
  expect(code, stderr).toBe(0);
  expect(summary.requests).toEqual({ list: 0, get: 0, retried: 0 });
  expect(summary.days).toMatchObject({ sessions: 22, from_archive: 22 });
  expect(summary.ticker_days).toMatchObject({ added: 44, corrected: 0, kept: 0 });
  expect(work.tiers()).toEqual(whole.tiers());
  expect(await sandbox.requests()).toEqual(served);

  // And with one line a day that tells where it came from.
  const { stderr: lines } = await work.populate(`${MAY} --tickers NA`);
  expect(lines).toMatch(/\[ 1\/22\] 2024-05-\d\d {2}archive {2}1 ticker: 1 added, 0 unchanged {2}\d+\.\ds/);
});

it('--all-tickers after a few tracked ones: the rest comes from the archive too', async () => {
  const { work, sandbox } = await filled();
  const whole = await Workdir.make(sandbox);
  await whole.populate(`${MAY} --all-tickers`);
  work.endpoint = DEAD;
  expect((await work.populate(`${MAY} --all-tickers`)).code).toBe(0);
  expect(work.tiers()).toEqual(whole.tiers());
  const times = work.times();
  const again = await work.populateJson(`${MAY} --all-tickers`);
  expect(again.summary.days.unchanged).toBe(22);
  expect(work.times()).toEqual(times);
  // One that is gone is noticed among all of them, and made again.
  await work.remove('data_cache', 'TRUE_1d_data.csv');
  expect((await work.populate(`${MAY} --all-tickers`)).code).toBe(0);
  expect(work.tiers()).toEqual(whole.tiers());
  expect((await work.populateJson(`${MAY} --all-tickers`)).summary.days.unchanged).toBe(22);
});

it('a series, progress.json, or a table of contents that is gone comes back, byte for byte, without a GET', async () => {
  const { work, sandbox } = await filled();
  const tiers = work.tiers();
  const gets = await getsOf(sandbox);
  const gone = [
    ['data_cache', 'AAPL_1d_data.csv'],
    ['data_cache'],
    ['progress.json'],
    ['massive_cache', '.toc'],
  ];
  for (const names of gone) {
    await work.remove(...names);
    const { code, stderr } = await work.populate(`${MAY} --tickers TRUE`);
    expect(code, stderr).toBe(0);
    expect(work.tiers(), names.join('/')).toMatchObject(tiers);
    expect(await getsOf(sandbox)).toEqual(gets);
  }
  await work.remove('progress.json');
  await work.remove('data_cache');
  expect(work.has('massive_cache', '.toc')).toBe(false); // derived: not made before somebody needs it
  expect((await work.populate(MAY)).code).toBe(0);
  expect(work.has('massive_cache', '.toc', '2024-05')).toBe(true);
  expect(work.tiers()).toMatchObject(tiers);
  expect(await getsOf(sandbox)).toEqual(gets);
  expect((await work.populateJson(MAY)).summary.days.unchanged).toBe(22);
});

it('a table of contents that lies, or is damaged, is made again and never believed', async () => {
  const { work } = await filled();
  const toc = readFileSync(work.at('massive_cache', '.toc', '2024-05'));
  for (const damaged of [
    toc.subarray(0, 1000),
    Buffer.alloc(0),
    Buffer.from('x'.repeat(5000)),
    Buffer.concat([toc, toc]),
  ]) {
    await work.write('massive_cache/.toc/2024-05', damaged);
    await work.remove('data_cache');
    const { code, stderr } = await work.populate(MAY);
    expect(code, stderr).toBe(0);
    expect(work.series('AAPL').split('\n').length).toBe(24);
  }
});

it('a day file of the archive that is cut, flipped or no gzip is fetched again, and kept aside', async () => {
  const { work, sandbox } = await filled();
  const tiers = work.tiers();
  const before = await getsOf(sandbox);
  const damage: readonly ((bytes: Buffer) => Buffer)[] = [
    (bytes) => bytes.subarray(0, bytes.length >> 1),
    (bytes) => Buffer.from(bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 0x10 : byte))),
    () => Buffer.from('<html>'),
    () => Buffer.alloc(0),
  ];
  for (const [n, spoil] of damage.entries()) {
    const day = `2024-05-0${n + 6}`;
    const name = `massive_cache/${day}.csv.gz`;
    const damaged = spoil(readFileSync(work.at(name)));
    await work.write(name, damaged);
    await work.remove('data_cache');
    const { code, stderr } = await work.populate(MAY);
    expect(code, stderr).toBe(0);
    const aside = (await readdir(work.at('massive_cache'))).filter((file) =>
      file.startsWith(`${day}.csv.gz.`),
    );
    expect(aside, `damage ${n}: ${stderr}`).toEqual([expect.stringContaining('damaged-')]);
    expect(readFileSync(work.at('massive_cache', aside[0] ?? ''))).toEqual(damaged);
    expect(work.tiers()).toMatchObject(tiers);
    expect((await getsOf(sandbox))[keyOf(day)]).toBe((before[keyOf(day)] ?? 0) + 1);
  }
});

it('a plain gzip that another tool put into the archive is read as it is', async () => {
  const { work, sandbox } = await filled();
  const tiers = work.tiers();
  await work.write('massive_cache/2024-05-07.csv.gz', gzipSync(work.archiveText('2024-05-07')));
  await work.remove('data_cache');
  const gets = await getsOf(sandbox);
  const { code, stderr } = await work.populate(MAY);
  expect(code, stderr).toBe(0);
  expect(work.tiers()).toMatchObject(
    Object.fromEntries(Object.entries(tiers).filter(([name]) => name.startsWith('data_'))),
  );
  expect(await getsOf(sandbox)).toEqual(gets);
});

it('a series that cannot be read is moved aside and made again', async () => {
  const { work, sandbox } = await filled();
  const tiers = work.tiers();
  const gets = await getsOf(sandbox);
  for (const [n, text] of [
    '\u0000\u0001',
    'PK\u0003\u0004 a spreadsheet',
    `${SERIES_HEADER}2024-05-01,1,2\n`,
  ].entries()) {
    work.now = `2024-06-14T17:00:0${n}Z`;
    await work.write('data_cache/AAPL_1d_data.csv', text);
    const { code, stderr } = await work.populate(MAY);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /warning: AAPL_1d_data\.csv cannot be read \(.*\).*moved to AAPL_1d_data\.csv\.unreadable-.*made again/,
    );
    expect(work.read('data_cache', `AAPL_1d_data.csv.unreadable-20240614T17000${n}Z`)).toBe(text);
    expect(work.tiers()).toMatchObject(tiers);
  }
  expect(await getsOf(sandbox)).toEqual(gets);
});

it('an unreadable series beside no archive is made again from the vendor', async () => {
  const work = await Workdir.make(await market());
  expect((await work.populate(`${MAY} --tickers AAPL,BRK.B --no-save-others`)).code).toBe(0);
  const tiers = work.tiers();
  await work.write('data_cache/AAPL_1d_data.csv', 'no series');
  const { code } = await work.populate(`${MAY} --no-save-others`);
  expect(code).toBe(0);
  expect(work.tiers()).toMatchObject(tiers);
});

const HAND = dayObjects({
  '2024-05-01': HEADER + barLine('AAPL', 10),
  '2024-05-02': HEADER + barLine('AAPL', 11),
  '2024-05-03': HEADER + barLine('AAPL', 12),
});
const THREE = '--start 2024-05-01 --end 2024-05-03 --tickers AAPL';

it('a file written by hand is adopted: other days and differing rows stay, differences are told, its like is not touched', async () => {
  const work = await Workdir.make(await market({ objects: HAND }));
  const mine = `${SERIES_HEADER}1999-12-31,1,2,0.5,1.5,7\n2024-05-02,99,100,98,99,5\n2030-01-01,1,2,1,2,3\n`;
  await work.write('data_cache/AAPL_1d_data.csv', mine);
  const { code, summary, stderr } = await work.populateJson(THREE);
  expect(code, stderr).toBe(0);
  expect(summary.ticker_days).toMatchObject({ added: 2, kept: 1, corrected: 0 });
  expect(stderr).toContain('"type":"kept","ticker":"AAPL","rows":1,"first":"2024-05-02"');
  const merged = `${SERIES_HEADER}1999-12-31,1,2,0.5,1.5,7\n${seriesLine('2024-05-01', 10)}2024-05-02,99,100,98,99,5\n${seriesLine('2024-05-03', 12)}2030-01-01,1,2,1,2,3\n`;
  expect(work.series('AAPL')).toBe(merged);
  expect(await readdir(work.at('data_cache'))).toEqual(['AAPL_1d_data.csv']);

  // A row that the user changes later is theirs, too; touching the file alone rewrites nothing.
  const edited = merged.replace(seriesLine('2024-05-03', 12), '2024-05-03,1,1,1,1,1\n');
  await work.write('data_cache/AAPL_1d_data.csv', edited);
  const after = await work.populateJson(THREE);
  expect(after.code).toBe(0);
  expect(after.summary.ticker_days).toMatchObject({ added: 0, kept: 2 });
  expect(work.series('AAPL')).toBe(edited);
  utimesSync(work.at('data_cache/AAPL_1d_data.csv'), 1e9, 1e9);
  expect((await work.populate(THREE)).code).toBe(0);
  expect(work.series('AAPL')).toBe(edited);
});

it('a yfinance export is read, its other columns kept beside in the original', async () => {
  const work = await Workdir.make(await market({ objects: HAND }));
  const yfinance =
    'Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n' +
    '2024-04-30 00:00:00-04:00,9.0,10.00,8,9.5,9.4,50,0.0,0.0\n2024-05-01 00:00:00-04:00,10,11,9,10.5,10.4,100,0.0,0.0\n';
  await work.write('data_cache/AAPL_1d_data.csv', yfinance);
  const { code, stderr } = await work.populate(THREE);
  expect(code, stderr).toBe(0);
  expect(work.series('AAPL')).toBe(
    `${SERIES_HEADER}2024-04-30,9,10,8,9.5,50\n${seriesLine('2024-05-01', 10)}${seriesLine('2024-05-02', 11)}${seriesLine('2024-05-03', 12)}`,
  );
  const [, original = ''] = (await readdir(work.at('data_cache'))).sort();
  expect(original).toMatch(/^AAPL_1d_data\.csv\.original-/);
  expect(work.read('data_cache', original)).toBe(yfinance);
  expect(stderr).toContain('Adj Close');
});
