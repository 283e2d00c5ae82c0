/** `barloom backfill`: fetches exactly the days that gaps found, and nothing else. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import type { DatasetSummary } from '#tasks/populate/summary.js';
import {
  barLine,
  dayObjects,
  type Ended,
  getsOf,
  HEADER,
  keyOf,
  market,
  type RunOptions,
  Workdir,
} from '../../support/workdir.js';
import { DENIED, FAILED, gapsJson, holed, MISSING, ranges } from './holes.js';

function backfill(work: Workdir, args: readonly string[] = [], options: RunOptions = {}): Promise<Ended> {
  const where = work.endpoint === undefined ? [] : ['--endpoint', work.endpoint];
  return work.run(['backfill', '--data-dir', work.data, ...where, ...args], options);
}

function summaryOf({ stdout }: Ended): DatasetSummary {
  const { datasets } = JSON.parse(stdout) as { readonly datasets: readonly DatasetSummary[] };
  if (datasets[0] === undefined) throw new Error(stdout);
  return datasets[0];
}

/** The days that were asked for while `body` ran, ascending. */
async function gotten(sandbox: RunningSandbox, body: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await getsOf(sandbox);
  await body();
  return Object.entries(await getsOf(sandbox))
    .filter(([key, n]) => n > (before[key] ?? 0))
    .map(([key]) => key.slice(-17, -7))
    .sort();
}

it('backfill fetches what gaps found, and not a day more; then nothing is left, and nothing is asked', async () => {
  const { work, sandbox } = await holed(true);
  // The vendor has mended one of its days; the missing ones it still lacks, and of the denied one is probed.
  await sandbox.replace(keyOf(FAILED), gzipSync(HEADER + barLine('AAPL', 7)));
  let ended: Ended | undefined;
  const days = await gotten(sandbox, async () => {
    ended = await backfill(work, ['--json']);
  });
  expect(ended?.code, ended?.stderr).toBe(3);
  expect(days).toEqual([DENIED.at(-1), FAILED]);
  const summary = summaryOf(ended as Ended);
  expect(summary.days).toMatchObject({ sessions: 7, fetched: 1, missing: 3, denied: 3, failed: 0 });
  expect(work.archiveText(FAILED)).toBe(HEADER + barLine('AAPL', 7));
  expect(work.series('AAPL')).toContain(`${FAILED},7,`);

  // What is accepted is left out; --only takes a part; a dry run only says so.
  const accept = ['--accept', [...DENIED, MISSING[0]].join(','), '--reason', 'so'];
  expect((await gapsJson(work, ...accept)).code).toBe(3);
  const times = work.times();
  const dry = await backfill(work, ['--dry-run']);
  expect([dry.code, work.times()]).toEqual([0, times]);
  expect(dry.stdout).toContain('Nothing was written.');
  expect(summaryOf(await backfill(work, ['--json', '--only', 'missing,denied'])).days.sessions).toBe(2);
  const lists = (await sandbox.requests()).lists;
  const none = await backfill(work, ['--only', 'denied,failed']);
  expect([none.code, none.stdout]).toEqual([
    0,
    'Nothing to do: no open holes from 2024-05-15 to 2024-06-13, of denied, failed.\n',
  ]);
  expect(await backfill(work, ['--start', '2024-06-07'])).toMatchObject({ code: 0 });
  expect((await sandbox.requests()).lists).toBe(lists);
});

it('backfill takes what gaps --json writes, through a pipe or as a file', async () => {
  const { work, sandbox } = await holed(true);
  await work.remove('massive_cache', '2024-06-03.csv.gz');
  await work.remove('massive_cache', '2024-06-10.csv.gz');
  const { stdout } = await gapsJson(work, '--start', '2024-06-01', '--end', '2024-06-07');
  const file = path.join(work.root, 'gaps.json');
  await writeFile(file, stdout);
  await sandbox.replace(keyOf(FAILED), gzipSync(HEADER + barLine('AAPL')));
  let ended: Ended | undefined;
  const days = await gotten(sandbox, async () => {
    ended = await backfill(work, ['--gaps-file', '-', '--json'], {
      within: ['sh', '-c', 'exec "$@" < "$0"', file],
    });
  });
  expect(ended?.code, ended?.stderr).toBe(3);
  expect(days).toEqual(['2024-06-03', FAILED]);
  expect(summaryOf(ended as Ended).days).toMatchObject({ sessions: 3, fetched: 2, missing: 1 });
  expect(work.has('massive_cache', '2024-06-10.csv.gz')).toBe(false);

  // The same file again: what is here by now is not fetched again.
  expect(await gotten(sandbox, () => backfill(work, ['--gaps-file', file]))).toEqual([]);
});

