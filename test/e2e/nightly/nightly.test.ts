/** What a night finds and mends by itself, and how little it says of it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { barLine, HEADER, market, SERIES_HEADER, seriesLine, Workdir } from '../../support/workdir.js';
import { Mirror } from './mirror.js';

/** Of a folder that has 2024-05-01 to 2024-06-13 on 2024-06-14. */
async function kept(but: readonly string[] = [], args = '--tickers AAPL'): Promise<Mirror> {
  const mirror = await Mirror.make();
  await mirror.publishAll('2024-05-01', '2024-06-13', but);
  const { code, stderr } = await mirror.work.populate(`--start 2024-05-01 ${args}`);
  expect(code, stderr).toBe(but.length > 0 ? 3 : 0);
  return mirror;
}

it('nothing new is one line and nothing written; a new day is one line too; a holiday is no news', async () => {
  const mirror = await kept();
  const { work } = mirror;
  const before = work.times();
  const quiet = await mirror.nightly();
  expect(quiet).toMatchObject({
    code: 0,
    stdout: 'nightly: up to date to 2024-06-13 (1 ticker, nothing new)\n',
    stderr: '',
  });
  const { 'barloom.log': _, ...after } = work.times();
  expect(after).toEqual(before);
  expect(mirror.log().filter(({ time, level }) => typeof time !== 'string' || level !== 30)).toEqual([]);

  // Not due before Tuesday at eleven, and taken when it is there before.
  await mirror.publish('2024-06-14');
  work.now = '2024-06-15T03:00:00Z';
  const added = await mirror.nightly();
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout).toMatch(/^nightly: 1 day added \(2024-06-14\), 1 ticker, \d+\.\d s\n$/);

  await mirror.publishAll('2024-06-17', '2024-06-18');
  work.now = '2024-06-19T17:00:00Z';
  expect((await mirror.nightly()).stdout).toMatch(/^nightly: 2 days added \(2024-06-17, 2024-06-18\), /);
  // The 19th was Juneteenth.
  work.now = '2024-06-20T17:00:00Z';
  expect((await mirror.nightly()).stdout).toBe('nightly: up to date to 2024-06-18 (1 ticker, nothing new)\n');
  // Friday's is due on Saturday at eleven, and overdue a day later.
  work.now = '2024-06-21T16:00:00Z';
  const late = await mirror.nightly();
  expect(late).toMatchObject({ code: 0, stderr: '' });
  expect(late.stdout).toBe(
    'nightly: up to date to 2024-06-18 (1 ticker, nothing new; 2024-06-20 is not there yet)\n',
  );
});

it('a hole is told and ends with 3 until its file comes, also one of weeks ago; an accepted one is not told', async () => {
  const [recent, older, accepted] = ['2024-06-11', '2024-05-10', '2024-05-20'];
  const mirror = await kept([recent, older, accepted]);
  const { work } = mirror;
  await work.write(
    'accepted.json',
    JSON.stringify({
      schema_version: 1,
      accepted: [{ dataset: 'stocks_daily', day: accepted, reason: 'r' }],
    }),
  );
  const open = await mirror.nightly();
  expect(open.code).toBe(3);
  expect(open.stdout).toMatch(/^nightly: 2 days missing \(2024-05-10, 2024-06-11\), 1 ticker, \d+\.\d s\n$/);
  expect(open.stderr).toBe(
    `${older} to ${recent}  2 days missing: overdue, and the vendor does not list it\n`,
  );

  await mirror.publish(recent, 11);
  await mirror.publish(older, 12);
  const mended = await mirror.nightly();
  expect(mended).toMatchObject({ code: 0, stderr: '' });
  expect(mended.stdout).toMatch(/^nightly: 2 days added /);
  expect(work.series('AAPL')).toContain(seriesLine(recent, 11));
  expect((await mirror.nightly()).stdout).toMatch(/^nightly: up to date/);

  // It is still asked for.
  await mirror.publish(accepted);
  expect((await mirror.nightly()).stdout).toMatch(/^nightly: (up to date|1 day added)/);
});

