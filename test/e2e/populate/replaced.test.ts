/** What the vendor replaces, lacks, denies and takes away. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import {
  addsUp,
  barLine,
  dayObjects,
  getsOf,
  HEADER,
  keyOf,
  market,
  SERIES_HEADER,
  seriesLine,
  statesOf,
  Workdir,
} from '../../support/workdir.js';

/** 2024-06-12 is unsettled on 2024-06-14, 2024-05-01 is settled. */
const [FRESH, SETTLED] = ['2024-06-12', '2024-05-01'];
const OLD = HEADER + barLine('AAPL', 10) + barLine('GONE', 20) + barLine('MSFT', 30) + barLine('OTHER', 5);
const NEW = HEADER + barLine('AAPL', 11) + barLine('MSFT', 30) + barLine('NEW', 40) + barLine('OTHER', 5.25);
const TICKERS = '--tickers AAPL,GONE,MSFT,NEW';

async function twoDays(
  options = '',
): Promise<{ work: Workdir; sandbox: Awaited<ReturnType<typeof market>> }> {
  const sandbox = await market({ objects: dayObjects({ [FRESH]: OLD, [SETTLED]: OLD }) });
  const work = await Workdir.make(sandbox);
  for (const day of [FRESH, SETTLED]) {
    const { code, stderr } = await work.populate(`--start ${day} --end ${day} ${TICKERS} ${options}`);
    expect(code, stderr).toBe(0);
  }
  return { work, sandbox };
}

it.each([
  ['a day that is not settled', FRESH, ''],
  ['a settled day with --recheck', SETTLED, '--recheck'],
])('%s is fetched again when replaced: archive and series corrected, and told', async (_, day, options) => {
  const { work, sandbox } = await twoDays();
  await sandbox.replace(keyOf(day), gzipSync(NEW));
  const one = `--start ${day} --end ${day}`;
  if (options !== '') {
    // Without being told to, a settled day is not asked about.
    expect((await work.populateJson(one)).summary.requests).toMatchObject({ list: 0, get: 0 });
  }
  const { code, summary, stderr } = await work.populateJson(`${one} ${options}`);
  expect(code, stderr).toBe(0);
  expect(summary.days).toMatchObject({ fetched: 1 });
  expect(summary.replaced).toEqual([
    {
      day,
      added: 1,
      removed: 1,
      changed: 2,
      largest: { ticker: 'AAPL', closeBefore: '10.5', closeAfter: '11.5' },
    },
  ]);
  expect(summary.ticker_days).toMatchObject({ added: 1, corrected: 2, unchanged: 1, kept: 0 });
  expect(work.archiveText(day)).toBe(NEW);
  const other = (line: string) => (day === FRESH ? line : '');
  const tail = (line: string) => (day === FRESH ? '' : line);
  expect(work.series('AAPL')).toBe(
    SERIES_HEADER + other(seriesLine(SETTLED, 10)) + seriesLine(day, 11) + tail(seriesLine(FRESH, 10)),
  );
  expect(work.series('NEW')).toBe(SERIES_HEADER + seriesLine(day, 40));
  expect(work.series('GONE')).toBe(SERIES_HEADER + seriesLine(day === FRESH ? SETTLED : FRESH, 20));
  expect((await getsOf(sandbox))[keyOf(day)]).toBe(2);

  // And then it is done.
  const again = await work.populateJson(`${one} ${options}`);
  expect(again.summary.days).toMatchObject({ unchanged: 1 });
  expect(again.summary.requests.get).toBe(0);
});

it('the same text compressed anew changes the record and nothing else', async () => {
  const { work, sandbox } = await twoDays();
  const tiers = work.tiers();
  await sandbox.replace(keyOf(FRESH), gzipSync(OLD, { level: 1 }));
  const { code, summary } = await work.populateJson(`--start ${FRESH} --end ${FRESH}`);
  expect(code).toBe(0);
  expect(summary.replaced).toEqual([]);
  expect(summary.ticker_days).toMatchObject({ added: 0, corrected: 0 });
  expect(work.tiers()).toEqual(tiers);
});

it('a row that the user edited stays, also when the vendor replaces that day', async () => {
  const { work, sandbox } = await twoDays();
  const edited = work.series('AAPL').replace(seriesLine(FRESH, 10), `${FRESH},1,1,1,1,1\n`);
  await work.write('data_cache/AAPL_1d_data.csv', edited);
  await sandbox.replace(keyOf(FRESH), gzipSync(NEW));
  const { code, summary } = await work.populateJson(`--start ${FRESH} --end ${FRESH}`);
  expect(code).toBe(0);
  expect(summary.ticker_days).toMatchObject({ kept: 1, corrected: 1 });
  expect(work.series('AAPL')).toBe(edited);
  expect(work.series('GONE')).not.toContain(FRESH);
});

