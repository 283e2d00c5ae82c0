/**
 * The power goes while a folder that is there already is worked on: add, remove, rebuild, verify, prune and
 * their sisters.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { market, SERIES_HEADER, seriesLine, Workdir } from '../../support/workdir.js';
import { sampled, technique } from '../technique.js';
import { placesOf } from './power-cut.js';
import { type Scenario, survivesPowerCuts } from './power-cut-check.js';

const t = technique('power cuts while a folder is kept up');

const RANGE = '--start 2024-06-05 --end 2024-06-13';
const DAY = 'massive_cache/2024-06-06.csv.gz';
const SERIES = 'AAPL_1d_data.csv';
const ROW = seriesLine('2024-05-01', 7);

/**
 * A folder that `first` filled and `between` changed, and what is done to it; `args` after the verb's own
 * data folder.
 */
async function prepared(
  first: string,
  verb: string,
  between: (work: Workdir) => Promise<unknown> = async () => undefined,
  tickers = 150,
): Promise<Scenario> {
  const sandbox = await market({ tickers });
  const work = await Workdir.make(sandbox);
  const { code, stderr } = await work.populate(first);
  expect(code, stderr).toBe(0);
  await between(work);
  const endpoint = /^(backfill|nightly|verify)/.test(verb) ? ` --endpoint ${sandbox.endpoint}` : '';
  return { work, folders: placesOf(work), run: (options) => work.verb(`${verb}${endpoint}`, options) };
}

const THREE = `${RANGE} --tickers AAPL,MSFT,NVDA`;
const userRow = { [SERIES]: [ROW.trim()] };

async function withUserRow(work: Workdir): Promise<void> {
  await work.write(
    `data_cache/${SERIES}`,
    SERIES_HEADER + ROW + work.series('AAPL').slice(SERIES_HEADER.length),
  );
}

async function flip(work: Workdir, name: string, at: number): Promise<void> {
  const bytes = await readFile(work.at(name));
  bytes[at] = (bytes[at] as number) ^ 0x10;
  await work.write(name, bytes);
}

const SCENARIOS: Readonly<Record<string, () => Promise<Scenario>>> = {
  'add a few': async () => ({
    light: true,
    ...(await prepared(`${RANGE} --archive-only`, 'add AAPL MSFT', (work) =>
      work.write(`data_cache/${SERIES}`, SERIES_HEADER + ROW),
    )),
    userRows: userRow,
  }),
  'add hundreds': async () => {
    const scenario = await prepared(`${RANGE} --archive-only`, 'add --file many.txt', undefined, 420);
    const listed = await scenario.work.verb('tickers');
    const many = listed.stdout
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[0] ?? '')
      .filter((name) => /^[A-Z]{2,5}$/.test(name));
    await scenario.work.write(path.join(scenario.work.root, 'many.txt'), many.join('\n'));
    return { ...scenario, light: true };
  },
  'remove --delete': async () => ({
    ...(await prepared(THREE, 'remove MSFT --delete --yes')),
    light: true,
    codesAgain: [2],
  }),
  rebuild: async () => ({
    light: true,
    ...(await prepared(THREE, 'rebuild AAPL MSFT', async (work) => {
      await withUserRow(work);
      await work.write('data_cache/MSFT_1d_data.csv', SERIES_HEADER + seriesLine('2024-06-07', 1));
    })),
    userRows: userRow,
  }),
  'rebuild --all-tickers': async () => ({
    ...(await prepared(THREE, 'rebuild --all-tickers', withUserRow, 420)),
    userRows: userRow,
  }),
  'verify --deep --repair': async () => ({
    ...(await prepared(THREE, 'verify --deep --repair', async (work) => {
      await withUserRow(work);
      await flip(work, DAY, 2_000);
      await flip(work, 'massive_cache/.toc/2024-06', 600);
      await work.write(
        'data_cache/MSFT_1d_data.csv',
        `${SERIES_HEADER}${ROW}\0\0\0\n${seriesLine('2024-06-06', 1)}`,
      );
      await work.write('data_cache/NVDA_1d_data.csv', SERIES_HEADER + seriesLine('2024-06-07', 1));
    })),
    userRows: {
      ...userRow,
      'MSFT_1d_data.csv': [ROW.trim()],
      'NVDA_1d_data.csv': [seriesLine('2024-06-07', 1).trim()],
    },
    onlyLooks: true,
  }),
  prune: async () => ({
    ...(await prepared(
      `--start 2024-05-29 --end 2024-06-13 --tickers AAPL`,
      'prune --keep-days 7 --yes',
      withUserRow,
    )),
    userRows: userRow,
    onlyLooks: true,
  }),
  backfill: async () => ({
    ...(await prepared(THREE, 'backfill', async (work) => {
      await work.remove(DAY);
      await work.remove('data_cache', 'MSFT_1d_data.csv');
    })),
    onlyLooks: true,
  }),
  'gaps --accept': async () => ({
    ...(await prepared(THREE, 'gaps --accept 2024-06-06 --reason because', (work) => work.remove(DAY))),
    codeOfVerify: 7,
    light: true,
  }),
  nightly: async () => ({ ...(await prepared(THREE, 'nightly')), light: true }),
  'move-archive on the same drive': async () => {
    const scenario = await prepared(THREE, 'doctor');
    const target = path.join(scenario.work.root, 'moved');
    return {
      ...scenario,
      folders: placesOf(scenario.work, target),
      light: true,
      run: (options) =>
        scenario.work.run(['move-archive', target, '--data-dir', scenario.work.data], options),
      codesAgain: [2],
    };
  },
  'move-archive to another drive': async () => {
    const scenario = await prepared(THREE, 'doctor');
    // Where there is no such drive the archive is renamed, as above.
    const drive = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'barloom-drive-'));
    onTestFinished(() => rm(drive, { recursive: true, force: true }));
    const target = path.join(drive, 'moved');
    return {
      ...scenario,
      folders: placesOf(scenario.work, drive),
      run: (options) =>
        scenario.work.run(['move-archive', target, '--data-dir', scenario.work.data], options),
      codesAgain: [2],
    };
  },
};

// The model's paths are POSIX's, and so is what a sync of a folder means.
it.skipIf(process.platform === 'win32').each(sampled(Object.entries(SCENARIOS), 6))(
  '%s',
  { timeout: 3_600_000 },
  async (_, make) => {
    await survivesPowerCuts(t, await make());
  },
);
