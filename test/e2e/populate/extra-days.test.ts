/**
 * What the vendor lists is there, whatever the calendar says; and what nobody expects is no hole where it is
 * absent.
 */
import { expect, it } from 'vitest';
import type { JsonDocument } from '#cli/output/json-document.js';
import { vendorFolder } from '../../support/vendor-folder.js';
import { Workdir } from '../../support/workdir.js';

const HEADER = 'ticker,open,close,high,low,window_start\n';
const DAYS = ['2026-02-12', '2026-02-13', '2026-02-17', '2026-02-18'];
/** Washington's Birthday, and the Sunday before it. */
const HOLIDAY = '2026-02-16';
const SUNDAY = '2026-02-15';

function text(day: string, ...tickers: readonly string[]): string {
  const stamp = `${Date.parse(`${day}T05:00:00Z`) / 1000}000000000`;
  return HEADER + tickers.map((ticker) => `${ticker},10.5,11,12,10,${stamp}\n`).join('');
}

async function work(days: Readonly<Record<string, readonly string[]>>): Promise<Workdir> {
  const workdir = await Workdir.make();
  workdir.now = '2026-03-01T20:00:00Z';
  const files = Object.entries(days).map(([day, tickers]) => [
    `us_indices/day_aggs_v1/${day}`,
    text(day, ...tickers),
  ]);
  await vendorFolder(workdir, Object.fromEntries(files) as Record<string, string>);
  return workdir;
}

const USUAL = Object.fromEntries(DAYS.map((day) => [day, ['I:HERE', 'I:ABROAD']]));
const RANGE = '-t indices_daily --start 2026-02-12 --end 2026-02-18';

function datesOf(workdir: Workdir, name: string): readonly string[] {
  const lines = workdir.read('data_cache', 'indices_daily', `${name}_1d_data.csv`).trim().split('\n');
  return lines.slice(1).map((line) => line.slice(0, 10));
}

async function gapsOf(workdir: Workdir) {
  const { code, stdout } = await workdir.verb('gaps -t indices_daily --end 2026-02-18 --json');
  return { code, gaps: (JSON.parse(stdout) as JsonDocument).datasets[0] };
}

it('a holiday and a Sunday that are listed are fetched, counted beside the sessions, and known to every verb', async () => {
  const workdir = await work({ ...USUAL, [HOLIDAY]: ['I:ABROAD'], [SUNDAY]: ['I:ABROAD'] });
  const { code, summary } = await workdir.populateJson(RANGE);
  expect([code, summary.days.sessions, summary.days.fetched, summary.days.extra]).toEqual([0, 4, 4, 2]);
  expect(summary.extra).toEqual([
    { day: SUNDAY, state: 'fetched' },
    { day: HOLIDAY, state: 'fetched' },
  ]);
  expect(datesOf(workdir, 'ABROAD')).toEqual([...DAYS, HOLIDAY, SUNDAY].sort());
  expect(datesOf(workdir, 'HERE')).toEqual(DAYS);
  const { code: holes, gaps } = await gapsOf(workdir);
  expect(holes).toBe(0);
  expect(gaps).toMatchObject({ sessions: 4, done: 4, extra: 2, open: 0, gaps: [] });

  const again = await workdir.populateJson(RANGE);
  expect([again.summary.requests.get, again.summary.days.unchanged, again.summary.days.extra]).toEqual([
    0, 4, 2,
  ]);
  const before = workdir.tiers();
  await workdir.verb('rebuild --all-tickers -t indices_daily');
  expect(workdir.tiers()).toEqual(before);
  // What is derived from the archive alone.
  await workdir.remove('progress.json');
  await workdir.remove('data_cache');
  await workdir.populate(RANGE);
  expect(workdir.tiers()).toEqual(before);
  expect((await workdir.verb('verify --deep -t indices_daily')).code).toBe(0);
});

it('it is fetched when it is asked for by name, and comes late into a range that was complete without it', async () => {
  const workdir = await work(USUAL);
  expect((await workdir.populateJson(`${RANGE} --tickers I:ABROAD`)).summary.days.extra).toBe(0);
  const nothing = await workdir.populateJson(`-t indices_daily --start ${HOLIDAY} --end ${HOLIDAY}`);
  expect([nothing.code, nothing.summary.days.extra]).toEqual([0, 0]);

  await vendorFolder(workdir, { [`us_indices/day_aggs_v1/${HOLIDAY}`]: text(HOLIDAY, 'I:ABROAD') });
  const named = await workdir.populateJson(`-t indices_daily --start ${HOLIDAY} --end ${HOLIDAY}`);
  expect([named.code, named.summary.days.sessions, named.summary.days.extra]).toEqual([0, 0, 1]);
  expect(datesOf(workdir, 'ABROAD')).toEqual([...DAYS, HOLIDAY].sort());
});

it('one that is listed and cannot be read spoils the exit code, and gaps names it', async () => {
  const workdir = await work(USUAL);
  await vendorFolder(workdir, { [`us_indices/day_aggs_v1/${HOLIDAY}`]: 'no header\n' });
  const { code, summary } = await workdir.populateJson(RANGE);
  expect([code, summary.days.fetched, summary.days.failed]).toEqual([3, 4, 0]);
  expect(summary.extra).toEqual([{ day: HOLIDAY, state: 'failed' }]);
  const { code: holes, gaps } = await gapsOf(workdir);
  expect(holes).toBe(3);
  expect(gaps).toMatchObject({
    open: 0,
    gaps: [{ start: HOLIDAY, sessions: 0, extra: true, state: 'failed' }],
  });
});
