/**
 * A trade date's file holds minutes and ticks of the evening before; they are its own, also where another
 * file has lines of the same evening.
 */
import { expect, it } from 'vitest';
import { vendorFolder } from '../../support/vendor-folder.js';
import { HEADER, Workdir } from '../../support/workdir.js';

const MONDAY = '2026-12-07';
const TUESDAY = '2026-12-08';
const RANGE = `--start ${MONDAY} --end ${TUESDAY}`;
const SERIES = 'Datetime,Open,High,Low,Close,Volume\n';

/** `at`: in New York, in winter. */
const nanos = (at: string): string => `${Date.parse(`${at.replace(' ', 'T')}-05:00`) / 1000}000000000`;
const minute = (at: string, volume = 7): string => `BBB,${volume},10,10.5,11,9,${nanos(at)},7\n`;
const line = (at: string, volume = 7): string => `${at}:00-05:00,10,11,9,10.5,${volume}\n`;

const MONDAYS = [
  '2026-12-06 20:00',
  '2026-12-06 23:59',
  '2026-12-07 00:00',
  '2026-12-07 09:30',
  '2026-12-07 19:59',
];
const OUTSIDE = ['2026-12-06 19:59', '2026-12-08 00:00'];
const TUESDAYS = ['2026-12-07 20:00', '2026-12-07 21:00', '2026-12-08 16:00'];
/** Printed after 20:00 for the day that had ended. */
const LATE = '2026-12-07 20:00';

async function filled(): Promise<Workdir> {
  const workdir = await Workdir.make();
  workdir.now = '2026-12-10T20:00:00Z';
  const monday = [...MONDAYS, ...OUTSIDE].map((at) => minute(at)).join('') + minute(LATE, 99);
  await vendorFolder(workdir, {
    [`us_stocks_sip/minute_aggs_v1/${MONDAY}`]: HEADER + monday,
    [`us_stocks_sip/minute_aggs_v1/${TUESDAY}`]:
      HEADER +
      TUESDAYS.toReversed()
        .map((at) => minute(at))
        .join(''),
  });
  return workdir;
}

it('minutes: each in the trade date of its file, sorted; what lies outside is counted and a problem', async () => {
  const workdir = await filled();
  const { code, summary, stderr } = await workdir.populateJson(`-t stocks_minute ${RANGE} --tickers BBB`);
  expect([code, summary.quality.off_date], stderr).toEqual([3, 2]);
  const reason = 'stamped outside the trade date';
  expect(summary.left_out).toEqual([{ day: MONDAY, ticker: 'BBB', line: 7, reason, records: 2 }]);
  const series =
    SERIES +
    MONDAYS.map((at) => line(at)).join('') +
    `"${LATE}:00-05:00",10,11,9,10.5,99\n` +
    TUESDAYS.map((at) => line(at)).join('');
  const read = (): string => workdir.read('data_cache', 'BBB_1m_data.csv');
  expect(read()).toBe(series);

  // Whoever reads the file finds the same days in it.
  expect((await workdir.verb('verify --deep -t stocks_minute')).code).toBe(0);
  expect(await workdir.populateJson(`-t stocks_minute ${RANGE}`)).toMatchObject({
    code: 0,
    summary: { ticker_days: { added: 0, corrected: 0, kept: 0 } },
  });
  const exported = async (args: string) => (await workdir.verb(`export -t stocks_minute BBB ${args}`)).stdout;
  expect(await exported('--bar 1d')).toBe(
    `Ticker,Date,Open,High,Low,Close,Volume\nBBB,${MONDAY},10,11,9,10.5,134\nBBB,${TUESDAY},10,11,9,10.5,21\n`,
  );
  expect(await exported(`--session overnight --bar 1d --start ${TUESDAY}`)).toContain(
    `BBB,${TUESDAY},10,11,9,10.5,14\n`,
  );
  expect(await exported(`--start ${TUESDAY}`)).toBe(
    `Ticker,${SERIES}${TUESDAYS.map((at) => `BBB,${line(at)}`).join('')}`,
  );
  expect((await exported('')).includes('"')).toBe(false);

  for (const again of ['rebuild BBB', 'rebuild --all-tickers', 'add BBB']) {
    await workdir.remove('data_cache/BBB_1m_data.csv');
    expect((await workdir.verb(`${again} -t stocks_minute`)).code).toBe(0);
    expect(read()).toBe(series);
  }
  // A line of the user's in the evening of a day is the next day's, and touches no other.
  await workdir.write('data_cache/BBB_1m_data.csv', SERIES + line('2026-12-08 22:00', 1));
  expect((await workdir.verb('rebuild BBB -t stocks_minute')).code).toBe(0);
  expect(read()).toBe(series + line('2026-12-08 22:00', 1));
});

it('trades: to the nanosecond, and a whole file of another day is a problem that gaps names', async () => {
  const workdir = await Workdir.make();
  workdir.now = '2026-12-10T20:00:00Z';
  const header =
    'ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp\n';
  const trade = (id: number, at: string): string =>
    `BBB,"12,37",0,4,${id},${nanos(at)},10.5,${id},${nanos(at).slice(0, -1)}1,100,1,0,0\n`;
  await vendorFolder(workdir, {
    [`us_stocks_sip/trades_v1/${MONDAY}`]:
      header + trade(1, '2026-12-06 21:00') + trade(2, '2026-12-07 09:30'),
    [`us_stocks_sip/trades_v1/${TUESDAY}`]:
      header + trade(3, '2026-12-09 09:30') + trade(4, '2026-12-09 09:31'),
  });
  const { code, summary } = await workdir.populateJson(`-t stocks_trades ${RANGE} --tickers BBB`);
  expect([code, summary.quality.off_date]).toEqual([3, 2]);
  const lines = workdir.read('data_cache', 'stocks_trades', 'BBB_trades_data.csv').split('\n').slice(1, -1);
  expect(lines.map((text) => text.slice(0, 35))).toEqual([
    '2026-12-06 21:00:00.000000001-05:00',
    '2026-12-07 09:30:00.000000001-05:00',
  ]);
  expect((await workdir.verb('verify --deep -t stocks_trades')).code).toBe(0);
  const { stdout } = await workdir.verb(`gaps -t stocks_trades --end ${TUESDAY}`);
  expect(stdout).toMatch(
    /left out of the series: BBB 2026-12-08 \(line 2: stamped outside the\s+trade date\)/,
  );
});
