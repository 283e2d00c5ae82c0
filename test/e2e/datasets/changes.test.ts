/**
 * What the vendor replaces and what the user edits, in every dataset; and the upkeep of a folder that holds
 * them all. The cases build on one another.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { getsOf, type Workdir } from '../../support/workdir.js';
import {
  archiveFiles,
  command,
  DAYS,
  filledFolder,
  NAMES,
  RANGE,
  SHORT,
  SPRING,
  seriesFiles,
  smallMarket,
  textsOf,
  WANTED,
} from './folder.js';
import { ALL, type Described, isListed, keyOf, named, seriesOf, textOf } from './small-market.js';

const removals: (() => Promise<void>)[] = [];
let sandbox: RunningSandbox;
let work: Workdir;
/** A Monday that is not settled. */
const REPLACED = '2026-11-02';

beforeAll(async () => {
  sandbox = await smallMarket();
  work = await filledFolder(sandbox, (remove) => removals.push(remove));
});
afterAll(async () => {
  await sandbox.close();
  for (const remove of removals) await remove();
});

const populate = (datasets: string, ...more: readonly string[]) =>
  command(
    work,
    ['populate', '-t', datasets, ...(more.includes('--start') ? [] : RANGE), ...more, '--json'],
    sandbox,
  );

/** How often REPLACED was replaced. */
let revision = 0;

/** As of after the replacement. */
function textsNow(dataset: Described, days: readonly string[] = DAYS): Record<string, string> {
  return Object.fromEntries(
    Object.keys(textsOf(dataset, days)).map((day) => [
      day,
      textOf(dataset, day, day === REPLACED ? revision : 0),
    ]),
  );
}

const fileOf = ({ mark, series, kind }: Described) => {
  const stem = { '': 'BRK.B', 'O:': 'SPY', 'I:': 'SPX', 'C:': 'EUR-USD', 'X:': 'BTC-USD' }[mark];
  return `${series}${stem}_${{ daily: '1d', minute: '1m', trades: 'trades', quotes: 'quotes' }[kind]}_data.csv`;
};

/** A row of the user's own, of a day that no archive holds. */
function usersLine(text: string): string {
  const [, line = ''] = text.split('\n');
  return line.replace(/^\d{4}-\d\d-\d\d/, '2026-10-28');
}

it('days that the vendor replaced are corrected; rows of the user stay, and a line that was edited', async () => {
  revision = 1;
  const edited = new Map<string, { readonly own: string; readonly changed: string }>();
  for (const dataset of ALL) {
    const file = work.at('data_cache', fileOf(dataset));
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    const own = usersLine(text);
    // The first line of Friday's.
    const changed = (lines[1] ?? '').replace(/[^,]+$/, '777777');
    writeFileSync(file, [lines[0], own, changed, ...lines.slice(2)].join('\n'));
    edited.set(dataset.name, { own, changed });
    await sandbox.replace(keyOf(dataset, REPLACED), gzipSync(textOf(dataset, REPLACED, 1)));
  }
  const { code, stdout, stderr } = await populate(NAMES);
  expect(code, stderr).toBe(0);
  for (const [i, result] of JSON.parse(stdout).datasets.entries()) {
    const dataset = ALL[i] ?? expect.unreachable();
    expect(
      result.replaced.map(({ day }: { day: string }) => day),
      dataset.name,
    ).toEqual([REPLACED]);
    const texts = textsNow(dataset);
    expect(archiveFiles(work, dataset), dataset.name).toEqual(texts);
    const { own, changed } = edited.get(dataset.name) ?? expect.unreachable();
    const wanted = seriesOf(dataset, texts, WANTED[dataset.mark]);
    const file = fileOf(dataset);
    const [head, first, ...rest] = (wanted[file] ?? '').split('\n');
    expect(first, dataset.name).not.toBe(changed);
    expect(seriesFiles(work, dataset), dataset.name).toEqual({
      ...wanted,
      [file]: [head, own, changed, ...rest].join('\n'),
    });
    expect(result.ticker_days.kept, dataset.name).toBeGreaterThan(0);
  }
});

it('a day of which a line was edited stays as it is, also when the vendor replaces it', async () => {
  revision = 2;
  const kept = new Map<string, string>();
  for (const dataset of ALL) {
    const file = work.at('data_cache', fileOf(dataset));
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const last = (lines.at(-1) ?? '').replace(/[^,]+$/, '666666');
    const text = [...lines.slice(0, -1), last, ''].join('\n');
    writeFileSync(file, text);
    kept.set(dataset.name, text);
    await sandbox.replace(keyOf(dataset, REPLACED), gzipSync(textOf(dataset, REPLACED, 2)));
  }
  const { code, stderr } = await populate(NAMES);
  expect(code, stderr).toBe(0);
  for (const dataset of ALL) {
    expect(archiveFiles(work, dataset)[REPLACED], dataset.name).toBe(textOf(dataset, REPLACED, 2));
    const others = seriesFiles(work, dataset);
    const file = fileOf(dataset);
    expect(others[file], dataset.name).toBe(kept.get(dataset.name));
    const wanted = seriesOf(dataset, textsNow(dataset), WANTED[dataset.mark]);
    expect({ ...others, [file]: '' }, dataset.name).toEqual({ ...wanted, [file]: '' });
  }
});

