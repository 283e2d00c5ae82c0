/** What killed runs, other runs and other hands leave in a folder, and what the next run makes of it. */
import { utimesSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import {
  barLine,
  dayObjects,
  getsOf,
  HEADER,
  keyOf,
  market,
  SERIES_HEADER,
  seriesLine,
  together,
  Workdir,
} from '../../support/workdir.js';

const ARGS = '--start 2024-05-01 --end 2024-05-17 --tickers AAPL,TRUE,BCpC';

it('unfinished files of a killed run are removed, those of others are not', async () => {
  const work = await Workdir.make(await market());
  const names = [
    'data_cache/AAPL_1d_data.csv',
    'massive_cache/2024-05-01.csv.gz',
    'massive_cache/.toc/2024-05',
    'progress.json',
  ];
  for (const name of names) await work.write(`${name}.4711.barloom-tmp`, 'torn');
  await work.write('data_cache/notes.tmp', 'mine');
  expect((await work.populate(ARGS)).code).toBe(0);
  const left = Object.keys(work.everything()).filter((name) => name.endsWith('tmp'));
  expect(left).toEqual(['data_cache/notes.tmp']);
});

it('a journal whose end is torn, or that holds a line that is none, is read as far as it goes', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  await work.populate(`${ARGS} --rate-limit 10`, {
    onStderr: (stderr, child) => {
      if (stderr.includes('[ 3/13]')) child.kill('SIGKILL');
    },
  });
  const journal = work.has('progress.ndjson') ? work.read('progress.ndjson') : '';
  for (const text of [
    `${journal}{"step":"day","dataset":"sto`,
    `${journal}rubbish\n{"step":"new"}\nnull\n`,
  ]) {
    await work.write('progress.ndjson', text);
    const { code, stderr } = await work.populate(ARGS);
    expect(code, stderr).toBe(0);
    if (text.includes('rubbish'))
      expect(stderr).toMatch(/warning: progress\.ndjson: \d lines could not be read/);
    expect(work.has('progress.ndjson')).toBe(false);
  }
  const whole = await Workdir.make(sandbox);
  await whole.populate(ARGS);
  expect(work.tiers()).toEqual(whole.tiers());
});

it('however many days at once and however many threads: the same bytes', async () => {
  const sandbox = await market({ tickers: 300 });
  const trees: Readonly<Record<string, string>>[] = [];
  await together(
    ['--concurrency 1 --workers 1', '--concurrency 20 --workers 4', '--concurrency 3 --workers 2'].map(
      async (options) => {
        const work = await Workdir.make(sandbox);
        expect(
          (await work.populate(`--start 2024-05-01 --end 2024-05-31 --all-tickers ${options}`)).code,
        ).toBe(0);
        trees.push(work.tiers());
      },
    ),
  );
  expect(Object.keys(trees[0] ?? {}).length).toBeGreaterThan(200);
  expect(trees[1]).toEqual(trees[0]);
  expect(trees[2]).toEqual(trees[0]);
});

it('in small steps, or all at once, or the newest first: the same bytes', async () => {
  const sandbox = await market();
  const whole = await Workdir.make(sandbox);
  await whole.populate(ARGS);
  const work = await Workdir.make(sandbox);
  for (const [start, end] of [
    ['13', '17'],
    ['06', '08'],
    ['01', '03'],
    ['01', '17'],
  ]) {
    const tickers = start === '13' ? 'AAPL' : 'AAPL,BCpC,TRUE';
    expect(
      (await work.populate(`--start 2024-05-${start} --end 2024-05-${end} --tickers ${tickers}`)).code,
    ).toBe(0);
  }
  expect(work.tiers()).toEqual(whole.tiers());
  expect(Object.values(await getsOf(sandbox)).every((gets) => gets === 2)).toBe(true);
});

it('progress.json is gone and the vendor has replaced a day since: a copy older than the vendor’s file is not believed', async () => {
  const day = '2024-05-01';
  const sandbox = await market({ objects: dayObjects({ [day]: HEADER + barLine('AAPL', 10) }) });
  const work = await Workdir.make(sandbox);
  const one = `--start ${day} --end ${day} --tickers AAPL`;
  await work.populate(one);
  await work.remove('progress.json');
  await sandbox.replace(keyOf(day), gzipSync(HEADER + barLine('AAPL', 12)));
  utimesSync(work.at('massive_cache', `${day}.csv.gz`), new Date('2024-05-02'), new Date('2024-05-02'));
  const { code, summary } = await work.populateJson(one);
  expect(code).toBe(0);
  expect(summary.replaced).toMatchObject([{ day, changed: 1 }]);
  expect(work.series('AAPL')).toBe(SERIES_HEADER + seriesLine(day, 12));
});

it('a range without a session is listed all the same, and complete where nothing is there', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  const { code, summary } = await work.populateJson('--start 2024-05-04 --end 2024-05-05 --tickers AAPL');
  expect([code, summary.days.sessions, summary.extra]).toEqual([0, 0, []]);
  expect(await sandbox.requests()).toMatchObject({ lists: 1, gets: 0 });
});

it('from series alone to archive too, from archive alone to series too', async () => {
  const sandbox = await market();
  const whole = await Workdir.make(sandbox);
  await whole.populate(ARGS);
  const series = await Workdir.make(sandbox);
  await series.populate(`${ARGS} --no-save-others`);
  expect((await series.populate(ARGS)).code).toBe(0);
  expect(series.tiers()).toEqual(whole.tiers());
  const archive = await Workdir.make(sandbox);
  await archive.populate(`${ARGS.replace(/ --tickers.*/, '')} --archive-only`);
  const { code, summary } = await archive.populateJson(ARGS);
  expect(code).toBe(0);
  expect(summary.days).toMatchObject({ from_archive: 13 });
  expect(archive.tiers()).toEqual(whole.tiers());
});
