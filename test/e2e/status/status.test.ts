/** What status says of a folder is what is in the folder, and the folder is after it as it was before. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { DatasetStatus, FolderStatus } from '#tasks/status/status.js';
import { market, Workdir } from '../../support/workdir.js';

type Document = FolderStatus & { readonly exit_code: number; readonly error?: { readonly message: string } };

async function statusOf(work: Workdir, ...args: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await work.run(['status', '--data-dir', work.data, '--json', ...args]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Document;
}

function only(document: FolderStatus): DatasetStatus {
  const [dataset, ...more] = document.datasets;
  expect(more).toEqual([]);
  if (dataset === undefined) throw new Error('no dataset');
  return dataset;
}

/**
 * 22 sessions in May and 9 in June: 2024-05-01 to -03 are denied (one accepted), 2024-05-15 is missing,
 * 2024-06-13 is pending, 26 are here. AAPL and MSFT have series, TEST.NONE has none, and nobody tracks OLD.
 */
async function knownFolder(): Promise<Workdir> {
  const sandbox = await market({
    missing: ['2024-05-15', '2024-06-13'],
    denied: [{ end: '2024-05-03' }],
  });
  const work = await Workdir.make(sandbox);
  await work.write('stocks.txt', 'AAPL\nTEST.NONE\n');
  const accepted = [{ dataset: 'stocks_daily', day: '2024-05-02', reason: 'not in my plan' }];
  await work.write('accepted.json', JSON.stringify({ schema_version: 1, accepted }));
  const { code, stderr } = await work.populate('--start 2024-05-01 --end 2024-06-13 --tickers MSFT');
  expect(code, stderr).toBe(3);
  await work.write('data_cache/OLD_1d_data.csv', 'Date,Open,High,Low,Close,Volume\n');
  return work;
}

/** Everything that a reader could change: contents, times, inodes, and the folders' own times. */
function untouched(work: Workdir): unknown {
  const folders = ['.', 'data_cache', 'massive_cache', 'massive_cache/.toc'].map((name) =>
    String(statSync(path.join(work.data, name), { bigint: true }).mtimeNs),
  );
  return [work.everything(), work.times(), folders];
}

it('counts what is here, what is not and why, and adds up', async () => {
  const work = await knownFolder();
  const document = await statusOf(work);
  const status = only(document);
  expect(status).toMatchObject({
    dataset: 'stocks_daily',
    first: '2024-05-06',
    last: '2024-06-12',
    range: { start: '2024-05-01', end: '2024-06-13' },
    accepted: 1,
    behind: 1,
    next: { day: '2024-06-14', due: '2024-06-15T15:00:00.000Z', time_zone: 'America/New_York' },
  });
  expect(status.days).toEqual({
    ...{ sessions: 31, done: 26, pending: 1, missing: 1, available: 0 },
    ...{ denied: 3, failed: 0, pruned: 0, never_asked: 0, extra: 0 },
  });
  expect(status.months).toEqual([
    { month: '2024-05', sessions: 22, done: 18, pending: 0, holes: 4, extra: 0, accepted: 1 },
    { month: '2024-06', sessions: 9, done: 8, pending: 1, holes: 0, extra: 0, accepted: 0 },
  ]);
  expect(status.tickers).toEqual({
    tracked: 3,
    lists: [
      { file: 'stocks.txt', tickers: 2 },
      { file: 'tracked.txt', tickers: 1 },
    ],
    without_series: { count: 1, first: ['TEST.NONE'] },
  });
  const sizes = (folder: string, end: string): number[] =>
    readdirSync(work.at(folder))
      .filter((name) => name.endsWith(end))
      .map((name) => statSync(work.at(folder, name)).size);
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
  expect(status.series).toMatchObject({
    files: 3,
    bytes: sum(sizes('data_cache', '_1d_data.csv')),
    untracked: { count: 1, first: ['OLD'] },
  });
  expect(status.archive).toMatchObject({
    files: 26,
    bytes: sum(sizes('massive_cache', '.csv.gz')),
    toc_bytes: sum(sizes('massive_cache/.toc', '')),
    sampled: 8,
  });
  const days = readdirSync(work.at('massive_cache')).filter((name) => name.endsWith('.csv.gz'));
  const text = sum(days.map((name) => Buffer.byteLength(work.archiveText(name.slice(0, 10)))));
  expect((status.archive.text_bytes ?? 0) / text).toBeGreaterThan(0.97);
  expect((status.archive.text_bytes ?? 0) / text).toBeLessThan(1.03);
  expect(document).toMatchObject({ exit_code: 0, running: null, warnings: [], data_dir: work.data });
  expect(document.last_run).toMatchObject({
    ...{
      command: 'populate',
      exit_code: 3,
      fetched: 26,
      from_archive: 0,
      started: '2024-06-14T17:00:00.000Z',
    },
    range: { start: '2024-05-01', end: '2024-06-13' },
  });
});

