/** sync and nightly: one list of steps, each with its outcome; weekly prunes by archiveKeepDays. */
import { expect, it } from 'vitest';
import { barLine, dayObjects, HEADER, market, Workdir } from '../../support/workdir.js';

async function folder(): Promise<{ readonly workdir: Workdir; readonly endpoint: string }> {
  const days = ['2024-06-10', '2024-06-11', '2024-06-12', '2024-06-13'];
  const objects = dayObjects(
    Object.fromEntries(days.map((day) => [day, HEADER + barLine('AAPL', 10) + barLine('NA', 20)])),
  );
  const sandbox = await market({ objects });
  return { workdir: await Workdir.make(sandbox), endpoint: sandbox.endpoint };
}

it('nightly does the steps of barloom.json after the download, and says what became of each', async () => {
  const { workdir, endpoint } = await folder();
  await workdir.populate('--start 2024-06-10 --end 2024-06-12 --archive-only');
  await workdir.write(
    'barloom.json',
    JSON.stringify({ steps: ['populate', 'lake', 'features', 'qlib', 'verify'] }),
  );
  const night = await workdir.verb(`nightly --json --quiet --endpoint ${endpoint}`);
  const document = JSON.parse(night.stdout) as {
    readonly steps: readonly Readonly<Record<string, unknown>>[];
  };
  expect(document.steps.map(({ step, exit_code }) => [step, exit_code])).toEqual([
    ['lake', 0],
    ['features', 0],
    ['qlib', 0],
    ['verify', 0],
  ]);
  expect(document.steps[0]).toMatchObject({ datasets: [{ dataset: 'stocks_daily', days: { built: 4 } }] });
  expect(workdir.read('lake', 'gold', 'qlib', 'calendars', 'day.txt')).toContain('2024-06-13');
  expect((await workdir.verb(`nightly --endpoint ${endpoint}`)).stdout).toMatch(
    /^nightly: lake done, .*; verify done, [\d.]+ s$/m,
  );
  await workdir.write('barloom.json', JSON.stringify({ steps: ['lake', 'brew'] }));
  const wrong = await workdir.verb(`nightly --endpoint ${endpoint}`);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('brew is no step');
});

it('sync with a list of its own does these, and a dry run changes nothing', async () => {
  const { workdir, endpoint } = await folder();
  await workdir.populate('--start 2024-06-10 --end 2024-06-13 --archive-only');
  const dry = await workdir.verb(`sync --steps lake --dry-run --json --endpoint ${endpoint}`);
  expect(JSON.parse(dry.stdout)).toMatchObject({
    dry_run: true,
    steps: [{ step: 'lake', datasets: [{ days: { to_build: 4 } }] }],
  });
  expect(workdir.has('lake', 'bronze')).toBe(false);
  const synced = await workdir.verb(`sync --steps lake,features --endpoint ${endpoint} --quiet`);
  expect([synced.code, synced.stderr]).toEqual([0, '']);
  expect(synced.stdout).toMatch(/^sync: lake done, .*; features done/m);
});

it('weekly removes what archiveKeepDays does not keep, once all is sound', async () => {
  const { workdir, endpoint } = await folder();
  await workdir.populate('--start 2024-06-10 --end 2024-06-13 --archive-only');
  await workdir.write('barloom.json', JSON.stringify({ archiveKeepDays: 2 }));
  const week = await workdir.verb(`weekly --endpoint ${endpoint}`);
  expect(week.stdout).toContain('2 days of the archive removed by archiveKeepDays');
  expect(workdir.has('massive_cache', '2024-06-11.csv.gz')).toBe(false);
  expect(workdir.has('massive_cache', '2024-06-12.csv.gz')).toBe(true);
});