it('a gaps file that is none, or does not fit the calendar, is refused in a sentence, and nothing is asked', async () => {
  const { work, sandbox } = await holed();
  const asked = (await sandbox.requests()).records.length;
  const gap = { start: '2024-05-25', end: '2024-05-28', state: 'missing' };
  const document = { schema_version: 1, datasets: [{ dataset: 'stocks_daily', gaps: [gap] }] };
  const file = path.join(work.root, 'gaps.json');
  const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['', ['--gaps-file', file], /gaps\.json is not JSON/],
    [JSON.stringify(document), ['--gaps-file', file], /2024-05-25, which is no session/],
    [JSON.stringify(document).replace('stocks', 'tulip'), ['--gaps-file', file], /known are stocks_daily/],
    ['{}', ['--gaps-file', file, '--months', '1'], /only one of --gaps-file and --months/],
    ['{}', ['--gaps-file', path.join(work.root, 'none.json')], /There is no gaps file .*none\.json/],
    ['{}', ['--only', 'missing,lost'], /--only lost is no state of a hole: give some of missing, denied/],
  ];
  for (const [text, args, sentence] of refusals) {
    await writeFile(file, text);
    const { code, stdout, stderr } = await backfill(work, args);
    expect(stderr).toMatch(sentence);
    expect([code, stdout, stderr.split('\n').length], stderr).toEqual([2, '', 2]);
  }
  const failed = await backfill(work, ['--gaps-file', '-'], {
    within: ['sh', '-c', `"$1" "$2" gaps --json --data-dir nowhere 2>&- | "$@"`, 'sh'],
  });
  expect(failed.stderr).toMatch(/What came on stdin is of a gaps run that failed/);
  expect(failed.code).toBe(2);
  expect((await sandbox.requests()).records.length).toBe(asked);
});

/** As prune leaves it: the file is gone, and the record says why. */
async function prune(work: Workdir, day: string): Promise<void> {
  await work.remove('massive_cache', `${day}.csv.gz`);
  const { datasets } = JSON.parse(work.read('progress.json')) as {
    readonly datasets: Readonly<Record<string, { readonly days: Readonly<Record<string, object>> }>>;
  };
  const record = { ...datasets['stocks_daily']?.days[day], pruned: true };
  const step = { step: 'day', dataset: 'stocks_daily', day, record };
  await work.write('progress.ndjson', `${JSON.stringify(step)}\n`);
}

it('backfill brings pruned days back only when they are named, and then really fetches them', async () => {
  const days = ['2024-05-01', '2024-05-02', '2024-05-03'];
  const objects = dayObjects(
    Object.fromEntries(days.map((day, i) => [day, HEADER + barLine('AAPL', i + 1)])),
  );
  const sandbox = await market({ objects });
  const work = await Workdir.make(sandbox);
  const range = '--start 2024-05-01 --end 2024-05-03 --tickers AAPL';
  expect((await work.populate(range)).code).toBe(0);
  const tiers = work.tiers();
  await prune(work, '2024-05-02');
  const range2 = ['--start', '2024-05-01', '--end', '2024-05-03'];
  const pruned = await gapsJson(work, ...range2);
  expect(ranges(pruned)).toEqual(['pruned 2024-05-02 2024-05-02 1']);
  // Removed on purpose: told, and no open hole.
  expect(pruned).toMatchObject({ code: 0, found: { pruned: 1, open: 0 } });

  for (const args of [[], ['--only', 'available,missing']])
    expect(await gotten(sandbox, () => backfill(work, [...range2, ...args]))).toEqual([]);
  expect((await work.populateJson(range)).summary.days).toMatchObject({ pruned: 1, unchanged: 2 });
  let ended: Ended | undefined;
  const fetched = await gotten(sandbox, async () => {
    ended = await backfill(work, [...range2, '--only', 'pruned', '--json']);
  });
  expect(ended?.code, ended?.stderr).toBe(0);
  expect(fetched).toEqual(['2024-05-02']);
  expect(summaryOf(ended as Ended).days).toMatchObject({ sessions: 1, fetched: 1 });
  expect(work.tiers()).toEqual(tiers);
  expect(ranges(await gapsJson(work, ...range2))).toEqual([]);
});

it('a folder that was made without an archive stays so', async () => {
  const { work, sandbox } = await holed(true, '--tickers AAPL --no-save-others');
  await sandbox.replace(keyOf(FAILED), gzipSync(HEADER + barLine('AAPL', 7)));
  const { code, stderr } = await backfill(work, ['--only', 'failed']);
  expect(code, stderr).toBe(0);
  expect(work.series('AAPL')).toContain(`${FAILED},7,`);
  expect(Object.keys(work.tiers()).filter((name) => name.startsWith('massive_cache/'))).toEqual([]);
});

it('without keys it says so before it takes the lock or makes anything', async () => {
  const { work } = await holed();
  const before = work.everything();
  const { code, stderr } = await backfill(work, [], {
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
  });
  expect(code).toBe(4);
  expect(stderr).toMatch(/^barloom: .*keys/i);
  expect(work.everything()).toEqual(before);
});