it('without an archive the series are corrected too', async () => {
  const { work, sandbox } = await twoDays('--no-save-others');
  await sandbox.replace(keyOf(FRESH), gzipSync(NEW));
  const { code, summary, stderr } = await work.populateJson(
    `--start ${FRESH} --end ${FRESH} --no-save-others`,
  );
  expect(code, stderr).toBe(0);
  expect(summary.ticker_days).toMatchObject({ added: 1, corrected: 2, unchanged: 1 });
  expect(work.series('AAPL')).toBe(SERIES_HEADER + seriesLine(SETTLED, 10) + seriesLine(FRESH, 11));
  expect(work.series('GONE')).toBe(SERIES_HEADER + seriesLine(SETTLED, 20));
});

it('a ticker that was not asked for when the day was replaced is corrected when it is asked for again', async () => {
  const { work, sandbox } = await twoDays();
  await work.write('only.txt', 'MSFT\n');
  await work.remove('tracked.txt');
  await sandbox.replace(keyOf(FRESH), gzipSync(NEW));
  const one = `--start ${FRESH} --end ${FRESH}`;
  expect((await work.populate(`${one} --ticker-files only.txt`)).code).toBe(0);
  expect(work.series('AAPL')).toContain(seriesLine(FRESH, 10));
  const { code, summary } = await work.populateJson(`${one} ${TICKERS}`);
  expect(code).toBe(0);
  expect(summary.requests.get).toBe(0);
  expect(work.series('AAPL')).toBe(SERIES_HEADER + seriesLine(SETTLED, 10) + seriesLine(FRESH, 11));
  expect(work.series('GONE')).toBe(SERIES_HEADER + seriesLine(SETTLED, 20));
});

it('a session that is missing: 3, told, asked for again; one that is pending: no error', async () => {
  const sandbox = await market({ missing: ['2024-05-07', '2024-05-08'] });
  const work = await Workdir.make(sandbox);
  const range = '--start 2024-05-06 --end 2024-05-10';
  for (let run = 0; run < 2; run++) {
    const { code, summary } = await work.populateJson(`${range} --tickers AAPL`);
    expect(code).toBe(3);
    expect(addsUp(summary)).toBe(true);
    expect(summary.days).toMatchObject({ sessions: 5, missing: 2 });
    expect(statesOf(summary)).toEqual({ '2024-05-07': 'missing', '2024-05-08': 'missing' });
  }
  await sandbox.replace(keyOf('2024-05-07'), gzipSync(OLD));
  const { code, summary } = await work.populateJson(range);
  expect(code).toBe(3);
  expect(summary.days).toMatchObject({ fetched: 1, unchanged: 3, missing: 1 });
  expect(work.series('AAPL').split('\n').length).toBe(6);

  const pending = await work.populateJson('--start 2024-06-13 --end 2024-06-14');
  expect(pending.code).toBe(0);
  expect(pending.summary.days).toMatchObject({ fetched: 1, pending: 1 });
});

it('a session whose file is late is pending until a day has passed, then missing', async () => {
  const sandbox = await market({ missing: ['2024-06-12'] });
  const work = await Workdir.make(sandbox);
  const one = '--start 2024-06-12 --end 2024-06-12 --tickers AAPL';
  work.now = '2024-06-14T14:59:00Z'; // 10:59 in New York
  const pending = await work.populateJson(one);
  expect([pending.code, pending.summary.days.pending]).toEqual([0, 1]);
  work.now = '2024-06-14T15:01:00Z';
  const missing = await work.populateJson(one);
  expect([missing.code, missing.summary.days.missing]).toEqual([3, 1]);
});

it("below the plan's floor: the edge is found in few requests, told in one sentence, and costs one probe next time", async () => {
  const sandbox = await market({ denied: [{ end: '2024-02-20' }] });
  const work = await Workdir.make(sandbox);
  const range = '--start 2023-06-01 --end 2024-05-31 --tickers AAPL';
  const { code, summary } = await work.populateJson(range);
  expect(code).toBe(3);
  expect(addsUp(summary)).toBe(true);
  const refused = summary.days.denied;
  expect(refused).toBeGreaterThan(170);
  expect(summary.days.fetched).toBe(summary.days.sessions - refused);
  expect(summary.requests.get - summary.days.fetched).toBeLessThan(12);
  expect(summary.problems.every(({ state, day }) => state === 'denied' && day <= '2024-02-20')).toBe(true);
  // One sentence for all of them, also of those that were tried.
  expect(new Set(summary.problems.map(({ reason }) => reason))).toEqual(
    new Set(['the keys may not read it: the first day that they may is 2024-02-21']),
  );

  const next = await work.populateJson(range);
  expect(next.code).toBe(3);
  expect(next.summary.requests.get).toBe(1);
  expect(next.summary.days).toMatchObject({ denied: refused, unchanged: summary.days.fetched });
  const shown = await work.populate(range);
  expect(shown.stdout.replace(/\s+/g, ' ')).toContain('the first day that they may is 2024-02-21');
  expect(shown.stdout.match(/denied 20/g)?.length).toBe(1);
  expect(shown.stdout).toContain('later --start');
});

