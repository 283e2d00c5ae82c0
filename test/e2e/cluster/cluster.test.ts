/**
 * A bucket that many fill: whatever is killed, frozen, raced or done twice, each day is committed once, with the
 * text that a local populate has.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { type ClusterWork, clusterWork, DAYS, dayText, keyOf, OWN_KEYS } from '../../support/cluster.js';
import { describeWith } from '../../support/others.js';
import { useRgw } from '../../support/rgw/rgw.js';
import { type StoreServer, startStore } from '../../support/store-server.js';
import { vendorFolder } from '../../support/vendor-folder.js';
import type { Ended } from '../../support/workdir.js';

interface Manifest {
  readonly generation: number;
  readonly archive: { readonly key: string; readonly textSha256: string };
}

/** Of every generation, by its key. */
function manifestsOf({ objects }: StoreServer): ReadonlyMap<string, Manifest> {
  return new Map(
    [...objects]
      .filter(([name]) => name.startsWith('own/market/days/'))
      .map(([name, bytes]) => [
        name.slice('own/market/days/stocks_daily/'.length),
        JSON.parse(bytes.toString()),
      ]),
  );
}

/** What every end has to be: each day once, its text the vendor's. */
function expectCommitted(store: StoreServer, shifts: Readonly<Record<string, number>> = {}): void {
  const manifests = manifestsOf(store);
  for (const day of DAYS) {
    const generations = [...manifests.keys()].filter((key) => key.startsWith(day));
    const newest = manifests.get(generations.sort().at(-1) ?? '');
    const text = gunzipSync(store.objects.get(`own/${newest?.archive.key}`) ?? '').toString();
    expect(text, day).toBe(dayText(day, shifts[day]));
    expect(newest?.archive.textSha256).toBe(createHash('sha256').update(text).digest('hex'));
  }
}

async function ready(): Promise<{ readonly store: StoreServer } & ClusterWork> {
  const store = await startStore();
  const work = await clusterWork(store);
  const { code, stderr } = await work.cluster('init');
  expect(code, stderr).toBe(0);
  return { store, ...work };
}

/** A run whose first four manifests are held back until `release`. Resolves once all four are. */
async function frozenBeforeManifests(store: StoreServer, run: () => Promise<Ended>) {
  let release = (): void => undefined;
  const thaw = new Promise<void>((resolve) => {
    release = resolve;
  });
  let frozen = 0;
  store.before = (line) => (isManifest(line) && frozen++ < 4 ? thaw : undefined);
  const ended = run();
  while (frozen < 4) await new Promise((resolve) => setTimeout(resolve, 20));
  return { release, ended };
}

const isManifest = (line: string): boolean => /^PUT own\/market\/days\//.test(line);

it('init, plan, task, add: the series is that of a local populate, and everything twice changes nothing', async () => {
  const { store, work, cluster, plan, task, where } = await ready();
  const url = await plan();
  expect(await plan()).toBe(url);
  expect((await task(url)).stdout).toMatch(
    /^stocks_daily-2024-06-10-2024-06-13-[0-9a-f]{12}: 4 days done\n$/,
  );
  expectCommitted(store);
  const before = new Map(store.objects);
  expect((await task(url)).stdout).toMatch(/: 4 days there already\n$/);
  expect((await cluster(`plan --start ${DAYS[0]} --end ${DAYS[3]}`)).stdout).toMatch(
    /Nothing is to be done\.\n$/,
  );
  expect((await cluster('init')).stdout).toMatch(/was ready before/);
  expect(store.objects).toEqual(before);

  const added = await work.run(['add', 'AAPL', '--data-dir', work.data, ...where], { env: OWN_KEYS });
  expect(added.code, added.stderr).toBe(0);
  const local = work.at('..', 'local');
  const populated = await work.populate(`--start ${DAYS[0]} --end ${DAYS[3]} --tickers AAPL`, {
    dataDir: local,
  });
  expect(populated.code, populated.stderr).toBe(0);
  expect(work.read('data_cache', 'AAPL_1d_data.csv')).toBe(
    work.read('..', 'local', 'data_cache', 'AAPL_1d_data.csv'),
  );
  expect(readdirSync(work.root).filter((name) => name.startsWith('barloom-cluster'))).toEqual([]);
});

