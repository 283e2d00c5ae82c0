/** sync and nightly: one list of steps, each with its outcome; weekly prunes by archiveKeepDays. */
import { expect, it } from 'vitest';
import { writeTables } from '../../support/tables.js';
import { vendorFolder } from '../../support/vendor-folder.js';
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
    JSON.stringify({ steps: ['populate', 'lake', 'ratios', 'features', 'qlib', 'verify'] }),
  );
  await writeTables(workdir.data, {
    balance_sheets: [
      {
        cik: '1',
        tickers: ['AAPL'],
        timeframe: 'annual',
        period_end: '2024-03-31',
        filing_date: '2024-06-11',
        total_assets: 2,
        total_equity: 1,
      },
    ],
  });
  const night = await workdir.verb(`nightly --json --quiet --endpoint ${endpoint}`);
  const document = JSON.parse(night.stdout) as {
    readonly steps: readonly Readonly<Record<string, unknown>>[];
  };
  expect(document.steps.map(({ step, exit_code }) => [step, exit_code])).toEqual([
    ['lake', 0],
    ['ratios', 0],
    ['features', 0],
    ['qlib', 0],
    ['verify', 0],
  ]);
  expect(document.steps[0]).toMatchObject({ datasets: [{ dataset: 'stocks_daily', days: { built: 4 } }] });
  expect(document.steps[1]).toMatchObject({ tables: [{ table: 'financial_ratios', files: 1 }] });
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

it('a dry run of sync plans every step with days, bytes, room and time, also where nothing is here yet', async () => {
  const workdir = await Workdir.make();
  const text = HEADER + barLine('AAPL', 10);
  const files = ['2024-06-10', '2024-06-11', '2024-06-12', '2024-06-13'];
  await vendorFolder(
    workdir,
    Object.fromEntries(files.map((day) => [`us_stocks_sip/day_aggs_v1/${day}`, text])),
  );
  const all = `sync --steps populate,lake,features,qlib,verify --dry-run --endpoint ${workdir.endpoint}`;
  const plan = async () => JSON.parse((await workdir.verb(`${all} --json --quiet`)).stdout).plan;
  const days = { populate: 4, lake: 4, features: 4, qlib: 4, verify: 4 };
  const of = ({ steps }: { readonly steps: readonly { step: string; days: number }[] }) =>
    Object.fromEntries(steps.map((one) => [one.step, one.days]));
  const fresh = await plan();
  expect([of(fresh), fresh.rate, fresh.download_bytes > 0]).toEqual([days, 'assumed', true]);
  expect(fresh.write_bytes).toBeGreaterThan(fresh.download_bytes);
  expect(workdir.has('massive_cache')).toBe(false);
  await workdir.populate('--start 2024-06-10 --end 2024-06-12 --archive-only');
  expect(of(await plan())).toEqual({ ...days, populate: 1 });
  const { code, stdout } = await workdir.verb(all);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^plan\n {2}populate +1 day, .*\n {2}lake +4 days/m),
  ]);
});

it('weekly does the steps of the list too, and with verify among them looks at every byte', async () => {
  const { workdir, endpoint } = await folder();
  await workdir.populate('--start 2024-06-10 --end 2024-06-13 --archive-only');
  await workdir.write('barloom.json', JSON.stringify({ steps: ['populate', 'lake', 'verify'] }));
  const week = JSON.parse((await workdir.verb(`weekly --json --quiet --endpoint ${endpoint}`)).stdout);
  expect(week.datasets[0].verify).toMatchObject({ deep: true, damage: [] });
  expect(week.steps).toMatchObject([
    { step: 'lake', exit_code: 0, datasets: [{ days: { built: 4 } }] },
    { step: 'verify', exit_code: 0 },
  ]);
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