it('a broken file is told as failed, and fetched once it is whole', async () => {
  const mirror = await kept();
  mirror.work.now = '2024-06-15T17:00:00Z';
  await mirror.put('2024-06-14', Buffer.from('<html>'));
  const failed = await mirror.nightly();
  expect(failed.code).toBe(3);
  expect(failed.stdout).toMatch(/^nightly: 1 day failed \(2024-06-14\), /);
  expect(failed.stderr).toMatch(/2024-06-14 {2}failed: /);
  await mirror.publish('2024-06-14');
  expect(await mirror.nightly()).toMatchObject({ code: 0, stderr: '' });
});

it('a file that was replaced in the last ten sessions is mended in both tiers', async () => {
  const mirror = await kept();
  const { work } = mirror;
  await mirror.publish('2024-06-03', 20);
  const { code, stdout, stderr } = await mirror.nightly();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^nightly: 1 day replaced \(2024-06-03\), 1 ticker, /);
  expect(work.series('AAPL')).toContain(`${seriesLine('2024-05-31')}${seriesLine('2024-06-03', 20)}`);
  expect(work.archiveText('2024-06-03')).toBe(HEADER + barLine('AAPL', 20) + barLine('OTHER', 5));
});

it('a machine that was off for 20 sessions catches up', async () => {
  const mirror = await kept();
  mirror.work.now = '2024-07-15T17:00:00Z';
  await mirror.publishAll('2024-06-14', '2024-07-12');
  const { code, stdout, stderr } = await mirror.nightly();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^nightly: 19 days added \(2024-06-14 to 2024-07-12\), /);
  const whole = await Mirror.make();
  await whole.publishAll('2024-05-01', '2024-07-12');
  whole.work.now = mirror.work.now;
  await whole.work.populate('--start 2024-05-01 --tickers AAPL');
  expect(mirror.work.tiers()).toEqual(whole.work.tiers());
});

it('a ticker that came into a list since has its whole history the next morning, out of the archive', async () => {
  const mirror = await kept();
  const { work } = mirror;
  await work.write('stocks.txt', 'OTHER\n');
  const { code, stdout, stderr } = await mirror.nightly(['--json']);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    datasets: [{ days: { from_archive: 31 }, requests: { get: 0 } }],
  });
  expect(work.series('OTHER').split('\n')).toHaveLength(33);
  expect((await mirror.nightly()).stdout).toMatch(/^nightly: up to date/);
});

it('what the folder holds is kept up as it is: every ticker, the archive alone, or series alone', async () => {
  const [every, archive, series] = await Promise.all([
    kept([], '--all-tickers'),
    kept([], '--archive-only'),
    kept([], '--no-save-others --tickers AAPL'),
  ]);
  for (const mirror of [every, archive, series]) {
    mirror.work.now = '2024-06-15T17:00:00Z';
    await mirror.put('2024-06-14', Buffer.from(''));
    await mirror.publish('2024-06-14', 30);
  }
  expect((await every.nightly()).stdout).toMatch(/^nightly: 1 day added \(2024-06-14\), every ticker, /);
  expect(every.work.series('OTHER')).toContain(seriesLine('2024-06-14', 5));
  expect((await archive.nightly()).stdout).toMatch(/^nightly: 1 day added \(2024-06-14\), archive only, /);
  expect(archive.work.has('data_cache', 'AAPL_1d_data.csv')).toBe(false);
  expect((await series.nightly()).stdout).toMatch(/^nightly: 1 day added \(2024-06-14\), 1 ticker, /);
  expect(series.work.series('AAPL')).toContain(seriesLine('2024-06-14', 30));
  expect(series.work.has('massive_cache', '2024-06-14.csv.gz')).toBe(false);
});

it('--max-lag: what is too old ends with 3, also when nothing failed', async () => {
  const mirror = await kept();
  const { work } = mirror;
  work.now = '2024-06-15T16:30:00Z';
  expect((await mirror.nightly(['--max-lag', '1'])).code).toBe(0);
  const holes = ['2024-06-14', '2024-06-17', '2024-06-18'].map((day) => ({
    dataset: 'stocks_daily',
    day,
    reason: 'r',
  }));
  work.now = '2024-06-20T17:00:00Z';
  const behind = await mirror.nightly(['--json'], { env: { BARLOOM_MAX_LAG: '2' } });
  expect(behind.code).toBe(3);
  expect(behind.stderr).toContain(
    'the newest day here, 2024-06-13, is 3 sessions behind the last that is due, 2024-06-18; --max-lag allows 2',
  );
  expect(JSON.parse(behind.stdout)).toMatchObject({
    datasets: [{ lag: { newest: '2024-06-13', due: '2024-06-18', sessions: 3, max: 2 } }],
  });
  await work.write('accepted.json', JSON.stringify({ schema_version: 1, accepted: holes }));
  expect((await mirror.nightly(['--max-lag', '2'])).code).toBe(0);
  expect((await mirror.nightly(['--max-lag', '0.5'])).code).toBe(2);
});

