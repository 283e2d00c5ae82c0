/** Features over a split: as if it had not been, and nothing before it changes. */
import { expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { archived, midnight, type Row } from '../../support/lake.js';
import { writeTables } from '../../support/tables.js';
import { Workdir } from '../../support/workdir.js';

const DAYS = nyse.sessions('2024-01-02', '2024-03-15');
const SPLIT = '2024-02-15';
const TABLES = {
  splits: [
    { id: 's', ticker: 'AAA', execution_date: SPLIT, split_from: 1, split_to: 4 },
    // Announced: nothing yet.
    { id: 'n', ticker: 'AAA', execution_date: '2024-06-03', split_from: 1, split_to: 10 },
  ],
};

/** `isSplit`: prices are a quarter from that day on, volumes four times. */
async function market(isSplit: boolean): Promise<Workdir> {
  const work = await Workdir.make();
  for (const [i, day] of DAYS.entries()) {
    const [price, volume] = isSplit && day >= SPLIT ? [0.25, 4] : [1, 1];
    const close = (400 + 28 * Math.sin(i)) * price;
    const [open, high, low] = [close - price, close + price, close - 2 * price];
    await archived(work, '', day, [
      `AAA,${(1000 + ((i * 37) % 500)) * volume},${open.toFixed(6)},${close.toFixed(6)},${high.toFixed(6)},${low.toFixed(6)},${midnight(day)},7`,
    ]);
  }
  await work.verb('lake build');
  return work;
}

async function features(work: Workdir): Promise<readonly Row[]> {
  const { stdout } = await work.run([
    'sql',
    'from stocks_daily_features order by date',
    '--json',
    '--data-dir',
    work.data,
  ]);
  return JSON.parse(stdout).rows;
}

it('what looks at other days is as without the split; what is of one day is as traded; later splits change nothing before', async () => {
  const plain = await market(false);
  await plain.verb('features build');
  const work = await market(true);
  await writeTables(work.data, TABLES);
  const built = await work.verb('features build --json');
  expect(JSON.parse(built.stdout).datasets).toMatchObject([{ files: 3, adjusted: 'splits' }]);
  const [expected, rows] = [await features(plain), await features(work)];
  expect(rows).toHaveLength(DAYS.length);
  const compared = [
    'returns_1d',
    'returns_20d',
    'simple_returns_5d',
    'volume_ratio',
    'gap',
    'volatility_20d',
    'daily_return',
  ];
  for (const [i, row] of rows.entries())
    for (const name of compared) {
      const [ours, theirs] = [row[name], expected[i]?.[name]];
      if (theirs === null) expect([DAYS[i], name, ours]).toEqual([DAYS[i], name, null]);
      else expect(Number(ours), `${DAYS[i]} ${name}`).toBeCloseTo(Number(theirs), 6);
    }
  expect(Number(rows.at(-1)?.['price_range'])).toBeCloseTo(0.75, 6);

  const later = { id: 'm', ticker: 'AAA', execution_date: '2024-03-11', split_from: 1, split_to: 2 };
  await writeTables(work.data, { splits: [later] });
  const again = await work.verb('features build --json');
  expect(JSON.parse(again.stdout).datasets).toMatchObject([{ files: 1, unchanged: 2 }]);
}, 60_000);
