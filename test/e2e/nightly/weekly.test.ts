/** What a week finds besides: older holes are filled, and what is here is looked over. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { seriesLine } from '../../support/workdir.js';
import { Mirror } from './mirror.js';

/** Days of January and of June on 2024-06-14; nobody has asked for those in between. */
async function islands(but: readonly string[] = []): Promise<Mirror> {
  const mirror = await Mirror.make();
  await mirror.publishAll('2024-01-02', '2024-06-13', but);
  for (const range of ['--start 2024-01-02 --end 2024-01-31', '--start 2024-06-03'])
    await mirror.work.populate(`${range} --tickers AAPL`);
  return mirror;
}

it('fills what nobody asked for, then finds all sound; the document tells each part', async () => {
  const mirror = await islands();
  const between = nyse.sessions('2024-02-01', '2024-05-31').length;
  const nightly = await mirror.nightly();
  expect(nightly.code, nightly.stderr).toBe(0);
  const { code, stdout, stderr } = await mirror.keep('weekly', ['--json', '--quiet']);
  expect([code, stderr]).toEqual([0, '']);
  const document = JSON.parse(stdout) as { datasets: readonly Record<string, unknown>[] };
  // The night before took those of the last 30 sessions.
  const filled = between - 20;
  expect(document.datasets).toMatchObject([
    {
      dataset: 'stocks_daily',
      nightly: { days: { unchanged: 9 } },
      backfill: { days: { sessions: filled, fetched: filled } },
      gaps: { open: 0, gaps: [], tickers: [{ ticker: 'AAPL', gaps: [] }] },
      verify: { deep: false, damage: [], checked: { days: 21 + between + 9 } },
    },
  ]);
  expect(mirror.work.series('AAPL')).toContain(seriesLine('2024-03-15'));
  const again = await mirror.keep('weekly');
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toMatch(
    /^weekly: up to date to 2024-06-13 \(1 ticker, nothing new\)\nweekly: 114 days and 1 series sound, no open holes, \d\.\d s\n$/,
  );
});

it('a day of no session that comes into a settled month is found, fetched, and accepted where it cannot be', async () => {
  const mirror = await Mirror.make();
  await mirror.publishAll('2024-04-01', '2024-06-13');
  await mirror.work.populate('--start 2024-04-01 --tickers AAPL');
  const [saturday, sunday] = ['2024-04-13', '2024-04-14'];
  await mirror.publish(saturday, 12);
  expect((await mirror.nightly()).code).toBe(0);
  expect(mirror.work.series('AAPL')).not.toContain(saturday);
  expect(await mirror.keep('weekly')).toMatchObject({ code: 0, stderr: '' });
  expect(mirror.work.series('AAPL')).toContain(seriesLine(saturday, 12));

  await mirror.put(sunday, Buffer.from('no day'));
  expect((await mirror.keep('weekly')).code).toBe(3);
  // Of the range only what lacks; the Saturday is here.
  const accept = await mirror.work.verb(
    `gaps --accept ${sunday}..${sunday},2024-04-20..2024-04-21 --reason so`,
  );
  expect([accept.code, mirror.work.read('accepted.json')]).toEqual([0, expect.stringContaining(sunday)]);
  expect(await mirror.keep('weekly')).toMatchObject({ code: 0, stderr: '' });
  expect((await mirror.work.verb(`gaps --unaccept ${saturday}..${sunday}`)).code).toBe(3);
});

it('a hole that the vendor has too ends with 3 until it is accepted; damage ends with 7', async () => {
  const hole = '2024-01-10';
  const mirror = await islands([hole]);
  const { work } = mirror;
  const open = await mirror.keep('weekly');
  expect(open.code).toBe(3);
  expect(open.stdout).toMatch(/^weekly: 1 open hole|, 1 open hole, /m);
  expect(open.stderr).toContain('1 session should be here and is not: barloom gaps says why\n');
  await work.write(
    'accepted.json',
    JSON.stringify({ schema_version: 1, accepted: [{ dataset: 'stocks_daily', day: hole, reason: 'r' }] }),
  );
  expect(await mirror.keep('weekly')).toMatchObject({ code: 0, stderr: '' });

  const file = work.at('massive_cache', '2024-01-12.csv.gz');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length - 10));
  const damaged = await mirror.keep('weekly', ['--on-finish', `cat > '${work.at('heard.json')}'`]);
  expect(damaged.code).toBe(7);
  expect(damaged.stderr).toMatch(
    /damage: massive_cache\/2024-01-12\.csv\.gz: .*\n.*barloom verify --deep --repair repairs it/,
  );
  expect(JSON.parse(work.read('heard.json'))).toMatchObject({
    command: 'weekly',
    exit_code: 7,
    datasets: [{ verify: { damage: [{ day: '2024-01-12' }] } }],
  });
});
