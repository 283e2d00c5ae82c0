/** The real command: a table with a column a ticker, and times of one zone. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { datasets, stocksDaily } from '#market/datasets/all.js';
import { seriesColumns } from '#market/datasets/series-form.js';
import { seriesFileName } from '#store/series/file-name.js';
import { type Ended, seriesLine, type Workdir } from '../../support/workdir.js';
import { folderOf } from '../show/folder.js';

const minute = datasets.get('stocks_minute') ?? stocksDaily;
/** Noon of the last day of summer time, of the day on which clocks go back, and of the day after. */
const MINUTES = [
  '2024-11-01 12:00:00-04:00,1,1,1,1,10',
  '2024-11-01 19:59:00-04:00,2,2,2,2,20',
  '2024-11-04 12:00:00-05:00,3,3,3,3,30',
  '',
].join('\n');
const UTC = ['2024-11-01 16:00:00+00:00', '2024-11-01 23:59:00+00:00', '2024-11-04 17:00:00+00:00'];

async function made(): Promise<Workdir> {
  const work = await folderOf({
    NA: seriesLine('2024-06-12', 11) + seriesLine('2024-06-13', 12),
    MSFT: seriesLine('2024-05-31', 10) + seriesLine('2024-06-13', 14),
  });
  for (const ticker of ['AAPL', 'QQQ'])
    await work.write(
      `data_cache/${seriesFileName(ticker, minute.series)}`,
      `${seriesColumns(minute.series).join(',')}\n${MINUTES}`,
    );
  return work;
}

function exportOf(work: Workdir): (args: string) => Promise<Ended> {
  return (args) => work.run(['export', ...args.split(' '), '--data-dir', work.data]);
}

it('has a column a ticker and a row a date, also where one of them has no bar', async () => {
  const work = await made();
  const exported = exportOf(work);
  const close = (day: string, ticker: string): string => {
    const line = work
      .read('data_cache', seriesFileName(ticker, stocksDaily.series))
      .split('\n')
      .find((one) => one.startsWith(day));
    return line?.split(',')[4] ?? '';
  };
  const { code, stdout, stderr } = await exported('NA MSFT --wide');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    [
      'Date,NA,MSFT',
      `2024-05-31,,${close('2024-05-31', 'MSFT')}`,
      `2024-06-12,${close('2024-06-12', 'NA')},`,
      `2024-06-13,${close('2024-06-13', 'NA')},${close('2024-06-13', 'MSFT')}`,
      '',
    ].join('\n'),
  );
  const json = JSON.parse((await exported('NA MSFT --wide --format json --columns VOLUME')).stdout);
  expect(json[0]).toMatchObject({ date: '2024-05-31', NA: null });
  expect(typeof json[0].MSFT).toBe('number');
  expect((await exported('NA MSFT --wide --end 2020-01-01')).stdout).toBe('Date,NA,MSFT\n');
});

it('writes times of one zone on both sides of a clock change, in each shape', async () => {
  const exported = exportOf(await made());
  const stamps = (text: string, at: number): readonly (string | undefined)[] =>
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[at]);
  const long = await exported('AAPL -t stocks_minute --tz utc');
  expect([long.code, stamps(long.stdout, 1)]).toEqual([0, UTC]);
  const wide = await exported('AAPL QQQ -t stocks_minute --tz UTC --wide');
  expect(stamps(wide.stdout, 0)).toEqual(UTC);
  const berlin = await exported('AAPL -t stocks_minute --bar 5m --tz Europe/Berlin');
  expect(stamps(berlin.stdout, 1)).toEqual([
    '2024-11-01 17:00:00+01:00',
    '2024-11-02 00:55:00+01:00',
    '2024-11-04 18:00:00+01:00',
  ]);
});

it('the setting changes what is written out and no series, and leaves days alone', async () => {
  const work = await made();
  const exported = exportOf(work);
  const file = work.at('data_cache', seriesFileName('AAPL', minute.series));
  const before = readFileSync(file, 'utf8');
  await work.write('barloom.json', '{"timeZone": "UTC"}\n');
  expect((await exported('AAPL -t stocks_minute')).stdout).toContain(`AAPL,${UTC[0]},1,`);
  const flag = await exported('AAPL -t stocks_minute --tz America/New_York');
  expect(flag.stdout).toContain('AAPL,2024-11-01 12:00:00-04:00,1,');
  expect((await exported('MSFT')).stdout).toContain('MSFT,2024-05-31,');
  expect(readFileSync(file, 'utf8')).toBe(before);
});

it.each([
  ['MSFT --tz UTC', '--tz is the time zone of times'],
  ['AAPL -t stocks_minute --tz Mars/Base', '--tz must be a time zone such as UTC'],
  ['AAPL -t stocks_minute --tz +05:00', '--tz must be a time zone such as UTC'],
  ['MSFT --wide --columns close,volume', '--wide is a table of one value'],
  ['SPY --wide -t options_daily', '--wide has a column a ticker, of bars, and options_daily has none'],
])('%s is refused', async (args, message) => {
  const { code, stdout, stderr } = await exportOf(await made())(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
});
