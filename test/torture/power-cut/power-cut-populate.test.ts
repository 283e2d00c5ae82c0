/** The power goes while days are fetched and woven into the series. */
import { expect, it } from 'vitest';
import { keyOf, market, SERIES_HEADER, seriesLine, Workdir } from '../../support/workdir.js';
import { sampled, technique } from '../technique.js';
import { placesOf } from './power-cut.js';
import { type Scenario, survivesPowerCuts } from './power-cut-check.js';

const t = technique('power cuts while populating');

const RANGE = '--start 2024-06-05 --end 2024-06-13';
const FEW = '--tickers AAPL,MSFT,NVDA';
const OLD = '2024-05-01';
const SERIES = 'AAPL_1d_data.csv';

async function fresh(args: string, sandboxTickers = 150): Promise<Scenario> {
  const work = await Workdir.make(await market({ tickers: sandboxTickers }));
  return { work, folders: placesOf(work), run: (options) => work.populate(args, options) };
}

async function prepared(
  first: string,
  args: string,
  between: (work: Workdir, replace: (day: string) => Promise<void>) => Promise<unknown>,
): Promise<Scenario> {
  const sandbox = await market({ tickers: 150 });
  const work = await Workdir.make(sandbox);
  const { code, stderr } = await work.populate(first);
  expect(code, stderr).toBe(0);
  // Later than our copies: by that alone they are known to be outdated where progress.json is lost.
  await between(work, (day) => sandbox.replace(keyOf(day), 'corrected', new Date()));
  return { work, folders: placesOf(work), run: (options) => work.populate(args, options) };
}

const SCENARIOS: Readonly<Record<string, () => Promise<Scenario>>> = {
  'a first run': async () => ({ ...(await fresh(`${RANGE} ${FEW}`)), light: true }),
  'a first run without an archive': async () => ({
    ...(await fresh(`${RANGE} ${FEW} --no-save-others`)),
    light: true,
  }),
  'a first run for every ticker, one barrier for hundreds of files': () =>
    fresh(`${RANGE} --all-tickers`, 420),
  'a first run that is killed twice and goes on': async () => ({
    ...(await fresh(`${RANGE} ${FEW}`)),
    kills: [
      { calls: ['rename'], path: 'csv.gz$', at: 2, what: 'kill-after' },
      { calls: ['rename'], path: 'AAPL', at: 1, what: 'kill-after' },
    ],
  }),
  'rows and files of the user': async () => {
    const scenario = await fresh(`${RANGE} ${FEW}`);
    const row = seriesLine(OLD, 7);
    await scenario.work.write(`data_cache/${SERIES}`, SERIES_HEADER + row);
    await scenario.work.write(
      'data_cache/MSFT_1d_data.csv',
      `Date,Open,High,Low,Close,Volume,Note\n${row.trim()},bought\n`,
    );
    await scenario.work.write('data_cache/NVDA_1d_data.csv', `Date,Open,High,Low,Close,Volume\n${row}\0\0\0`);
    return {
      ...scenario,
      userRows: { [SERIES]: [row], 'MSFT_1d_data.csv': [`${row.trim()},bought`], 'NVDA_1d_data.csv': [row] },
    };
  },
  'days that the vendor replaced': () =>
    prepared(`${RANGE} ${FEW}`, `${RANGE} ${FEW} --recheck`, async (_, replace) => {
      for (const day of ['2024-06-06', '2024-06-12']) await replace(day);
    }),
  'replaced days without an archive': () =>
    prepared(
      `${RANGE} ${FEW} --no-save-others`,
      `${RANGE} ${FEW} --no-save-others --recheck`,
      async (_, replace) => {
        for (const day of ['2024-06-06', '2024-06-12']) await replace(day);
      },
    ),
  'replaced days once progress.json is lost': () =>
    prepared(`${RANGE} ${FEW}`, `${RANGE} ${FEW} --recheck`, async (work, replace) => {
      for (const day of ['2024-06-06', '2024-06-12']) await replace(day);
      await work.remove('progress.json');
    }),
};

// The model's paths are POSIX's, and so is what a sync of a folder means.
it.skipIf(process.platform === 'win32').each(sampled(Object.entries(SCENARIOS), 5))(
  '%s',
  { timeout: 3_600_000 },
  async (_, make) => {
    await survivesPowerCuts(t, await make());
  },
);
