/** export --columns: the vendor's own columns, of days and of minutes, digit by digit. */
import { expect, it } from 'vitest';
import { vendorFolder } from '../../support/vendor-folder.js';
import { HEADER, Workdir } from '../../support/workdir.js';

const DAYS = ['2024-06-03', '2024-06-04'];
const noon = (day: string): string => `${Date.parse(`${day}T16:00:00Z`) / 1000}000000000`;
const line = (ticker: string, day: string, open: string, transactions: string): string =>
  `${ticker},100.500000,${open},10.5,11,9,${noon(day)},${transactions}\n`;

it('columns by name and in their order, also where there is a series; of double bars the last', async () => {
  const workdir = await Workdir.make();
  const text = (day: string): string =>
    HEADER +
    line('AAPL', day, '9.5', '1') +
    line('AAPL', day, '10.250000', '7') +
    line('MSFT', day, '10', '');
  await vendorFolder(
    workdir,
    Object.fromEntries(
      DAYS.flatMap((day) =>
        ['day_aggs_v1', 'minute_aggs_v1'].map((kind) => [`us_stocks_sip/${kind}/${day}`, text(day)]),
      ),
    ),
  );
  const range = `--start ${DAYS[0]} --end ${DAYS[1]}`;
  for (const name of ['stocks_daily', 'stocks_minute'])
    expect((await workdir.populate(`-t ${name} ${range} --tickers AAPL`)).code).toBe(0);
  const exported = (args: string) => workdir.verb(`export ${args}`);

  const days = await exported('AAPL MSFT --columns transactions,open,Window_Start');
  expect([days.code, days.stdout]).toEqual([
    0,
    `Ticker,Date,transactions,Open,window_start\n${DAYS.map((day) => `AAPL,${day},7,10.25,${noon(day)}\n`).join('')}` +
      DAYS.map((day) => `MSFT,${day},,10,${noon(day)}\n`).join(''),
  ]);
  expect(days.stderr).toContain('MSFT has no series');
  const minutes = await exported(`AAPL -t stocks_minute --columns transactions,volume --start ${DAYS[1]}`);
  expect(minutes.stdout).toBe(
    `Ticker,Datetime,transactions,Volume\nAAPL,${DAYS[1]} 12:00:00-04:00,7,100.5\n`,
  );
  const json = await exported('MSFT --columns transactions,close --format ndjson --end 2024-06-03');
  expect(json.stdout).toBe('{"ticker":"MSFT","date":"2024-06-03","transactions":null,"close":10.5}\n');

  for (const [args, sentence] of [
    ['AAPL --columns close,vwap', "--columns vwap: the vendor's files of stocks_daily have volume, open,"],
    ['AAPL --columns close --bar 1w', '--bar makes others of them'],
    ['AAPL --columns close --start 2024-06-10', 'which holds no day of stocks_daily in this range'],
  ] as const) {
    const refused = await exported(args);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain(sentence);
  }
});
