/**
 * -t with several datasets: what one of them cannot have does not keep the others from theirs, and is said
 * once.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { getsOf, Workdir } from '../../support/workdir.js';
import {
  archiveFiles,
  command,
  DAY_BEFORE,
  DAYS,
  expectTiers,
  NEXT_DAY,
  RANGE,
  seriesFiles,
  smallMarket,
  textsOf,
} from './folder.js';
import { keyOf, named, seriesOf } from './small-market.js';

let sandbox: RunningSandbox;
let refusing: RunningSandbox;

beforeAll(async () => {
  sandbox = await smallMarket();
  refusing = await smallMarket({ deniedDatasets: ['us_indices/day_aggs_v1', 'global_forex/minute_aggs_v1'] });
});
afterAll(async () => {
  await sandbox.close();
  await refusing.close();
});

async function emptyFolder(): Promise<Workdir> {
  const work = await Workdir.make();
  work.now = DAY_BEFORE;
  return work;
}

const populate = (
  work: Workdir,
  datasets: string,
  of: { readonly endpoint: string },
  ...more: readonly string[]
) => command(work, ['populate', '-t', datasets, ...(more.includes('--start') ? [] : RANGE), ...more], of);

it('one that the keys may not read: exit 3, told once, and the others are there', async () => {
  const work = await emptyFolder();
  const names = 'stocks_daily,indices_daily,forex_minute,crypto_daily';
  const { code, stdout, stderr } = await populate(work, names, refusing, '--tickers', 'AAP', '--json');
  expect(code, stderr).toBe(3);
  const { datasets, exit_code } = JSON.parse(stdout);
  expect(exit_code).toBe(3);
  expect(datasets.map(({ dataset }: { dataset: string }) => dataset)).toEqual(names.split(','));
  expect(datasets.map(({ days }: { days: { denied: number } }) => days.denied)).toEqual([0, 2, 3, 0]);
  // No session of currencies, and listed all the same.
  expect(datasets[2].extra).toEqual([{ day: '2026-10-31', state: 'denied' }]);
  expectTiers(work, named('stocks_daily'), DAYS, ['AAP']);
  expectTiers(work, named('crypto_daily'), DAYS);
  // Each asked for at most two days before it was clear.
  const gets = await getsOf(refusing);
  expect(Object.keys(gets).filter((key) => key.startsWith('us_indices')).length).toBeLessThanOrEqual(2);
  expect(Object.keys(gets).filter((key) => key.startsWith('global_forex')).length).toBeLessThanOrEqual(2);

  const plain = await populate(work, names, refusing);
  expect(plain.code).toBe(3);
  // A probe each, and a line each.
  const after = await getsOf(refusing);
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  expect(sum(after) - sum(gets)).toBe(2);
  const denials = plain.stderr.split('\n').filter((line) => /denied|not entitled|plan/i.test(line));
  expect(denials.length, plain.stderr).toBeLessThanOrEqual(4);

  const all = await populate(work, 'indices_daily,forex_minute', refusing);
  expect(all.code, all.stderr).toBe(4);
});

it('wrong keys end it at the first, with 4, and make nothing', async () => {
  const work = await emptyFolder();
  const { code, stdout, stderr } = await command(
    work,
    ['populate', '-t', 'crypto_daily,indices_daily,forex_daily', ...RANGE],
    sandbox,
  );
  expect(code, stdout + stderr).toBe(0);
  const wrong = await work.run(
    [
      'populate',
      '-t',
      'crypto_minute,indices_minute',
      ...RANGE,
      '--data-dir',
      work.data,
      '--endpoint',
      sandbox.endpoint,
    ],
    { env: { AWS_SECRET_ACCESS_KEY: 'not-the-secret' } },
  );
  expect(wrong.code).toBe(4);
  expect(wrong.stderr.match(/^barloom: /gm)?.length, wrong.stderr).toBe(1);
  expect(wrong.stdout + wrong.stderr).not.toContain('not-the-secret');
});

it('each begins at its first day, with a note', async () => {
  const work = await emptyFolder();
  const early = ['--start', '2014-05-30', '--end', '2014-06-03', '--dry-run'];
  const two = await populate(
    work,
    'stocks_daily,options_daily',
    sandbox,
    ...early,
    '--tickers',
    'AAP',
    '--underlying',
    'SPY',
    '--json',
  );
  expect(two.code, two.stderr).toBe(0);
  expect(two.stderr).toContain('options_daily begins on 2014-06-02, its first day');
  expect(JSON.parse(two.stdout)).toMatchObject({
    dry_run: true,
    datasets: [{ range: { start: '2014-05-30' } }, { range: { start: '2014-06-02', end: '2014-06-03' } }],
  });
  const late = await populate(
    work,
    'stocks_daily,options_quotes',
    sandbox,
    ...early,
    '--tickers',
    'AAP',
    '--underlying',
    'SPY',
  );
  expect(late.code).toBe(2);
  expect(late.stderr).toMatch(
    /options_quotes: --end 2014-06-03 is before the dataset's first day; give 2022-03-07/,
  );
  expect(work.has()).toBe(false);
});

it.each([
  ['-t forex_daily,crypto_daily --tickers ABC-DEF', /say which, C:ABC-DEF or X:ABC-DEF/],
  ['-t stocks_daily --tickers X:BTC-USD', /--tickers X:BTC-USD: stocks_daily has no such tickers/],
  ['-t indices_daily --tickers X:BTC-USD', /--tickers X:BTC-USD: indices_daily has no such tickers/],
  ['-t forex_daily,indices_daily --tickers X:BTC-USD', /forex_daily and indices_daily have no such tickers/],
  ['-t indices_daily --tickers I:', /--tickers I:: indices_daily has no such tickers/],
  ['-t options_daily', /No underlyings: say --underlying SPY,AAPL for options_daily/],
  ['-t stocks_daily --tickers AAPL --underlying SPY', /--underlying is for options/],
  ['-t stocks_daily,options_daily --tickers AAPL', /No underlyings/],
  ['-t options_daily,stocks_daily --underlying SPY', /No tickers/],
  ['-t options_daily --underlying spy', /--underlying spy: .* capital letters and digits: SPY/],
  ['-t options_daily --underlying BRK.B', /--underlying BRK\.B: .*: BRKB/],
  ['-t options_daily --underlying I:SPX', /--underlying I:SPX: .*: SPX/],
  ['-t options_daily --underlying TSLA1', /TSLA1: its contracts stand in the series of the underlying, TSLA/],
  ['-t options_daily --underlying O:SPY261120C00600000', /is a contract: say what it is on, SPY/],
  ['-t options_daily --tickers O:SPY261120C00600000', /is a contract: say what it is on, SPY/],
  ['-t nope --tickers AAPL', /--dataset nope is not known: give stocks_daily/],
  ['-t , --tickers AAPL', /names none: barloom datasets/],
])('%s: a usage error, and nothing is made', async (args, message) => {
  const work = await emptyFolder();
  const { code, stderr } = await command(work, ['populate', ...args.split(' '), ...RANGE], sandbox);
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(message);
  expect(work.has()).toBe(false);
});

it('names with spaces, tickers of several markets, and one named twice', async () => {
  const work = await emptyFolder();
  const { code, stderr } = await populate(
    work,
    'stocks_daily, indices_daily,,stocks_daily',
    sandbox,
    '--tickers',
    'I:SPX,AAP',
  );
  expect(code, stderr).toBe(0);
  expectTiers(work, named('stocks_daily'), DAYS, ['AAP']);
  expectTiers(work, named('indices_daily'), DAYS, ['I:SPX']);
  expect(work.read('tracked.txt').trim().split('\n').sort()).toEqual(['AAP', 'I:SPX']);
});

it('weekly looks after all datasets of the folder: what is gone of either comes back, and the next day with it', async () => {
  const work = await emptyFolder();
  expect((await populate(work, 'indices_daily,crypto_daily', sandbox)).code).toBe(0);
  await work.remove('data_cache', 'indices_daily', 'SPX_1d_data.csv');
  await work.remove('massive_cache', 'crypto_daily', `${DAYS[1]}.csv.gz`);
  const { code, stdout, stderr } = await command(work, ['weekly'], sandbox);
  expect(code, stderr).toBe(0);
  for (const name of ['indices_daily', 'crypto_daily']) {
    expect(stdout).toMatch(
      new RegExp(`^weekly ${name}: \\d+ days and \\d+ series sound, no open holes`, 'm'),
    );
    expectTiers(work, named(name), [...DAYS, NEXT_DAY]);
  }
});

it('every ticker of an index dataset is kept on, though one of them is tracked by now', async () => {
  const work = await emptyFolder();
  const day = (n: number): string[] => ['--start', DAYS[n] as string, '--end', DAYS[n] as string];
  const run = (...args: string[]) => command(work, [...args, '-t', 'indices_daily'], sandbox);
  expect((await run('populate', ...day(0))).code).toBe(0);
  expect((await run('add', 'SPX')).code).toBe(0);
  expect(work.read('tracked.txt').trim()).toBe('I:SPX');
  expect((await run('populate', ...day(3))).code).toBe(0);
  expectTiers(work, named('indices_daily'), [DAYS[0] as string, DAYS[3] as string]);
});

it('Ctrl-C in the second: 130, the first stays, and the next run ends it', async () => {
  const slow = await smallMarket({ faults: { faults: [] } });
  try {
    const work = await emptyFolder();
    const names = 'crypto_daily,crypto_minute,forex_minute';
    let sent = false;
    const { code, stdout, stderr } = await work.run(
      [
        'populate',
        '-t',
        names,
        ...RANGE,
        '--json',
        '--concurrency',
        '1',
        '--rate-limit',
        '2',
        '--data-dir',
        work.data,
        '--endpoint',
        slow.endpoint,
      ],
      {
        onStderr: (text, child) => {
          if (sent || !text.includes('crypto_minute')) return;
          sent = true;
          child.kill('SIGINT');
        },
      },
    );
    expect(code, stderr).toBe(130);
    const { exit_code, datasets } = JSON.parse(stdout);
    expect(exit_code).toBe(130);
    expect(datasets[0]).toMatchObject({ dataset: 'crypto_daily', days: { fetched: 4 } });
    expect(datasets.map(({ dataset }: { dataset: string }) => dataset)).not.toContain('forex_minute');
    expectTiers(work, named('crypto_daily'), DAYS);
    expect((await populate(work, names, slow)).code).toBe(0);
    for (const name of names.split(',')) expectTiers(work, named(name), DAYS);
    const gets = await getsOf(slow);
    for (const day of DAYS) expect(gets[keyOf(named('crypto_daily'), day)]).toBe(1);
  } finally {
    await slow.close();
  }
});

it('a folder that another run holds: 11, whatever is asked', async () => {
  const work = await emptyFolder();
  let second: Promise<{ readonly code: number | null; readonly stderr: string }> | undefined;
  const first = await work.run(
    [
      'populate',
      '-t',
      'crypto_daily,forex_daily',
      ...RANGE,
      '--concurrency',
      '1',
      '--rate-limit',
      '2',
      '--data-dir',
      work.data,
      '--endpoint',
      sandbox.endpoint,
    ],
    {
      onStderr: (text) => {
        if (text.includes('crypto_daily')) second ??= populate(work, 'indices_daily,forex_daily', sandbox);
      },
    },
  );
  expect(first.code, first.stderr).toBe(0);
  const held = await second;
  expect(held?.code, held?.stderr).toBe(11);
});

it('stocks_minute beside stocks_daily: neither touches a file of the other', async () => {
  const work = await emptyFolder();
  const [days, minutes] = [named('stocks_daily'), named('stocks_minute')];
  const names = ['--tickers', 'AAP,NA'];
  expect((await populate(work, 'stocks_daily', sandbox, ...names)).code).toBe(0);
  const untouched = (suffix: string) =>
    Object.entries(work.times()).filter(([file]) => file.startsWith('data_cache/') && file.includes(suffix));
  const before = untouched('_1d_');
  expect((await populate(work, 'stocks_minute', sandbox, ...names)).code).toBe(0);
  expect((await command(work, ['rebuild', '-t', 'stocks_minute', '--all-tickers'])).code).toBe(0);
  expect(untouched('_1d_')).toEqual(before);
  expect(seriesFiles(work, minutes)).toEqual(seriesOf(minutes, textsOf(minutes, DAYS)));
  const minuteFiles = untouched('_1m_');
  expect((await command(work, ['remove', 'NA', '-t', 'stocks_daily', '--delete', '--yes'])).code).toBe(0);
  expect((await command(work, ['rebuild', '--all-tickers'])).code).toBe(0);
  expect(untouched('_1m_')).toEqual(minuteFiles);
  expect(seriesFiles(work, days)).toEqual(seriesOf(days, textsOf(days, DAYS)));
  expect(archiveFiles(work, days)).toEqual(textsOf(days, DAYS));
  expect(readFileSync(work.at('data_cache', 'NA_1m_data.csv'), 'utf8')).toContain(
    '2026-10-30 04:00:00-04:00,',
  );
});
