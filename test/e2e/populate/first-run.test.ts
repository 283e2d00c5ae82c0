/**
 * A first month, then three: only what is lacking is fetched, what is written is exactly DESIGN's, and
 * running again is free.
 */
import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { clientOf } from '../../sandbox/running.js';
import { barLine, dayObjects, getsOf, HEADER, keyOf, market, Workdir } from '../../support/workdir.js';

const NOW = '2026-03-27T17:00:00Z';
const TICKERS = 'AAPL,BApA,CON,NA,TRUE,BRK.B,ACHR.WS,BCPC,BCpC';

async function vendorText(sandbox: RunningSandbox, day: string): Promise<Buffer> {
  const { Body } = await clientOf(sandbox).send(
    new GetObjectCommand({ Bucket: sandbox.bucket, Key: keyOf(day) }),
  );
  return gunzipSync(await (Body?.transformToByteArray() ?? new Uint8Array()));
}

it('populate fetches a month, then only what three months lack; what it writes is exact; again is free', async () => {
  const sandbox = await market({ now: new Date(NOW), tickers: 300 });
  const work = await Workdir.make(sandbox);
  work.now = NOW;

  const first = await work.populate(`--months 1 --tickers ${TICKERS}`);
  expect(first.stderr + first.stdout).toContain('Complete.');
  expect(first.code).toBe(0);
  const month = await getsOf(sandbox);
  expect(Object.values(month).every((n) => n === 1)).toBe(true);
  expect(Object.keys(month)).toContain(keyOf('2026-03-26'));
  expect(Object.keys(month)).not.toContain(keyOf('2026-02-26'));

  const third = await work.populateJson('--months 3');
  expect(third.code).toBe(0);
  const all = await getsOf(sandbox);
  expect(Object.keys(all).length).toBe(third.summary.days.sessions);
  expect(Object.values(all).every((n) => n === 1)).toBe(true);
  expect(third.summary.days.unchanged).toBe(Object.keys(month).length);
  expect(third.summary.days.fetched).toBe(Object.keys(all).length - Object.keys(month).length);

  // Every file of the archive, and both number formats in the series.
  const days = Object.keys(all)
    .map((key) => key.slice(-17, -7))
    .sort();
  const bars = new Map<string, string[]>(TICKERS.split(',').map((ticker) => [ticker, []]));
  for (const day of days) {
    const text = await vendorText(sandbox, day);
    expect(work.archiveText(day), day).toBe(text.toString());
    for (const line of text.toString().split('\n')) {
      const [ticker = '', volume, open, close, high, low] = line.split(',');
      const trimmed = [open, high, low, close, volume].map((n = '') =>
        n.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''),
      );
      bars.get(ticker)?.push(`${day},${trimmed.join(',')}\n`);
    }
  }
  expect(days.some((day) => day < '2026-02-23') && days.some((day) => day >= '2026-02-23')).toBe(true);
  const names: Readonly<Record<string, string>> = { BApA: 'BA_pA', BCpC: 'BC_pC' };
  for (const [ticker, lines] of bars) {
    expect(lines.length, ticker).toBeGreaterThan(0);
    expect(work.series(names[ticker] ?? ticker), ticker).toBe(
      `Date,Open,High,Low,Close,Volume\n${lines.join('')}`,
    );
  }
  expect(work.series('AAPL')).not.toMatch(/\.\d*0[,\n]/);
  expect(Object.keys(work.tiers()).filter((name) => name.startsWith('data_cache/')).length).toBe(bars.size);

  const progress = JSON.parse(work.read('progress.json')) as { schema_version: number; source: unknown };
  expect(progress.schema_version).toBe(1);
  expect(progress.source).toEqual({ endpoint: sandbox.endpoint, bucket: 'flatfiles' });
  expect(work.has('progress.ndjson')).toBe(false);
  expect(work.has('.barloom.lock')).toBe(false);
  expect(work.read('tracked.txt')).toBe(`${TICKERS.replaceAll(',', '\n')}\n`);

  // Again: nothing is fetched and nothing is rewritten.
  const times = work.times();
  const before = await getsOf(sandbox);
  const again = await work.populateJson('--months 3');
  expect(again.code).toBe(0);
  expect(again.summary.requests.get).toBe(0);
  expect(await getsOf(sandbox)).toEqual(before);
  expect(work.times()).toEqual(times);

  // A range that is settled asks nothing at all.
  const lists = (await sandbox.requests()).lists;
  const settled = await work.populateJson('--start 2026-01-05 --end 2026-02-27');
  expect(settled.code).toBe(0);
  expect(settled.summary.days.unchanged).toBe(settled.summary.days.sessions);
  expect((await sandbox.requests()).lists).toBe(lists);
  expect(work.times()).toEqual(times);
});

it('writes names that Windows reserves, lower-case letters and a device with a suffix so that all differ', async () => {
  const tickers = ['BApA', 'BAPA', 'CON', 'CON.WS', 'NA', 'NUL', 'NUL.A', '.X', 'a', 'A'].sort();
  const text = HEADER + tickers.map((ticker) => barLine(ticker)).join('');
  const sandbox = await market({ objects: dayObjects({ '2024-05-01': text }) });
  const work = await Workdir.make(sandbox);
  const { code } = await work.populate('--start 2024-05-01 --end 2024-05-01 --all-tickers');
  expect(code).toBe(0);
  const names = Object.keys(work.tiers()).filter((name) => name.startsWith('data_cache/'));
  expect(names.map((name) => name.slice('data_cache/'.length, -'_1d_data.csv'.length)).sort()).toEqual(
    ['%2EX', '%43ON.WS', '%4EUL.A', 'A', 'BAPA', 'BA_pA', 'CON', 'NA', 'NUL', '_a'].sort(),
  );
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  expect(gunzipSync(readFileSync(work.at('massive_cache', '2024-05-01.csv.gz'))).toString()).toBe(text);
  expect(statSync(work.at('massive_cache', '.toc', '2024-05')).size).toBeGreaterThan(0);
});
