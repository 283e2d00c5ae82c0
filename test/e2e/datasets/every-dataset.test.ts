/**
 * Every dataset with the real command, all in one folder: what stands in the files is what the vendor's days
 * say, whatever is done to the folder, and nothing is ever fetched twice. The cases build on one another.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { getsOf, type Workdir } from '../../support/workdir.js';
import {
  command,
  DAYS,
  expectTiers,
  filledFolder,
  NAMES,
  NEXT_DAY,
  NOW,
  RANGE,
  smallMarket,
  WANTED,
} from './folder.js';
import { ALL } from './small-market.js';

const removals: (() => Promise<void>)[] = [];
let sandbox: RunningSandbox;
let work: Workdir;

beforeAll(async () => {
  sandbox = await smallMarket();
  work = await filledFolder(sandbox, (remove) => removals.push(remove));
});
afterAll(async () => {
  await sandbox.close();
  for (const remove of removals) await remove();
});

async function nothingFetched(body: () => Promise<void>): Promise<void> {
  const before = await getsOf(sandbox);
  await body();
  expect(await getsOf(sandbox)).toEqual(before);
}

const populate = (...more: readonly string[]) =>
  command(work, ['populate', '-t', NAMES, ...RANGE, '--json', ...more], sandbox);

it.each(ALL)('$name: archive and series are what the vendor says', (dataset) => {
  expectTiers(work, dataset, DAYS);
});

it('again: nothing is fetched, read or rewritten', async () => {
  const before = work.times();
  await nothingFetched(async () => {
    const { code, stdout, stderr } = await populate();
    expect(code, stderr).toBe(0);
    const { datasets } = JSON.parse(stdout);
    expect(datasets.map(({ dataset }: { dataset: string }) => dataset)).toEqual(ALL.map(({ name }) => name));
    for (const { days } of datasets) expect(days.unchanged).toBe(days.sessions);
  });
  const after = work.times();
  for (const [file, time] of Object.entries(after))
    if (/_cache\//.test(file)) expect(time, file).toBe(before[file]);
});

it('progress.json deleted: learnt again from the folders', async () => {
  const before = work.tiers();
  rmSync(work.at('progress.json'));
  rmSync(work.at('progress.ndjson'), { force: true });
  await nothingFetched(async () => {
    const { code, stdout, stderr } = await populate();
    expect(code, stderr).toBe(0);
    for (const { dataset, days, ticker_days } of JSON.parse(stdout).datasets) {
      expect(days, dataset).toMatchObject({ fetched: 0, missing: 0, failed: 0 });
      expect(ticker_days, dataset).toMatchObject({ added: 0, corrected: 0, kept: 0 });
    }
  });
  expect(work.tiers()).toEqual(before);
});

it('status, gaps and backfill find everything here, and a Saturday without a file is no hole', async () => {
  await nothingFetched(async () => {
    const status = await command(work, ['status', '--json']);
    expect(status.code, status.stderr).toBe(0);
    expect(
      JSON.parse(status.stdout)
        .datasets.map(({ dataset }: { dataset: string }) => dataset)
        .sort(),
    ).toEqual(ALL.map(({ name }) => name).sort());
    const gaps = await command(work, ['gaps', '-t', NAMES, '--json']);
    expect(gaps.code, gaps.stdout).toBe(0);
    for (const { open, dataset } of JSON.parse(gaps.stdout).datasets) expect(open, dataset).toBe(0);
    const backfill = await command(work, ['backfill', '-t', NAMES], sandbox);
    expect(backfill.code, backfill.stderr).toBe(0);
  });
});

it('verify --deep: no damage', async () => {
  const { code, stdout, stderr } = await command(work, ['verify', '--deep', '-t', NAMES, '--json'], sandbox);
  expect(code, stdout + stderr).toBe(0);
  for (const { damage, dataset } of JSON.parse(stdout).datasets) expect(damage, dataset).toEqual([]);
});

it('rebuild makes the same bytes, also where series are gone', async () => {
  const before = work.tiers();
  await nothingFetched(async () => {
    const same = await command(work, ['rebuild', '-t', NAMES]);
    expect(same.code, same.stderr).toBe(0);
    expect(work.tiers()).toEqual(before);
    rmSync(work.at('data_cache'), { recursive: true });
    const again = await command(work, ['rebuild', '-t', NAMES]);
    expect(again.code, again.stderr).toBe(0);
    expect(work.tiers()).toEqual(before);
  });
});

it.each([
  ['stocks_daily', 'AAPL'],
  ['stocks_minute', 'AAPL'],
  ['stocks_trades', 'AAPL'],
  ['stocks_quotes', 'AAPL'],
  ['options_daily', 'SPX'],
  ['options_minute', 'O:SPX'],
  ['options_trades', 'SPX'],
  ['options_quotes', 'SPX'],
])('add -t %s %s: out of the archive alone, and of that dataset alone', async (name, ticker) => {
  const dataset = ALL.find((one) => one.name === name) ?? expect.unreachable();
  const before = work.tiers();
  await nothingFetched(async () => {
    const { code, stderr } = await command(work, ['add', '-t', name, ticker]);
    expect(code, stderr).toBe(0);
  });
  expectTiers(work, dataset, DAYS, [
    ...(WANTED[dataset.mark] ?? []),
    `${dataset.mark}${ticker.replace(/^O:/, '')}`,
  ]);
  const changed = Object.entries(work.tiers()).filter(([file, hash]) => before[file] !== hash);
  expect(changed.length).toBe(1);
});

it('nightly brings all of them up to date, and does so once', async () => {
  work.now = NOW;
  // Whose series there are is learnt from the folder too.
  rmSync(work.at('progress.json'));
  rmSync(work.at('progress.ndjson'), { force: true });
  const { code, stderr, stdout } = await command(work, ['nightly'], sandbox);
  expect(code, stderr).toBe(0);
  for (const { name } of ALL) expect(stdout).toContain(`nightly ${name}: `);
  for (const dataset of ALL) {
    const more = dataset.mark === '' ? ['AAPL'] : dataset.mark === 'O:' ? ['O:SPX'] : undefined;
    const wanted = WANTED[dataset.mark];
    expectTiers(work, dataset, [...DAYS, NEXT_DAY], more && [...(wanted ?? []), ...more]);
  }
  await nothingFetched(async () => {
    expect((await command(work, ['nightly'], sandbox)).code).toBe(0);
  });
});