it('killed after the upload and before the manifest: nothing is committed, and the next commits each day once', async () => {
  const { store, work, cluster, plan, task } = await ready();
  const url = await plan();
  let kill = (): void => undefined;
  store.before = (line) => {
    if (!isManifest(line)) return;
    kill();
    return new Promise(() => undefined);
  };
  const killed = await task(url, {
    onStart: (child) => {
      kill = () => void child.kill('SIGKILL');
    },
  });
  expect(killed.signal).toBe('SIGKILL');
  expect(manifestsOf(store).size).toBe(0);
  store.before = () => undefined;
  const left = [...store.objects.keys()].filter((name) => name.startsWith('own/market/archive/'));
  expect(left.length).toBeGreaterThan(0);
  expect((await task(url)).code).toBe(0);
  expectCommitted(store);
  expect(manifestsOf(store).size).toBe(4);
  expect(readdirSync(work.root).filter((name) => name.startsWith('barloom-cluster'))).toEqual([]);

  const later = { env: { BARLOOM_NOW: '2034-01-01T00:00:00Z' } };
  expect((await cluster('sweep --older-than 1 --dry-run')).stdout).toMatch(/^0 objects/);
  expect((await cluster('sweep --yes', later)).stdout).toMatch(
    new RegExp(`^Removed ${left.length} objects, `),
  );
  for (const name of left) expect(store.objects.has(name), name).toBe(false);
  expectCommitted(store);
});

it('one that froze before its manifest goes on after another has finished: one manifest, and both are right', async () => {
  const { store, plan, task } = await ready();
  const url = await plan();
  const { release, ended: first } = await frozenBeforeManifests(store, () => task(url));
  const second = await task(url);
  expect(second.stdout, second.stderr).toMatch(/: 4 days done\n$/);
  const committed = manifestsOf(store);
  release();
  expect((await first).stdout).toMatch(/: 4 days there already\n$/);
  expect(manifestsOf(store)).toEqual(committed);
  expectCommitted(store);
  // What lost the race took its files along.
  expect([...store.objects.keys()].filter((name) => name.startsWith('own/market/archive/'))).toHaveLength(8);
});

it('another text under the generation that it wanted: said, nothing overwritten', async () => {
  const { store, work, plan, task } = await ready();
  const url = await plan();
  const { release, ended: first } = await frozenBeforeManifests(store, () => task(url));
  await vendorFolder(work, { [keyOf(DAYS[1])]: dayText(DAYS[1], 1) });
  expect((await task(await plan())).code).toBe(0);
  const committed = manifestsOf(store);
  release();
  const ended = await first;
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('tells of another text');
  expect(manifestsOf(store)).toEqual(committed);
  expectCommitted(store, { [DAYS[1]]: 1 });
});

it("a file that the vendor replaced is the day's second generation, and readers take it", async () => {
  const { store, work, plan, task, where } = await ready();
  await task(await plan());
  await vendorFolder(work, { [keyOf(DAYS[2])]: dayText(DAYS[2], 2) });
  const url = await plan();
  const replaced = await task(url);
  expect(replaced.stdout).toMatch(/: 1 day done\n$/);
  expect([...manifestsOf(store).keys()].filter((key) => key.startsWith(DAYS[2]))).toEqual([
    `${DAYS[2]}/000001.json`,
    `${DAYS[2]}/000002.json`,
  ]);
  expectCommitted(store, { [DAYS[2]]: 2 });
  const shown = await work.run(['export', 'AAPL', '--data-dir', work.data, ...where], { env: OWN_KEYS });
  expect(shown.stdout).toContain('2024-06-12,11,15,10,14,1001\n');
});

it('a damaged day is tried three times, wherever, then given up with its reason; retry tries again', async () => {
  const { store, work, cluster, plan, task } = await ready();
  await vendorFolder(work, { [keyOf(DAYS[3])]: 'no,header,of,ours\n1,2,3,4\n' });
  const url = await plan();
  const codes: (number | null)[] = [];
  for (let n = 0; n < 4; n++) codes.push((await task(url)).code);
  expect(codes).toEqual([5, 5, 3, 3]);
  expect(manifestsOf(store).size).toBe(3);
  const status = await cluster('status --json');
  expect(status.code).toBe(3);
  expect(JSON.parse(status.stdout)).toMatchObject({
    datasets: [
      {
        dataset: 'stocks_daily',
        days: 3,
        damaged: [],
        dead: [{ day: DAYS[3], reason: expect.stringContaining('ticker') }],
      },
    ],
    plan: { days: { planned: 4, done: 3, dead: 1, left: 0 } },
  });
  expect((await cluster(`plan --start ${DAYS[0]} --end ${DAYS[3]}`)).code).toBe(3);
  expect((await cluster('retry')).stdout).toMatch(/^stocks_daily: 1 day will be tried again\n/);
  expect((await task(url)).code).toBe(5);
  // Another file of the vendor's has not failed yet.
  await vendorFolder(work, { [keyOf(DAYS[3])]: dayText(DAYS[3]) });
  expect((await task(await plan())).code).toBe(0);
  expectCommitted(store);
});

it('a bucket that is full is no fault of a day: nothing is given up, and the next task commits each day', async () => {
  const { store, plan, task } = await ready();
  const url = await plan();
  store.refuses = (line) => line.startsWith('PUT own/market/archive/');
  const { code, stderr } = await task(url);
  expect(code, stderr).toBe(4);
  expect(stderr).toContain('QuotaExceeded');
  expect([...store.objects.keys()].filter((name) => name.startsWith('own/market/failures/'))).toEqual([]);
  store.refuses = () => false;
  expect((await task(url)).code).toBe(0);
  expectCommitted(store);
});