it('an empty folder, one without a day, and an unknown dataset: exit 2, what to do, and nothing made', async () => {
  const mirror = await Mirror.make();
  const { work } = mirror;
  const empty = await mirror.nightly();
  expect([empty.code, empty.stdout]).toEqual([2, '']);
  expect(empty.stderr).toMatch(/no data in .* yet: run barloom populate/);
  expect(work.everything()).toEqual({});
  await work.write('data_cache/AAPL_1d_data.csv', SERIES_HEADER);
  const dayless = await mirror.nightly();
  expect(dayless.code).toBe(2);
  expect(dayless.stderr).toMatch(/no day in .* yet: run barloom populate --months 1 first/);
  await work.write('barloom.json', '{"datasets": ["stocks_weekly"]}');
  const unknown = await mirror.nightly();
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(/barloom\.json: dataset stocks_weekly is not known: give stocks_daily/);
});

it('one that starts over another leaves at once with 11; the other is not disturbed', async () => {
  const work = await Workdir.make(await market());
  await work.populate('--start 2024-06-10 --end 2024-06-11 --tickers AAPL');
  const args = ['--data-dir', work.data, '--endpoint', work.endpoint ?? ''];
  let second: ReturnType<Workdir['run']> | undefined;
  const first = await work.populate('--start 2024-04-01 --tickers AAPL --rate-limit 8', {
    onStderr: (stderr) => {
      if (stderr.includes('to do: ')) second ??= work.run(['nightly', ...args]);
    },
  });
  expect(first.code, first.stderr).toBe(0);
  const ended = await second;
  expect(ended).toMatchObject({ code: 11, stdout: '' });
  expect(ended?.stderr).toMatch(/in use by barloom populate/);
  expect(ended?.ms).toBeLessThan(30_000);
  expect((await work.run(['nightly', ...args])).stdout).toMatch(/^nightly: up to date to 2024-06-13/);
});

it('its log is turned over when it is large, and there are never more than five', async () => {
  const mirror = await kept();
  const { work } = mirror;
  const large = Buffer.alloc(5_000_000, 'x');
  for (let n = 0; n < 7; n++) {
    await work.write('barloom.log', large);
    expect((await mirror.nightly()).code).toBe(0);
  }
  const logs = readdirSync(work.data).filter((name) => name.startsWith('barloom.log'));
  expect(logs.sort()).toEqual(['barloom.log', ...[1, 2, 3, 4].map((n) => `barloom.log.${n}`)]);
  expect(mirror.log()[0]).toMatchObject({ msg: 'note', message: `nightly begins: ${work.data}` });
  for (const n of [1, 2, 3, 4]) expect(statSync(work.at(`barloom.log.${n}`)).size).toBe(large.length);
  const elsewhere = await mirror.nightly(['--log-file', work.at('logs', 'night.ndjson')]);
  expect(elsewhere.code, elsewhere.stderr).toBe(0);
  expect(work.read('logs', 'night.ndjson')).toContain('"type":"started"');
});

it.skipIf(!existsSync('/dev/full'))(
  'a log that cannot be written stops nothing, and is told with 6',
  async () => {
    const mirror = await kept();
    mirror.work.now = '2024-06-15T17:00:00Z';
    await mirror.publish('2024-06-14');
    const hook = `cat > '${mirror.work.at('heard.json')}'`;
    const { code, stdout, stderr } = await mirror.nightly(['--log-file', '/dev/full', '--on-finish', hook]);
    expect(code).toBe(6);
    expect(stdout).toMatch(/^nightly: 1 day added \(2024-06-14\)/);
    expect(stderr).toBe(
      'barloom: the disk is full (/dev/full): free some space and run the same command again\n',
    );
    expect(JSON.parse(mirror.work.read('heard.json'))).toMatchObject({ exit_code: 6 });
  },
);
