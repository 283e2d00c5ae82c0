/**
 * A series file that was there before: what in it is the user's stays, what says nothing does not, and where
 * the scales differ it is said.
 */
import { expect, it } from 'vitest';
import type { JsonDocument } from '#cli/output/json-document.js';
import { vendorFolder } from '../../support/vendor-folder.js';
import { barLine, HEADER, SERIES_HEADER, seriesLine, Workdir } from '../../support/workdir.js';

const DAYS = ['2024-06-03', '2024-06-04', '2024-06-05', '2024-06-06'];
const RANGE = '--start 2024-06-03 --end 2024-06-06 --tickers A';

async function work(series: string): Promise<Workdir> {
  const workdir = await Workdir.make();
  const text = HEADER + barLine('A', 500);
  await vendorFolder(
    workdir,
    Object.fromEntries(DAYS.map((day) => [`us_stocks_sip/day_aggs_v1/${day}`, text])),
  );
  await workdir.write('data_cache/A_1d_data.csv', series);
  return workdir;
}

async function json(workdir: Workdir, args: string) {
  const { code, stdout } = await workdir.verb(`${args} --json`);
  return {
    code,
    dataset: (JSON.parse(stdout) as JsonDocument).datasets[0] as unknown as Record<string, unknown>,
  };
}

const VENDORS = SERIES_HEADER + DAYS.map((day) => seriesLine(day, 500)).join('');

it.each([
  ['null', '2024-06-04,null,null,null,null,null'],
  ['NaN', '2024-06-04,NaN,NaN,NaN,NaN,0'],
  ['nothing', '2024-06-04,,,,,'],
  ['zeros', '2024-06-04,0,0,0,0,0'],
  ['zeros with a point', '2024-06-04,0.0,0.0,0.0,0.0,12'],
])('a row of %s is none: the vendor has the day, and nothing is damage', async (_what, line) => {
  const workdir = await work(`${SERIES_HEADER}${seriesLine('2024-06-03', 500)}${line}\n`);
  expect((await workdir.populate(RANGE)).code).toBe(0);
  expect(workdir.series('A')).toBe(VENDORS);
  expect((await json(workdir, 'verify --deep')).dataset).toMatchObject({
    ...{ damage: [], kept_rows: { series: 0, rows: 0 } },
  });
});

it('an empty file is filled, and is in no other form', async () => {
  const workdir = await work('');
  expect((await json(workdir, 'verify')).dataset['harmless']).toEqual([]);
  await workdir.populate(RANGE);
  expect(workdir.series('A')).toBe(VENDORS);
});

it("rows of the user's on another scale are told at the seam, with both days and the jump", async () => {
  const workdir = await work(
    `${SERIES_HEADER}${seriesLine('2024-05-30', 50)}${seriesLine('2024-05-31', 50)}`,
  );
  const { stderr } = await workdir.populate(RANGE);
  expect(stderr).toContain('your rows end on 2024-05-31');
  expect(stderr).toContain('the close jumps by 891 %');
  for (const how of ['verify', 'verify --deep']) {
    const { code, dataset } = await json(workdir, how);
    expect(code).toBe(0);
    expect(dataset['suspicions']).toContainEqual(
      expect.objectContaining({ kind: 'seam', day: '2024-06-03', ticker: 'A' }),
    );
  }
  expect((await workdir.populate(RANGE)).stderr).not.toContain('jumps');
});

it('with --all-tickers the seam is told too, and once', async () => {
  const workdir = await work(`${SERIES_HEADER}${seriesLine('2024-05-31', 50)}`);
  const all = RANGE.replace('--tickers A', '--all-tickers');
  expect((await workdir.populate(all)).stderr).toContain('A_1d_data.csv: your rows end on 2024-05-31');
  expect((await workdir.populate(`${all} --recheck`)).stderr).not.toContain('jumps');
});

it.each(['', '\r'])(
  "rows of the user's stay through every repair, on days without a bar too (line ends %j)",
  async (end) => {
    const [kept, barless] = [`2024-06-04,1,1,1,1,1${end}\n`, `2024-06-06,2,2,2,2,2${end}\n`];
    const workdir = await Workdir.make();
    const days = Object.fromEntries(
      DAYS.map((day) => [
        `us_stocks_sip/day_aggs_v1/${day}`,
        HEADER + barLine(day === DAYS[3] ? 'B' : 'A', 500),
      ]),
    );
    await vendorFolder(workdir, days);
    await workdir.write('data_cache/A_1d_data.csv', `${SERIES_HEADER}${kept}${barless}`);
    await workdir.populate(RANGE);
    for (const how of ['verify --repair', 'verify --deep --repair', 'verify --deep']) {
      expect((await workdir.verb(how)).code).toBe(0);
      for (const row of [kept, barless]) expect(workdir.series('A')).toContain(row.replace('\r', '').trim());
    }
    await workdir.verb('rebuild A');
    expect(workdir.series('A')).toBe(
      SERIES_HEADER +
        DAYS.slice(0, 3)
          .map((day) => seriesLine(day, 500))
          .join(''),
    );
  },
);

it("a row of the user's that differs is no damage, and only rebuild lets the archive win", async () => {
  const mine = seriesLine('2024-06-04', 501);
  const workdir = await work(`${SERIES_HEADER}${mine}`);
  await workdir.populate(RANGE);
  expect(workdir.series('A')).toContain(mine);
  const { code, dataset } = await json(workdir, 'verify --deep');
  expect([code, dataset['damage'], dataset['kept_rows']]).toEqual([0, [], { series: 1, rows: 1 }]);
  expect((await workdir.verb('verify --deep --repair')).code).toBe(0);
  expect(workdir.series('A')).toContain(mine);
  await workdir.verb('rebuild A');
  expect(workdir.series('A')).toBe(VENDORS);
});