it('submit writes an array job that needs no other word, hands it to sbatch, and has what may pass run again', async () => {
  const { store, work, plan, cluster } = await ready();
  await vendorFolder(work, { [keyOf(DAYS[3])]: 'no,header,of,ours\n1,2,3,4\n' });
  const url = await plan();
  const bin = path.join(work.root, 'slurm');
  const said = (name: string): string => readFileSync(path.join(work.root, name), 'utf8');
  await mkdir(bin);
  for (const name of ['sbatch', 'scontrol'])
    await writeFile(
      path.join(bin, name),
      `#!/bin/sh\necho "$@" >> ${work.root}/${name}.said\necho Submitted\n`,
      {
        mode: 0o755,
      },
    );
  const file = path.join(work.root, 'job.sh');
  const env = { PATH: `${bin}:${process.env['PATH']}` };
  const submitted = await cluster(`submit --slurm --plan ${url} -o ${file}`, { env });
  expect(submitted.stdout, submitted.stderr).toBe(`1 task in ${file}\nSubmitted\n`);
  expect(said('sbatch.said')).toBe(`--array=0-0 --export=ALL,TASK_OFFSET=0 ${file}\n`);
  expect(said('job.sh')).not.toContain(OWN_KEYS.AWS_SECRET_ACCESS_KEY);

  const element = { SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '0' };
  const run = (restarts: number): Promise<number | null> =>
    new Promise((resolve) => {
      const runs = { ...element, SLURM_RESTART_COUNT: String(restarts), HOME: work.root, TMPDIR: work.root };
      spawn('/bin/sh', [file], { env: { ...env, ...OWN_KEYS, ...runs, BARLOOM_NOW: work.now } }).on(
        'exit',
        resolve,
      );
    });
  expect(await run(0)).toBe(5);
  expect(said('scontrol.said')).toBe('requeue 7_0\n');
  expect(await run(1)).toBe(5);
  // The third time the day is given up: that does not pass.
  expect(await run(2)).toBe(3);
  expect(said('scontrol.said')).toBe('requeue 7_0\n'.repeat(2));
  expect(manifestsOf(store).size).toBe(3);
});

it('init refuses a store that would let two machines overwrite each other', async () => {
  const store = await startStore();
  store.ignoresConditions = true;
  const { cluster } = await clusterWork(store);
  const { code, stderr } = await cluster('init');
  expect(code).toBe(2);
  expect(stderr).toContain('ignores If-None-Match');
  expect(store.objects.size).toBe(0);
});

describeWith('Ceph RGW', () => {
  const rgw = useRgw();

  it('two tasks at once: each day has one winner, and add gives the series of a local populate', async () => {
    await rgw.bucket('own');
    const { work, cluster, plan, task, where } = await clusterWork({ endpoint: rgw.endpoint });
    expect((await cluster('init')).code).toBe(0);
    const url = await plan();
    const both = await Promise.all([task(url), task(url)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const counted = both.map(({ stdout }) => Number(/(\d) days? done/.exec(stdout)?.[1] ?? 0));
    expect((counted[0] ?? 0) + (counted[1] ?? 0)).toBe(4);
    const status = await cluster('status --json');
    expect(JSON.parse(status.stdout)).toMatchObject({ datasets: [{ days: 4, replaced: 0, dead: [] }] });
    const added = await work.run(['add', 'AAPL', '--data-dir', work.data, ...where], { env: OWN_KEYS });
    expect(added.code, added.stderr).toBe(0);
    expect(work.series('AAPL')).toMatch(/^Date,.*\n2024-06-10,11,13,10,12,1001\n/);
  });
});

it('pull copies days into a folder, where they are as populate would have them; again copies nothing', async () => {
  const { work, cluster, plan, task } = await ready();
  await task(await plan());
  expect((await cluster('pull --start 2024-06-11 --dry-run')).stdout).toMatch(
    /^stocks_daily: 3 days to copy, /,
  );
  expect(work.has('massive_cache')).toBe(false);
  const pulled = await cluster('pull --start 2024-06-11');
  expect(pulled.code, pulled.stderr).toBe(0);
  for (const day of DAYS.slice(1)) expect(work.archiveText(day)).toBe(dayText(day));
  expect((await cluster('pull --start 2024-06-11')).stdout).toMatch(
    /^stocks_daily: 0 days copied, 0 B; 3 here before\n/,
  );
  const populated = await work.populate(`--start ${DAYS[1]} --end ${DAYS[3]} --tickers AAPL --json`);
  expect(JSON.parse(populated.stdout).datasets[0].requests.get).toBe(0);
  expect((await work.verb('verify --deep')).code).toBe(0);
});
