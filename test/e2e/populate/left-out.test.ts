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
  }
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
