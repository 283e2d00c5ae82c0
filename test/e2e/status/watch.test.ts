/** Looking on while a run goes: how far it is, what it came to, and an end without traces. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { FolderStatus } from '#tasks/status/status.js';
import { type Ended, market, Workdir } from '../../support/workdir.js';
import { watch } from './watching.js';

const RANGE = '--start 2024-05-01 --end 2024-05-31';
/** 22 days at four a second. */
const SLOW = `${RANGE} --tickers AAPL --rate-limit 4`;

/** A run that goes on when this returns. */
async function slowRun(work: Workdir): Promise<{ readonly ended: Promise<Ended>; readonly pid: number }> {
  let ended: Promise<Ended> | undefined;
  const pid = await new Promise<number>((resolve, reject) => {
    ended = work.populate(SLOW, {
      onStderr: (stderr, child) => {
        if (stderr.includes('to do: ')) resolve(child.pid ?? 0);
      },
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  if (ended === undefined) throw new Error('nothing was started');
  return { ended, pid };
}

async function statusOf(work: Workdir): Promise<FolderStatus> {
  const { code, stdout, stderr } = await work.run(['status', '--data-dir', work.data, '--json']);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as FolderStatus;
}

it('while a run goes, it tells who is at it and how far it is; afterwards what it came to', async () => {
  const work = await Workdir.make(await market());
  const { ended, pid } = await slowRun(work);
  const seen: number[] = [];
  for (let status = await statusOf(work); status.running !== null; status = await statusOf(work)) {
    expect(status.running).toMatchObject({ command: 'populate', pid, here: true });
    const { run } = status.running;
    if (run !== null) {
      expect(run).toMatchObject({ days: 22, exit_code: null, ended: null });
      expect(run.fetched).toBeLessThanOrEqual(run.done);
      seen.push(run.done);
    }
  }
  expect((await ended).code).toBe(0);
  expect(new Set(seen).size).toBeGreaterThan(2);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  const after = await statusOf(work);
  expect(after.running).toBeNull();
  expect(after.last_run).toMatchObject({ pid, days: 22, done: 22, fetched: 22, exit_code: 0 });
  expect(after.datasets[0]?.days.done).toBe(22);
});

it('a run that was killed is told as one that did not end, and the next one as its own', async () => {
  const work = await Workdir.make(await market());
  const { ended, pid } = await slowRun(work);
  const follower = watch(work);
  await follower.until(/populate day \d+ of 22/);
  process.kill(pid, 'SIGKILL');
  await ended;
  await follower.until(/populate did not end: day \d+ of 22/);
  follower.kill('SIGTERM');
  expect((await follower.ended).code).toBe(143);
  const { stdout } = await work.run(['status', '--data-dir', work.data]);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(/last run populate, .* did not end .* run it again to go on/);
  expect((await statusOf(work)).running).toBeNull();
  expect((await work.populate(RANGE)).code).toBe(0);
  expect((await statusOf(work)).last_run).toMatchObject({ exit_code: 0, days: expect.any(Number) });
});

it('a run that finds nothing to do leaves the trace of the one that did; one that ends otherwise tells so', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  await work.populate(`${RANGE} --tickers AAPL`);
  const { last_run: first } = await statusOf(work);
  expect(first).toMatchObject({ fetched: 22, exit_code: 0 });
  const times = work.times();
  expect((await work.populate(`${RANGE} --dry-run`)).code).toBe(0);
  expect((await work.populate(RANGE)).code).toBe(0);
  expect(work.times()).toEqual(times);
  await sandbox.setFaults({ faults: [{ kind: 'skew403' }] });
  const failed = await work.populate('--start 2024-04-29 --end 2024-05-31');
  expect(failed.code).not.toBe(0);
  expect((await statusOf(work)).last_run).toMatchObject({ days: 0, exit_code: failed.code });
});

it('--watch through a pipe: a line a change, the end among them, and SIGINT ends it', async () => {
  const work = await Workdir.make(await market());
  const { ended } = await slowRun(work);
  const follower = watch(work);
  await follower.until(/populate day [1-9]\d* of 22, .*; stocks_daily: /);
  await ended;
  await follower.until(/populate ended: exit 0, 22 days fetched; stocks_daily: 22 done/);
  const before = work.times();
  follower.kill('SIGINT');
  const { code, stdout, stderr } = await follower.ended;
  expect(code).toBe(130);
  expect(stderr).toBe('');
  const lines = stdout.split('\n').slice(0, -1);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter((line, i) => line === lines[i - 1])).toEqual([]);
  expect(stdout).not.toContain('<ESC>');
  expect(work.times()).toEqual(before);
});

it('--watch --json: a document a change, each on a line', async () => {
  const work = await Workdir.make(await market());
  const { ended } = await slowRun(work);
  const follower = watch(work, ['--json']);
  await follower.until(/"running":\{/);
  await ended;
  await follower.until(/"running":null.*\n$/);
  follower.kill('SIGINT');
  const { code, stdout } = await follower.ended;
  expect(code).toBe(130);
  const documents = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as FolderStatus & { readonly schema_version: number });
  expect(documents.every((document) => document.schema_version === 1)).toBe(true);
  expect(documents.at(-1)?.last_run).toMatchObject({ exit_code: 0, fetched: 22 });
});

it('--watch ends by itself once nobody reads it any more', async () => {
  const work = await Workdir.make(await market());
  await work.populate('--start 2024-05-01 --end 2024-05-03 --tickers AAPL');
  const follower = watch(work);
  await follower.until(/3 done/);
  follower.hangUp();
  expect((await work.populate('--start 2024-05-06 --end 2024-05-07')).code).toBe(0);
  expect((await follower.ended).code).toBe(0);
});

const script = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

it.skipIf(!script)(
  '--watch on a terminal: a screen of its own, and the last picture on the ordinary one',
  async () => {
    const work = await Workdir.make(await market());
    await work.populate('--start 2024-05-01 --end 2024-05-03 --tickers AAPL');
    const follower = watch(work, [], ['script', '-qefc']);
    // The screen is entered, the cursor hidden, the picture drawn from the top, what is below it cleared.
    await follower.until(/<ESC>\[\?1049h<ESC>\[\?25l<ESC>\[H.*3 done.*<ESC>\[J/s);
    await work.populate('--start 2024-05-06 --end 2024-05-07');
    await follower.until(/<ESC>\[H.*5 done.*<ESC>\[J/s);
    follower.kill('SIGINT');
    const { stdout } = await follower.ended;
    const [, left = ''] = stdout.split('<ESC>[?1049l<ESC>[?25h');
    expect(left).toContain('5 done');
    expect(left).not.toMatch(/<ESC>\[\d*[^\dm]/);
  },
);
