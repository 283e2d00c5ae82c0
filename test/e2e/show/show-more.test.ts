/** The real command on several tickers, on minutes, and on an option contract. */
import { expect, it } from 'vitest';
import { datasets, stocksDaily } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { seriesColumns } from '#market/datasets/series-form.js';
import { seriesFileName } from '#store/series/file-name.js';
import { type Ended, seriesLine, type Workdir } from '../../support/workdir.js';
import { folderOf } from './folder.js';

const minute = datasets.get('stocks_minute') ?? stocksDaily;
const options = datasets.get('options_daily') ?? stocksDaily;
const CONTRACT = 'O:SPY241220C00660000';

function show(work: Workdir, args: string): Promise<Ended> {
  return work.run(['show', ...args.split(' '), '--data-dir', work.data]);
}

async function write(
  work: Workdir,
  { series, seriesFolder }: Dataset,
  ticker: string,
  lines: readonly string[],
) {
  const file = ['data_cache', seriesFolder, seriesFileName(ticker, series)].filter(Boolean).join('/');
  await work.write(file, `${[seriesColumns(series).join(','), ...lines].join('\n')}\n`);
}

it('several, one below the other; one that nobody knows refuses them all', async () => {
  const work = await folderOf({ AAPL: seriesLine('2024-06-13', 10), MSFT: seriesLine('2024-06-13', 20) });
  const both = await show(work, 'AAPL MSFT');
  expect(both.code).toBe(0);
  expect(both.stdout.match(/^(?:AAPL|MSFT) {2}stocks_daily/gm)).toEqual([
    'AAPL  stocks_daily',
    'MSFT  stocks_daily',
  ]);
  const json = JSON.parse((await show(work, 'MSFT AAPL --json')).stdout);
  expect(json.datasets.map(({ ticker }: { ticker: string }) => ticker)).toEqual(['MSFT', 'AAPL']);
  const wrong = await show(work, 'AAPL MSTF');
  expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  expect(wrong.stderr).toContain('did you mean MSFT?');
});

it('of minutes the last rows have times, in any width and zone', async () => {
  const work = await folderOf({});
  const at = (clock: string, close: number): string => `2024-06-13 ${clock}:00-04:00,1,9,1,${close},10`;
  await write(work, minute, 'AAPL', [at('09:30', 2), at('09:31', 3), at('09:35', 4), at('15:59', 5)]);
  const plain = await show(work, 'AAPL -t stocks_minute');
  expect(plain.code).toBe(0);
  expect(plain.stdout).toMatch(/^ +New York +Open/m);
  expect(plain.stdout).toMatch(/^ +2024-06-13 15:59 +1 +9 +1 +5 +\+25\.00 % +10$/m);
  const wider = JSON.parse((await show(work, 'AAPL -t stocks_minute --bar 5m --tz UTC --json')).stdout);
  expect(
    wider.datasets[0].last_bars.map(({ time, close }: Record<string, unknown>) => [time, String(close)]),
  ).toEqual([
    ['2024-06-13 13:30:00+00:00', '3'],
    ['2024-06-13 13:35:00+00:00', '4'],
    ['2024-06-13 19:55:00+00:00', '5'],
  ]);
  expect((await show(work, 'AAPL -t stocks_minute --bar 1d')).code).toBe(2);
});

it('a contract is found among those of its underlying, and no other', async () => {
  const work = await folderOf({});
  const line = (day: string, right: string, close: number): string =>
    `${day},SPY241220${right}00660000,2024-12-20,${right},660,1,9,1,${close},10`;
  await write(work, options, 'O:SPY', [
    line('2024-06-12', 'C', 2),
    line('2024-06-12', 'P', 7),
    line('2024-06-13', 'C', 3),
  ]);
  const json = JSON.parse((await show(work, `${CONTRACT} -t options_daily --json`)).stdout);
  expect(json.datasets[0]).toMatchObject({ ticker: CONTRACT, sessions: 2, read_from: 'series' });
  expect(json.datasets[0].rows.map(({ close }: { close: unknown }) => String(close))).toEqual(['2', '3']);
  const none = await show(work, 'O:SPY241220P00001000 -t options_daily');
  expect([none.code, none.stdout]).toEqual([2, '']);
  const all = await show(work, 'SPY -t options_daily');
  expect(all.code).toBe(2);
  expect(all.stderr.replaceAll(/\s+/g, ' ')).toContain('O:SPY is no option contract');
});
