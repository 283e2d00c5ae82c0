/**
 * A record that is no bar, or stands on another day, is in no series, and never confused with a day without a
 * trade.
 */
import { expect, it } from 'vitest';
import type { JsonDocument } from '#cli/output/json-document.js';
import { vendorFolder } from '../../support/vendor-folder.js';
import { barLine, HEADER, Workdir } from '../../support/workdir.js';

const DAYS = ['2024-06-03', '2024-06-04', '2024-06-05', '2024-06-06'];
/** Open above high. */
const BAD = 'BAD,100,10,9,9.5,8,1718251200000000000,7\n';

async function json(workdir: Workdir, args: string) {
  const { code, stdout } = await workdir.verb(`${args} --json`);
  return { code, dataset: (JSON.parse(stdout) as JsonDocument).datasets[0] as unknown as Dataset };
}

interface Dataset {
  readonly tickers: readonly { readonly gaps: readonly Readonly<Record<string, unknown>>[] }[];
  readonly left_out: readonly Readonly<Record<string, unknown>>[];
  readonly sessions?: number;
  readonly left_out_unread?: number;
  readonly left_out_records?: number;
  readonly left_out_days?: number;
}

it('gaps, show and verify tell the line and the reason, also out of the archive alone', async () => {
  const workdir = await Workdir.make();
  const text = (day: string): string =>
    HEADER + barLine('AAPL') + (day === '2024-06-03' || day === '2024-06-06' ? barLine('BAD') : BAD);
  await vendorFolder(
    workdir,
    Object.fromEntries(DAYS.map((day) => [`us_stocks_sip/day_aggs_v1/${day}`, text(day)])),
  );
  const { summary } = await workdir.populateJson('--start 2024-06-03 --end 2024-06-06 --tickers AAPL,BAD');
  const found = ['2024-06-04', '2024-06-05'].map((day) => ({
    ...{ day, ticker: 'BAD', line: 3, reason: 'open or close is outside low and high', records: 1 },
  }));
  expect(summary.left_out).toEqual(found);
  for (const progress of ['kept', 'lost']) {
    if (progress === 'lost') {
      await workdir.remove('progress.json');
      await workdir.populate('--start 2024-06-03 --end 2024-06-06');
    }
    const gaps = (await json(workdir, 'gaps --end 2024-06-06')).dataset.tickers.flatMap((one) => one.gaps);
    expect(gaps).toMatchObject([{ start: '2024-06-04', end: '2024-06-05', sessions: 2, state: 'left-out' }]);
    expect(gaps[0]?.['reason']).toContain('line 3: open or close is outside low and high');
    expect((await json(workdir, 'verify --deep')).dataset.left_out).toEqual(found);
    expect((await json(workdir, 'show BAD')).dataset.left_out).toMatchObject([{ line: 3 }, { line: 3 }]);
    const all = await json(workdir, 'gaps --end 2024-06-06');
    expect([all.dataset.left_out, all.dataset.left_out_unread]).toEqual([found, 0]);
    expect((await json(workdir, 'verify')).dataset.left_out).toEqual(found);
    const status = (await json(workdir, 'status')).dataset;
    expect([status.left_out_records, status.left_out_days, status.left_out]).toEqual([2, 2, found.slice(1)]);
    const reason = 'open or close is outside low and high';
    expect((await workdir.verb('show BAD')).stdout.replace(/\s+/g, ' ')).toContain(
      `left out 2024-06-04 (line 3: ${reason}), 2024-06-05 (line 3: ${reason})`,
    );
    expect((await workdir.verb('status')).stdout.replace(/\s+/g, ' ')).toContain(
      '2 records on 2 days left out of the series: newest of BAD 2024-06-05',
    );
  }
});

it('show tells of a record that was left out also where the day has a row', async () => {
  const workdir = await Workdir.make();
  await vendorFolder(workdir, {
    'us_stocks_sip/day_aggs_v1/2024-06-03': HEADER + barLine('AAPL') + barLine('BAD') + BAD,
  });
  await workdir.populate('--start 2024-06-03 --end 2024-06-03 --tickers AAPL,BAD');
  const { sessions, left_out: leftOut } = (await json(workdir, 'show BAD')).dataset;
  expect([sessions, leftOut]).toEqual([1, [expect.objectContaining({ day: '2024-06-03', line: 4 })]]);
  expect((await json(workdir, 'show AAPL')).dataset.left_out).toEqual([]);
});

it('every minute is looked at: those of another day are counted by ticker, and the exit code says so', async () => {
  const workdir = await Workdir.make();
  const minute = (ticker: string, instant: string): string =>
    `${ticker},100,10,10.5,11,9,${Date.parse(instant) / 1000}000000000,7\n`;
  const lines = [
    minute('AAPL', '2024-06-03T13:30:00Z'),
    minute('AAPL', '2024-06-04T14:00:00Z'),
    minute('AAPL', '2024-06-03T14:30:00Z'),
    minute('MSFT', '2024-06-02T14:00:00Z'),
    minute('MSFT', '2024-06-03T14:00:00Z'),
  ];
  await vendorFolder(workdir, { 'us_stocks_sip/minute_aggs_v1/2024-06-03': HEADER + lines.join('') });
  const { code, summary } = await workdir.populateJson(
    '-t stocks_minute --start 2024-06-03 --end 2024-06-03 --tickers AAPL,MSFT',
  );
  expect([code, summary.quality.off_date]).toEqual([3, 2]);
  const reason = 'stamped outside the trade date';
  expect(summary.left_out).toEqual([
    { day: '2024-06-03', ticker: 'AAPL', line: 3, reason, records: 1 },
    { day: '2024-06-03', ticker: 'MSFT', line: 5, reason, records: 1 },
  ]);
  expect((await json(workdir, 'gaps -t stocks_minute --end 2024-06-03')).dataset.left_out).toHaveLength(2);
});

it('a day whose record was lost behind its file: gaps and verify look again, and populate learns it', async () => {
  const workdir = await Workdir.make();
  await vendorFolder(workdir, { 'us_stocks_sip/day_aggs_v1/2024-06-04': HEADER + barLine('AAPL') + BAD });
  const range = '--start 2024-06-04 --end 2024-06-04';
  await workdir.populate(`${range} --tickers AAPL,BAD`);
  const known = workdir.read('progress.json');
  await workdir.write('progress.json', known.replace(/"left_out":\[[^\]]*\],/, ''));
  expect(workdir.read('progress.json')).not.toBe(known);
  for (const verb of ['gaps --end 2024-06-04', 'verify'])
    expect((await json(workdir, verb)).dataset.left_out).toMatchObject([{ ticker: 'BAD', line: 3 }]);
  await workdir.remove('progress.json');
  await workdir.populate(range);
  expect(workdir.read('progress.json')).toContain('"left_out":[{"ticker":"BAD"');
});
