/** Minute bars through the real command: days of several pieces, series of several lines a day. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import {
  ARGS,
  archived,
  DAYS,
  FIRST,
  LAST,
  minuteDay,
  minuteKey,
  minuteLines,
  minuteMarket,
  SERIES_HEADER,
  SUSPICIONS,
  seriesOf,
  TEXTS,
  TICKERS,
  unfinished,
} from '../../support/minute-days.js';
import { addsUp, getsOf, HEADER, Workdir } from '../../support/workdir.js';
import { hooked, type Injection } from '../../torture/hooked.js';

it('series are the vendor’s minutes to the digit, the archive its text; again is free; add and rebuild give the same', async () => {
  const { work, sandbox } = await minuteMarket();
  const first = await work.populateJson(ARGS);
  expect(first.code, first.stderr).toBe(0);
  expect(addsUp(first.summary)).toBe(true);
  for (const day of DAYS) expect(archived(work, day).equals(TEXTS.get(day) as Buffer)).toBe(true);
  const expected = (ticker: string): string =>
    SERIES_HEADER + DAYS.map((day) => minuteLines(day, ticker)).join('');
  for (const ticker of TICKERS) expect(seriesOf(work, ticker)).toBe(expected(ticker));
  expect(unfinished(work)).toEqual([]);

  const [times, gets] = [work.times(), await getsOf(sandbox)];
  const again = await work.populateJson(ARGS);
  expect(again.code).toBe(0);
  expect(again.summary.requests.get).toBe(0);
  expect(await getsOf(sandbox)).toEqual(gets);
  const tiers = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).filter(([name]) => /_cache\//.test(name));
  expect(tiers(work.times())).toEqual(tiers(times));

  const added = await work.verb('add T007 -t stocks_minute');
  expect(added.code, added.stderr).toBe(0);
  expect(seriesOf(work, 'T007')).toBe(expected('T007'));
  await work.write('data_cache/AAPL_1m_data.csv', seriesOf(work, 'AAPL').replace(/,110\.25\n/g, ',7\n'));
  const rebuilt = await work.verb('rebuild AAPL -t stocks_minute');
  expect(rebuilt.code, rebuilt.stderr).toBe(0);
  expect(seriesOf(work, 'AAPL')).toBe(expected('AAPL'));

  const verified = await work.verb('verify --deep --json -t stocks_minute');
  expect(verified.code, verified.stdout).toBe(0);
  const [{ damage, harmless, suspicions }] = (JSON.parse(verified.stdout) as { datasets: [never] }).datasets;
  expect({ damage, harmless, suspicions }).toEqual({ damage: [], harmless: [], suspicions: SUSPICIONS });
});

it('a day that the vendor replaces is corrected, archive and series; lines of the user’s stay', async () => {
  const { work, sandbox } = await minuteMarket();
  expect((await work.populate(ARGS)).code).toBe(0);
  const mine = `2024-06-10 09:30:00-04:00,1,2,0.5,1.5,9\n`;
  await work.write(
    'data_cache/SPY_1m_data.csv',
    SERIES_HEADER + mine + seriesOf(work, 'SPY').slice(SERIES_HEADER.length),
  );
  expect((await work.populate(ARGS)).code).toBe(0);
  const corrected = minuteDay(LAST, 0.25);
  await sandbox.replace(minuteKey(LAST), gzipSync(corrected));
  const { code, stderr, summary } = await work.populateJson(ARGS);
  expect(code, stderr).toBe(0);
  expect(summary.days.fetched).toBe(1);
  expect(summary.ticker_days).toMatchObject({ corrected: 2, kept: 0 });
  expect(archived(work, LAST).equals(corrected)).toBe(true);
  for (const ticker of TICKERS) {
    const own = ticker === 'SPY' ? mine : '';
    const days = minuteLines(FIRST, ticker) + minuteLines(LAST, ticker, 0.25);
    expect(seriesOf(work, ticker)).toBe(SERIES_HEADER + own + days);
  }
});

it('a day that somebody edited stays as it is, and is told', async () => {
  const { work } = await minuteMarket();
  expect((await work.populate(`${ARGS} --end ${FIRST}`)).code).toBe(0);
  const edited = seriesOf(work, 'SPY').replace(/,100\.25\n/, ',1\n');
  await work.write('data_cache/SPY_1m_data.csv', edited);
  const { code, summary } = await work.populateJson(ARGS);
  expect(code).toBe(0);
  expect(summary.ticker_days.kept).toBe(1);
  expect(seriesOf(work, 'SPY')).toBe(edited + minuteLines(LAST, 'SPY'));
});

it('without an archive nothing of the market stays but the series', async () => {
  const { work } = await minuteMarket();
  const { code, stderr } = await work.populate(`${ARGS} --no-save-others`);
  expect(code, stderr).toBe(0);
  for (const ticker of TICKERS)
    expect(seriesOf(work, ticker)).toBe(SERIES_HEADER + DAYS.map((day) => minuteLines(day, ticker)).join(''));
  expect(Object.keys(work.tiers()).sort()).toEqual(TICKERS.map((one) => `data_cache/${one}_1m_data.csv`));
  expect(unfinished(work)).toEqual([]);
});

it('a day that is in no order is kept sorted, and its series are the same', async () => {
  const { work, sandbox } = await minuteMarket();
  const lines = minuteDay(LAST).toString().slice(HEADER.length).split('\n').slice(0, -1);
  // Minute by minute, as it is traded, and no line end behind the last.
  const shuffled = lines.toSorted((a, b) => (a.split(',')[6] ?? '').localeCompare(b.split(',')[6] ?? ''));
  await sandbox.replace(minuteKey(LAST), gzipSync(HEADER + shuffled.join('\n')));
  const { code, stderr } = await work.populate(ARGS);
  expect(code, stderr).toBe(0);
  expect(archived(work, LAST).equals(minuteDay(LAST))).toBe(true);
  for (const ticker of TICKERS)
    expect(seriesOf(work, ticker)).toBe(SERIES_HEADER + DAYS.map((day) => minuteLines(day, ticker)).join(''));
  expect((await work.verb('verify --deep -t stocks_minute')).code).toBe(0);
});

it('killed at any of its writes and renames, the next run ends with the same bytes', async () => {
  const { work: whole, sandbox } = await minuteMarket();
  expect((await whole.populate(ARGS)).code).toBe(0);
  const expected = whole.tiers();
  const kills: readonly Injection[] = [
    { what: 'kill-within', calls: ['write'], path: 'stocks_minute.*tmp', at: 1 },
    { what: 'kill-after', calls: ['write'], path: 'stocks_minute.*tmp', at: 3 },
    { what: 'kill-before', calls: ['rename'], path: 'stocks_minute', at: 1 },
    { what: 'kill-after', calls: ['rename'], path: 'stocks_minute', at: 1 },
    { what: 'kill-within', calls: ['write'], path: 'data_cache', at: 1 },
    { what: 'kill-after', calls: ['rename'], path: 'data_cache', at: 1 },
  ];
  for (const inject of kills) {
    const work = await Workdir.make(sandbox);
    const { signal } = await work.populate(ARGS, { env: hooked({ inject }) });
    expect(signal, JSON.stringify(inject)).toBe('SIGKILL');
    const { code, stderr } = await work.populate(ARGS);
    expect(code, stderr).toBe(0);
    expect(work.tiers()).toEqual(expected);
    expect(unfinished(work)).toEqual([]);
  }
});

it.each(['', '--no-save-others'])(
  'a full disk %s: 6, and no unfinished file stays; with room again it goes on',
  async (how) => {
    const { work } = await minuteMarket();
    const inject = { what: 'ENOSPC', calls: ['write'], path: 'csv\\.gz', at: 2, times: 1e9 } as const;
    const full = await work.populate(`${ARGS} ${how}`, { env: hooked({ inject }) });
    expect(full.code, full.stderr).toBe(6);
    expect(full.stderr + full.stdout).toMatch(/the disk is full/);
    expect(unfinished(work)).toEqual([]);
    const { code, stderr } = await work.populate(`${ARGS} ${how}`);
    expect(code, stderr).toBe(0);
  },
);

it('Ctrl-C while a large day arrives: a clean stop, no unfinished file; the next run goes on', async () => {
  const { work, sandbox } = await minuteMarket();
  await sandbox.setFaults({ faults: [{ kind: 'stall', operations: ['get'] }] });
  const { code, stderr, stdout } = await work.populate(ARGS, {
    onStderr: (said, child) => void (/to do: /.test(said) && setTimeout(() => child.kill('SIGINT'), 700)),
  });
  expect(code, stderr).toBe(130);
  expect(stdout).toMatch(/not fetched yet: run the same command again to go on/);
  expect(unfinished(work)).toEqual([]);
  await sandbox.setFaults(undefined);
  expect((await work.populate(ARGS)).code).toBe(0);
});

it('a transfer that breaks goes on; one that is damaged is fetched again whole, and leaves no file', async () => {
  const { work, sandbox } = await minuteMarket();
  await sandbox.setFaults({
    seed: 5,
    faults: [
      { kind: 'reset', times: 1, operations: ['get'], keys: [minuteKey(FIRST)] },
      { kind: 'forged', times: 1, operations: ['get'], keys: [minuteKey(LAST)] },
    ],
  });
  const { code, stderr } = await work.populate(ARGS);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/2024-06-11: goes on from byte \d+/);
  expect(stderr).toMatch(/MD5/);
  for (const day of DAYS) expect(archived(work, day).equals(TEXTS.get(day) as Buffer)).toBe(true);
  expect(unfinished(work)).toEqual([]);

  const other = await Workdir.make(sandbox);
  await sandbox.setFaults({ faults: [{ kind: 'flip', operations: ['get'] }] });
  const bad = await other.populate(`${ARGS} --end ${FIRST}`);
  expect(bad.code).toBe(3);
  expect(unfinished(other)).toEqual([]);
  expect(Object.keys(other.tiers())).toEqual([]);
});