it('status says it to people, at any width, with signs alone where it is piped', async () => {
  const work = await knownFolder();
  const env = { TZ: 'Europe/Berlin', LANG: 'C.UTF-8' };
  const { code, stdout, stderr } = await work.run(['status', '--data-dir', work.data], { env });
  expect(code, stderr).toBe(0);
  const lines = stdout.split('\n');
  for (const line of [
    'stocks_daily  2024-05-06 to 2024-06-12  (US stocks, a bar a day)',
    '  days       31 sessions: 26 done, 1 pending, 1 missing, 3 denied',
    '             4 holes, 1 of them accepted: barloom gaps says which and why',
    '       Jan  Feb  Mar  Apr  May  Jun  Jul  Aug  Sep  Oct  Nov  Dec',
    '  2024 ··   ··   ··   ··   ▓▓4  ██   ··   ··   ··   ··   ··   ··',
    '  tickers    3 tracked: stocks.txt 2, tracked.txt 1',
    '             1 without a series: TEST.NONE',
    '             1 that nobody tracks: OLD',
    '  next file  2024-06-14, due Sat 2024-06-15 11:00 in New York (17:00 here,',
    '             Europe/Berlin)',
  ])
    expect(lines, stdout).toContain(line);
  expect(stdout).toMatch(/last run {3}populate, 2024-06-14 19:00, .*26 days fetched.*\n?.*exit 3/);
  for (const columns of [20, 33, 40, 60, 80, 200]) {
    const narrow = await work.run(['status', '--data-dir', work.data], {
      env: { TZ: '', COLUMNS: String(columns), TERM: 'dumb' },
    });
    expect(narrow.code, narrow.stderr).toBe(0);
    for (const line of narrow.stdout.split('\n'))
      expect(line.length, line).toBeLessThan(Math.min(columns, 80));
    expect(narrow.stdout).toMatch(/^[ -~\n]*$/);
  }
});

it('changes nothing: not after a kill, not where progress.json is damaged', async () => {
  const work = await knownFolder();
  await work.write(
    'progress.ndjson',
    '{"step":"day","dataset":"stocks_daily","day":"2024-05-16","record":{}}\n{"torn',
  );
  const before = untouched(work);
  expect((await statusOf(work)).warnings).toEqual([]);
  expect((await work.run(['status', '--data-dir', work.data])).code).toBe(0);
  expect(untouched(work)).toEqual(before);

  await work.write('progress.json', '{"schema_version":1');
  const damaged = untouched(work);
  const document = await statusOf(work);
  expect(document.warnings.join()).toMatch(/progress\.json: .*it is not used/);
  expect(only(document).days.done).toBe(26);
  expect(untouched(work)).toEqual(damaged);
});

it('without progress.json the folders tell what is here, only not why the rest is not', async () => {
  const work = await knownFolder();
  await work.remove('progress.json');
  await work.remove('.barloom.run');
  const document = await statusOf(work);
  expect(document.last_run).toBeNull();
  expect(only(document)).toMatchObject({
    range: { start: '2024-05-06', end: '2024-06-13' },
    days: { sessions: 28, done: 26, pending: 1, never_asked: 1, missing: 0, denied: 0 },
  });
});

it('an empty folder: what to run first, exit 2', async () => {
  const work = await Workdir.make();
  for (const flags of [[], ['--watch'], ['--json'], ['--watch', '--json']]) {
    const { code, stdout, stderr } = await work.run(['status', '--data-dir', work.data, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain('run barloom populate --months 1 first');
    if (flags.includes('--json')) expect(JSON.parse(stdout)).toMatchObject({ exit_code: 2, datasets: [] });
    else expect(stdout).toBe('');
  }
  expect(work.has()).toBe(false);
});