it('rows of the user’s are told by verify --deep and are no damage; rebuild lets the archive win, but for days that it does not hold', async () => {
  const verify = await command(work, ['verify', '--deep', '-t', NAMES, '--json'], sandbox);
  // The edited rows are the user's, and no damage.
  expect(verify.code, verify.stdout).toBe(0);
  for (const { dataset, kept_rows } of JSON.parse(verify.stdout).datasets)
    expect([dataset, kept_rows.series]).toEqual([dataset, 1]);
  const { code, stderr } = await command(work, ['rebuild', '-t', NAMES]);
  expect(code, stderr).toBe(0);
  for (const dataset of ALL) {
    const wanted = seriesOf(dataset, textsNow(dataset), WANTED[dataset.mark]);
    const file = fileOf(dataset);
    const [head, ...rest] = (wanted[file] ?? '').split('\n');
    expect(seriesFiles(work, dataset), dataset.name).toEqual({
      ...wanted,
      [file]: [head, usersLine(wanted[file] ?? ''), ...rest].join('\n'),
    });
  }
});

it('a series that cannot be read is moved aside, never overwritten, and made again', async () => {
  const garbage = Buffer.from([0x50, 0x4b, 3, 4, 0, 255, 254, 10, 0, 1, 2]);
  for (const dataset of ALL) writeFileSync(work.at('data_cache', fileOf(dataset)), garbage);
  const { code, stderr } = await populate(NAMES);
  expect(code, stderr).toBe(0);
  for (const dataset of ALL) {
    const wanted = seriesOf(dataset, textsNow(dataset), WANTED[dataset.mark]);
    const file = fileOf(dataset);
    expect(readFileSync(work.at('data_cache', file), 'utf8'), file).toBe(wanted[file]);
    const folder = path.dirname(work.at('data_cache', file));
    const aside = readdirSync(folder).filter(
      (name) => name !== path.basename(file) && name.startsWith(path.basename(file)),
    );
    expect(aside.length, file).toBe(1);
    expect(readFileSync(path.join(folder, aside[0] ?? '')).equals(garbage)).toBe(true);
    await work.remove('data_cache', dataset.series, aside[0] ?? '');
  }
});

it('the other change of the clocks, a short day, and a Saturday without a file', async () => {
  const minutes = ALL.filter(({ kind }) => kind === 'minute');
  const names = minutes.map(({ name }) => name).join(',');
  for (const [start, end] of [
    [SPRING[0], SPRING[3]],
    [SHORT, SHORT],
  ] as const) {
    const { code, stdout, stderr } = await populate(names, '--start', start ?? '', '--end', end ?? '');
    expect(code, stderr).toBe(0);
    for (const { problems, dataset } of JSON.parse(stdout).datasets) expect(problems, dataset).toEqual([]);
  }
  const days = [SHORT, ...SPRING, ...DAYS].filter((day) => day !== SPRING[1]);
  for (const dataset of minutes) {
    const texts = textsNow(dataset, dataset.mark === 'X:' ? [...days, SPRING[1] ?? ''].sort() : days);
    if (dataset.mark === 'C:') delete texts[SPRING[1] ?? ''];
    expect(archiveFiles(work, dataset), dataset.name).toEqual(texts);
    expect(seriesFiles(work, dataset), dataset.name).toEqual(seriesOf(dataset, texts, WANTED[dataset.mark]));
  }
  const gaps = await command(work, [
    'gaps',
    '-t',
    'forex_minute',
    '--start',
    '2026-03-06',
    '--end',
    '2026-03-09',
  ]);
  expect(gaps.code, gaps.stdout).toBe(0);
  const bars = await command(work, [
    ...['export', 'BRK.B', '-t', 'stocks_minute', '--bar', '30m', '--session', 'regular'],
    ...['--start', SHORT, '--end', SHORT],
  ]);
  expect(bars.stdout.split('\n').map((line) => line.split(',')[1])).toEqual([
    'Datetime',
    '2025-11-28 09:30:00-05:00',
    '2025-11-28 12:30:00-05:00',
    undefined,
  ]);
});

it('export is the lines of the series', async () => {
  for (const dataset of ALL) {
    const file = fileOf(dataset);
    const ticker = `${dataset.mark}${path.basename(file).replace(/_.*/, '')}`;
    const { code, stdout, stderr } = await command(work, ['export', ticker, '-t', dataset.name]);
    expect(code, stderr).toBe(0);
    const [head, ...lines] = readFileSync(work.at('data_cache', file), 'utf8').trimEnd().split('\n');
    expect(stdout, dataset.name).toBe(
      [`Ticker,${head}`, ...lines.map((line) => `${ticker},${line}`), ''].join('\n'),
    );
  }
});

