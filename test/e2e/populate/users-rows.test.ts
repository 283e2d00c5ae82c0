/**
 * Rows of the user's that differ from the vendor's stay, whatever becomes of the archive's copy of their day.
 */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { barLine, dayObjects, HEADER, keyOf, market, Workdir } from '../../support/workdir.js';

const [DAY, OTHER] = ['2024-06-12', '2024-06-11'];
const OLD = HEADER + barLine('AAPL', 10) + barLine('MSFT', 30);
const NEW = HEADER + barLine('AAPL', 11) + barLine('MSFT', 31);
const MINE = `${DAY},1,1,1,1,1\n`;
const RANGE = `--start ${OTHER} --end ${DAY}`;

/** A folder in which AAPL's row is the user's, and was found to differ. */
async function edited(options = ''): Promise<{ work: Workdir; sandbox: Awaited<ReturnType<typeof market>> }> {
  const sandbox = await market({ objects: dayObjects({ [DAY]: OLD, [OTHER]: OLD }) });
  const work = await Workdir.make(sandbox);
  expect((await work.populate(`${RANGE} --tickers AAPL,MSFT ${options}`)).code).toBe(0);
  const text = work.series('AAPL').replace(new RegExp(`${DAY}.*\n`), MINE);
  await work.write('data_cache/AAPL_1d_data.csv', text);
  const { code, summary } = await work.populateJson(`${RANGE} ${options}`);
  expect(code).toBe(0);
  expect(summary.ticker_days.kept).toBe(1);
  return { work, sandbox };
}

it.each([['gone'], ['damaged']])('the copy is %s, and is fetched again', async (what) => {
  const { work } = await edited();
  if (what === 'gone') await work.remove('massive_cache', `${DAY}.csv.gz`);
  else await work.write(`massive_cache/${DAY}.csv.gz`, 'no gzip');
  const { code, summary } = await work.populateJson(RANGE);
  expect(code).toBe(0);
  expect(summary.days.fetched).toBe(1);
  expect(work.series('AAPL')).toContain(MINE);
});

it.each([
  ['without an archive, fetched again', '--no-save-others', '--force'],
  ['with one', '', '--force'],
])('%s', async (_, options, more) => {
  const { work } = await edited(options);
  expect((await work.populate(`${RANGE} ${options} ${more}`)).code).toBe(0);
  expect(work.series('AAPL')).toContain(MINE);
});

it.each([['--no-save-others'], ['']])('the vendor replaces the day %s', async (options) => {
  const { work, sandbox } = await edited(options);
  await sandbox.replace(keyOf(DAY), gzipSync(NEW));
  if (options === '') await work.remove('massive_cache', `${DAY}.csv.gz`);
  expect((await work.populate(`${RANGE} ${options}`)).code).toBe(0);
  expect(work.series('AAPL')).toContain(MINE);
  // Ours is corrected.
  expect(work.series('MSFT')).toContain(`${DAY},31,`);
});
