/**
 * Commands that look at a folder take every dataset that it holds; a pattern takes those that fit, and
 * downloads no trades and quotes.
 */
import { appendFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Workdir } from '../../support/workdir.js';
import { DAY_BEFORE, RANGE, smallMarket } from './folder.js';

async function filled(): Promise<Workdir> {
  const sandbox = await smallMarket();
  const work = await Workdir.make(sandbox);
  work.now = DAY_BEFORE;
  const { code, stderr } = await work.populate(`${RANGE.join(' ')} -t indices_daily,crypto_daily`);
  if (code !== 0) throw new Error(stderr);
  return work;
}

async function datasetsOf(work: Workdir, args: string): Promise<readonly string[]> {
  const { stdout, stderr } = await work.verb(`${args} --json`);
  const { datasets } = JSON.parse(stdout) as { readonly datasets?: readonly { readonly dataset: string }[] };
  if (datasets === undefined) throw new Error(`${stdout}${stderr}`);
  return datasets.map(({ dataset }) => dataset).sort();
}

it('what no --dataset names is every dataset of the folder, and damage in any of them is found', async () => {
  const work = await filled();
  for (const verb of ['verify', 'gaps', 'rebuild', 'status'])
    expect(await datasetsOf(work, verb), verb).toEqual(['crypto_daily', 'indices_daily']);
  for (const verb of ['verify', 'gaps', 'status'])
    expect(await datasetsOf(work, `${verb} -t crypto_*`), verb).toEqual(['crypto_daily']);
  const copy = Object.keys(work.times()).find((file) => /crypto_daily\/\d{4}-.*\.gz$/.test(file)) ?? '';
  appendFileSync(work.at(copy), 'x');
  expect(await work.verb('verify')).toMatchObject({ code: 7, stdout: expect.stringContaining(copy) });
});

it('of nothing nobody says that it is sound', async () => {
  const work = await filled();
  expect(await work.verb('verify -t forex_daily')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Nothing of forex_daily is here'),
  });
  expect(await work.verb('gaps -t stocks_*')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('stocks_* fits nothing that is here'),
  });
});

it('a pattern fetches days and minutes, and names the trades and quotes that it leaves out', async () => {
  const work = await Workdir.make(await smallMarket());
  work.now = DAY_BEFORE;
  const all = await work.populate(`${RANGE.join(' ')} -t stocks_* --archive-only`);
  expect(all.code, all.stderr).toBe(0);
  expect(all.stderr).toContain('left out: stocks_trades, stocks_quotes');
  expect(await datasetsOf(work, 'status')).toEqual(['stocks_daily', 'stocks_minute']);
  const huge = await work.populate(`${RANGE.join(' ')} -t stocks_t*`);
  expect(huge).toMatchObject({ code: 2, stderr: expect.stringContaining('only stocks_trades') });
});