it('nothing may be read: 4, in a few requests, and again in one', async () => {
  const sandbox = await market({ denied: [{ end: '2024-12-31' }] });
  const work = await Workdir.make(sandbox);
  const { code, summary } = await work.populateJson('--start 2024-03-01 --end 2024-05-31 --tickers AAPL');
  expect(code).toBe(4);
  expect(summary.days.denied).toBe(summary.days.sessions);
  expect(summary.requests.get).toBe(2);
  const next = await work.populateJson('--start 2024-03-01 --end 2024-05-31');
  expect(next.code).toBe(4);
  expect(next.summary.requests.get).toBe(1);
  expect(work.tiers()).toEqual({});
});

it('days that were denied are fetched once the plan has grown', async () => {
  const sandbox = await market({ denied: [{ end: '2024-05-10' }] });
  const work = await Workdir.make(sandbox);
  const range = '--start 2024-05-01 --end 2024-05-31 --tickers AAPL';
  expect((await work.populate(range)).code).toBe(3);
  const grown = await market();
  work.endpoint = grown.endpoint;
  const { code, summary } = await work.populateJson(`${range} --adopt-source`);
  expect(code).toBe(0);
  expect(summary.days).toMatchObject({ fetched: 8, unchanged: 14, denied: 0 });
});

it('a denied day in the middle of the others: the rest is done', async () => {
  const sandbox = await market({ denied: [{ start: '2024-05-14', end: '2024-05-15' }] });
  const work = await Workdir.make(sandbox);
  const { code, summary } = await work.populateJson('--start 2024-05-01 --end 2024-05-31 --tickers AAPL');
  expect(code).toBe(3);
  expect(statesOf(summary)).toEqual({ '2024-05-14': 'denied', '2024-05-15': 'denied' });
  expect(summary.days.fetched).toBe(20);
});

it('an unpublished session that answers 403 is pending, for it is not listed', async () => {
  const work = await Workdir.make(await market({ pendingStatus: 403 }));
  const { code, summary } = await work.populateJson('--start 2024-06-13 --end 2024-06-14 --tickers AAPL');
  expect(code).toBe(0);
  expect(summary.days).toMatchObject({ fetched: 1, pending: 1 });
});

it('a day that the vendor takes away stays done, and stays', async () => {
  const { work, sandbox } = await twoDays();
  const tiers = work.tiers();
  await sandbox.remove(keyOf(FRESH));
  for (const options of ['', '--recheck', '--tickers NEW,AAPL']) {
    const { code, summary } = await work.populateJson(`--start ${FRESH} --end ${FRESH} ${options}`);
    expect(code).toBe(0);
    expect(summary.days).toMatchObject({ unchanged: 1 });
  }
  expect(work.tiers()).toEqual(tiers);
});

it('a copy that was touched since the vendor replaced its day is not taken for the new file', async () => {
  const { work, sandbox } = await twoDays();
  await sandbox.replace(keyOf(FRESH), gzipSync(NEW));
  // Another tool packed it anew: the same text under a time that is later than the vendor's.
  await work.write(`massive_cache/${FRESH}.csv.gz`, gzipSync(OLD));
  const { code, summary } = await work.populateJson(`--start ${FRESH} --end ${FRESH}`);
  expect(code).toBe(0);
  expect(summary.days).toMatchObject({ fetched: 1 });
  expect(work.archiveText(FRESH)).toBe(NEW);
  expect(work.series('AAPL')).toContain(seriesLine(FRESH, 11));
});

it('an older copy that was put in the place of ours is no damage to populate, and found by verify', async () => {
  const { work, sandbox } = await twoDays();
  await sandbox.replace(keyOf(FRESH), gzipSync(NEW));
  const one = `--start ${FRESH} --end ${FRESH}`;
  expect((await work.populate(one)).code).toBe(0);
  await work.write(`massive_cache/${FRESH}.csv.gz`, gzipSync(OLD));
  expect((await work.populate(one)).code).toBe(0);
  expect((await work.verb('verify --deep')).code).toBe(7);
  const { code, stderr } = await work.verb(`verify --deep --repair --endpoint ${sandbox.endpoint}`);
  expect(code, stderr).toBe(0);
  expect(work.archiveText(FRESH)).toBe(NEW);
});