it('backup holds everything, move-archive takes every folder along, and nothing is fetched again', async () => {
  const before = await getsOf(sandbox);
  const tiers = work.tiers();
  const backup = await command(work, ['backup', path.join(work.root, 'all.tar'), '--json']);
  expect(backup.code, backup.stderr).toBe(0);
  const tar = readFileSync(path.join(work.root, 'all.tar')).toString('latin1');
  for (const { archive } of ALL) expect(tar).toContain(`massive_cache/${archive}2026-10-30.csv.gz`);
  const target = path.join(work.root, 'elsewhere');
  const moved = await command(work, ['move-archive', target]);
  expect(moved.code, moved.stderr).toBe(0);
  for (const dataset of ALL)
    for (const [day, text] of Object.entries(textsNow(dataset)))
      expect(gunzipSync(readFileSync(path.join(target, dataset.archive, `${day}.csv.gz`))).toString()).toBe(
        text,
      );
  const { code, stdout, stderr } = await populate(NAMES);
  expect(code, stderr).toBe(0);
  for (const { days } of JSON.parse(stdout).datasets) expect(days.unchanged).toBe(days.sessions);
  expect((await command(work, ['rebuild', '-t', NAMES])).code).toBe(0);
  expect((await command(work, ['move-archive', work.at('massive_cache')])).code).toBe(0);
  expect(work.tiers()).toEqual(tiers);
  expect(await getsOf(sandbox)).toEqual(before);
});

it('remove --delete and prune touch only their own dataset', async () => {
  const tiers = Object.keys(work.tiers());
  const gone = (files: readonly string[]) => {
    const left = Object.keys(work.tiers());
    return files.filter((file) => !left.includes(file));
  };
  const removed = await command(work, ['remove', 'SPY', '-t', 'options_minute', '--delete', '--yes']);
  expect(removed.code, removed.stderr).toBe(0);
  expect(gone(tiers)).toEqual(['data_cache/options_minute/SPY_1m_data.csv']);
  const left = Object.keys(work.tiers());
  const pruned = await command(work, ['prune', '-t', 'crypto_daily', '--keep-days', '2', '--yes']);
  expect(pruned.code, pruned.stderr).toBe(0);
  expect(gone(left)).toEqual(
    ['2026-10-30', '2026-10-31'].map((day) => `massive_cache/crypto_daily/${day}.csv.gz`),
  );
  const stocks = await command(work, ['prune', '--keep-days', '1', '--yes']);
  expect(stocks.code, stocks.stderr).toBe(0);
  expect(gone(left).length).toBe(3);
  expect(work.has('massive_cache', 'stocks_minute', '2026-10-30.csv.gz')).toBe(true);
  const before = await getsOf(sandbox);
  expect((await populate(NAMES)).code).toBe(0);
  expect(await getsOf(sandbox)).toEqual(before);
});

it('every day of the tests is one that its dataset has', () => {
  expect(ALL.map((dataset) => [...DAYS].filter((day) => isListed(dataset, day)).length)).toEqual([
    ...Array.from({ length: 10 }, () => 2),
    ...[4, 4, 4, 4],
  ]);
});

it('progress.json was lost when the vendor replaced a day: corrected all the same', async () => {
  const datasets = ['stocks_minute', 'crypto_minute', 'options_daily', 'indices_daily'].map(named);
  const names = datasets.map(({ name }) => name).join(',');
  const other = await smallMarket();
  onTestFinished(() => other.close());
  const folder = await filledFolder(other, onTestFinished, names);
  await folder.remove('progress.json');
  // Later than our copies, which are younger than the sandbox's day.
  const lastModified = new Date(Date.now() + 60_000);
  for (const dataset of datasets) {
    const file = folder.at('data_cache', fileOf(dataset));
    const [head, ...lines] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [head, usersLine([head, ...lines].join('\n')), ...lines].join('\n'));
    await other.replace(keyOf(dataset, REPLACED), gzipSync(textOf(dataset, REPLACED, 3)), lastModified);
  }
  const { code, stderr } = await command(folder, ['populate', '-t', names, ...RANGE], other);
  expect(code, stderr).toBe(0);
  for (const dataset of datasets) {
    const texts = { ...textsOf(dataset, DAYS), [REPLACED]: textOf(dataset, REPLACED, 3) };
    const wanted = seriesOf(dataset, texts, WANTED[dataset.mark]);
    const file = fileOf(dataset);
    const [head, ...lines] = (wanted[file] ?? '').split('\n');
    const own = usersLine(wanted[file] ?? '');
    expect(seriesFiles(folder, dataset), dataset.name).toEqual({
      ...wanted,
      [file]: [head, own, ...lines].join('\n'),
    });
  }
});
