/**
 * lake build and verify: what the archive says is what the Parquet files say, once, and after anything that
 * happens to either.
 */

import { existsSync, readFileSync } from 'node:fs';
import { rm, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { archived, lakeJson, midnight, parquetRows } from '../../support/lake.js';
import { Workdir } from '../../support/workdir.js';

const JANUARY = ['bronze', 'stocks_daily', 'year=2024', 'month=01', '2024-01.parquet'];

async function twoDays(): Promise<Workdir> {
  const workdir = await Workdir.make();
  const [second, third] = [midnight('2024-01-02'), midnight('2024-01-03')];
  await archived(workdir, '', '2024-01-02', [
    `TRUE,1942872,147.09,149.31,149.64,147.09,${second},37404`,
    `1E5,7,1,2,3,0.5,${second},`,
    `NA,100,10,10.5,11,9,${second},7`,
  ]);
  // The other number format, other columns first, and not in the order of the tickers.
  await archived(
    workdir,
    '',
    '2024-01-03',
    [
      `37404,${third},115.030000,116.000000,114.500000,115.900000,33278552.153126,NA`,
      `1,${third},5.2e-7,1e-8,1e-8,1e-8,0,BApA`,
    ],
    'transactions,window_start,open,high,low,close,volume,Ticker',
  );
  return workdir;
}

it('tickers stay text, numbers are the vendor’s in both formats, rows are by ticker and time', async () => {
  const workdir = await twoDays();
  const built = await workdir.verb('lake build --json');
  expect(built.stderr).toBe('');
  expect(built.code).toBe(0);
  expect(lakeJson(built.stdout).datasets[0]).toMatchObject({
    days: { built: 2 },
    rows: 5,
    lossy: 0,
    left_out: 0,
  });
  const rows = await parquetRows(workdir, ...JANUARY);
  expect(rows.map(({ ticker }) => ticker)).toEqual(['1E5', 'BApA', 'NA', 'NA', 'TRUE']);
  expect(rows[3]).toEqual({
    ticker: 'NA',
    date: '2024-01-03T00:00:00.000Z',
    ts: '2024-01-03T05:00:00.000Z',
    ts_ns: 1704258000000000000n,
    open: 115.03,
    high: 116,
    low: 114.5,
    close: 115.9,
    volume: 33278552.153126,
    transactions: 37404n,
  });
  expect(rows[0]).toMatchObject({ transactions: null, open: 1 });
  expect(rows[1]).toMatchObject({ open: 5.2e-7, high: 1e-8 });
});

it('a second build does nothing, a compressed anew day neither; a replaced day rebuilds its month and no day is there twice', async () => {
  const workdir = await twoDays();
  await archived(workdir, '', '2024-02-01', [`A,1,1,1,1,1,${midnight('2024-02-01')},1`]);
  await workdir.verb('lake build');
  const before = workdir.times();
  expect((await workdir.verb('lake build')).stdout).toContain('nothing to do');
  expect(workdir.times()).toEqual(before);

  const file = workdir.at('massive_cache', '2024-01-02.csv.gz');
  await writeFile(file, gzipSync(gunzipSync(readFileSync(file)), { level: 1 }));
  expect(lakeJson((await workdir.verb('lake build --json')).stdout).datasets[0]).toMatchObject({ files: 0 });

  await archived(workdir, '', '2024-01-02', [`NA,100,10,99.5,110,9,${midnight('2024-01-02')},7`]);
  expect(lakeJson((await workdir.verb('lake build --json')).stdout).datasets[0]).toMatchObject({
    days: { built: 1, unchanged: 2 },
    files: 1,
  });
  const rows = await parquetRows(workdir, ...JANUARY);
  expect(rows.map(({ ticker, close }) => `${ticker} ${close}`)).toEqual(['BApA 1e-8', 'NA 99.5', 'NA 115.9']);
  const february = 'lake/bronze/stocks_daily/year=2024/month=02/2024-02.parquet';
  expect(workdir.times()[february]).toBe(before[february]);
});

it('numbers that a double cannot hold are counted and named, what is no number is null, lines of another width are left out', async () => {
  const workdir = await Workdir.make();
  await archived(workdir, 'crypto_daily', '2024-01-02', [
    'X:BTC-USD,0.123456789012345678901,7363.950000000001,1,2,0.39980000000000000,1704153600000000000,5',
    'X:ETH-USD,1,abc,1,2,1,1704153600000000000,5',
    'X:SHORT,1,2',
    '"X:Q,D",1,2,3,4,1,"1704153600000000000",12.0',
  ]);
  const built = await workdir.verb('lake build -t crypto_daily --json');
  expect(built.code).toBe(0);
  expect(lakeJson(built.stdout).datasets[0]).toMatchObject({
    rows: 3,
    left_out: 1,
    lossy: 2,
    lossy_days: [
      {
        day: '2024-01-02',
        examples: [
          { ticker: 'X:BTC-USD', column: 'volume', text: '0.123456789012345678901' },
          { ticker: 'X:ETH-USD', column: 'open', text: 'abc' },
        ],
      },
    ],
  });
  const rows = await parquetRows(
    workdir,
    'bronze',
    'crypto_daily',
    'year=2024',
    'month=01',
    '2024-01.parquet',
  );
  expect(rows.map(({ ticker, open, transactions }) => [ticker, open, transactions])).toEqual([
    ['X:BTC-USD', 7363.950000000001, 5n],
    ['X:ETH-USD', null, 5n],
    ['X:Q,D', 2, 12n],
  ]);
  expect((await workdir.verb('lake verify')).stdout).toContain('No damage');
});

it('option contracts say what they are on, minutes keep their nanoseconds, and each day is a file', async () => {
  const workdir = await Workdir.make();
  await archived(workdir, 'options_daily', '2024-01-02', [
    `O:TSLA1250117C00200000,1,2,3,4,1,${midnight('2024-01-02')},5`,
    `O:BRKB250117P00412500,1,2,3,4,1,${midnight('2024-01-02')},5`,
  ]);
  await archived(workdir, 'stocks_minute', '2024-01-03', [
    'A,1,2,3,4,1,1704292200000000001,5',
    'A,1,2,3,4,1,1704292200000000000,5',
  ]);
  expect((await workdir.verb('lake build')).code).toBe(0);
  const contracts = await parquetRows(
    workdir,
    'bronze',
    'options_daily',
    'year=2024',
    'month=01',
    '2024-01-02.parquet',
  );
  expect(contracts).toMatchObject([
    { underlying: 'BRKB', expiry: '2025-01-17T00:00:00.000Z', right: 'P', strike: 412.5 },
    { underlying: 'TSLA', expiry: '2025-01-17T00:00:00.000Z', right: 'C', strike: 200 },
  ]);
  const minutes = await parquetRows(
    workdir,
    'bronze',
    'stocks_minute',
    'year=2024',
    'month=01',
    '2024-01-03.parquet',
  );
  expect(minutes.map(({ ts_ns }) => ts_ns)).toEqual([1704292200000000000n, 1704292200000000001n]);
});

it('damage is found and built again, also where the time and the record of the file tell nothing', async () => {
  const workdir = await twoDays();
  await workdir.verb('lake build');
  const file = workdir.at('lake', ...JANUARY);
  const bytes = readFileSync(file);
  const { mtime } = await import('node:fs').then(({ statSync }) => statSync(file));
  bytes.writeUInt8(bytes.readUInt8(100) ^ 0xff, 100);
  await writeFile(file, bytes);
  await utimes(file, mtime, mtime);
  const found = await workdir.verb('lake verify');
  expect(found.code).toBe(7);
  expect(found.stdout).toContain('year=2024/month=01/2024-01.parquet');
  expect((await workdir.verb('lake verify --repair')).code).toBe(0);
  expect(await parquetRows(workdir, ...JANUARY)).toHaveLength(5);

  await truncate(file, 50);
  const rebuilt = await workdir.verb('lake build');
  expect(rebuilt.code).toBe(0);
  expect(await parquetRows(workdir, ...JANUARY)).toHaveLength(5);
});

it('the record can be lost: the files say what they hold; those of a newer barloom are refused by name', async () => {
  const workdir = await twoDays();
  await workdir.verb('lake build');
  const record = workdir.at('lake', 'bronze', 'stocks_daily', '_built.json');
  await rm(record);
  expect(lakeJson((await workdir.verb('lake build --json')).stdout).datasets[0]).toMatchObject({
    days: { built: 0, unchanged: 2 },
  });
  // An older barloom's name for it, which pyarrow took for data.
  const older = path.join(path.dirname(record), 'built.json');
  await writeFile(older, '{"schema": 1, "keep_from": "2024-01-03", "files": {}}');
  expect(lakeJson((await workdir.verb('lake status --json')).stdout).datasets[0]).toMatchObject({
    keep_from: '2024-01-03',
  });
  await workdir.verb('lake build --force');
  expect([existsSync(record), existsSync(older)]).toEqual([true, false]);
  await writeFile(record, '{"schema": 99}');
  const refused = await workdir.verb('lake build');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(record);
  expect(refused.stderr).toContain('newer barloom');
});

it('a day that the archive has lost stays in the lake when its month is built again, and prune takes the oldest', async () => {
  const workdir = await twoDays();
  await workdir.verb('lake build');
  await workdir.remove('massive_cache', '2024-01-02.csv.gz');
  await archived(workdir, '', '2024-01-04', [`Z,1,1,1,1,1,${midnight('2024-01-04')},1`]);
  await workdir.verb('lake build');
  expect(await parquetRows(workdir, ...JANUARY)).toHaveLength(6);
  expect((await workdir.verb('lake verify')).code).toBe(0);
  expect((await workdir.verb('lake prune --keep-days 1 --yes')).code).toBe(0);
  expect((await parquetRows(workdir, ...JANUARY)).map(({ ticker }) => ticker)).toEqual(['Z']);
  expect((await workdir.verb('lake build')).stdout).toContain('nothing to do');
  await workdir.verb('lake build --start 2024-01-01');
  expect(await parquetRows(workdir, ...JANUARY)).toHaveLength(3);
});

it('a day of the archive that cannot be read fails alone', async () => {
  const workdir = await twoDays();
  await workdir.write('massive_cache/2024-01-04.csv.gz', 'no gzip');
  await archived(workdir, '', '2024-01-05', ['\xff,1,1,1,1,1,1,1']);
  await workdir.write(
    'massive_cache/2024-01-05.csv.gz',
    gzipSync(Buffer.from('ticker,open\n\xff\xfe,1\n', 'latin1')),
  );
  const built = await workdir.verb('lake build --json');
  expect(built.code).toBe(3);
  expect(lakeJson(built.stdout).datasets[0]).toMatchObject({
    days: { built: 2, failed: 2 },
    failed: [{ day: '2024-01-04' }, { day: '2024-01-05' }],
  });
});
