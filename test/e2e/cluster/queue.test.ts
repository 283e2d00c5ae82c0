/**
 * A queue that many work off: whatever it loses, runs twice, or gives to another while the first is only slow, each
 * day is committed once. Task by task, on a real Redis.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { type ClusterWork, clusterWork, dayText, keyOf } from '../../support/cluster.js';
import { describeWith } from '../../support/others.js';
import { startRedis, type TestRedis } from '../../support/redis/redis.js';
import { type StoreServer, startStore } from '../../support/store-server.js';
import { vendorFolder } from '../../support/vendor-folder.js';
import type { Ended, RunOptions } from '../../support/workdir.js';

/** A task each: of daily bars a year is one. */
const DAYS = ['2020-06-10', '2021-06-10', '2022-06-10', '2023-06-12'] as const;

interface Ready extends ClusterWork {
  readonly store: StoreServer;
  readonly redis: TestRedis;
  readonly planned: () => Promise<{ readonly url: string; readonly added: number }>;
  /** Until nothing is left. A worker that is not heard of for a second has lost its task. */
  readonly worker: (args?: string, options?: RunOptions) => Promise<Ended>;
}

async function ready(): Promise<Ready> {
  const [store, redis] = await Promise.all([startStore(), startRedis()]);
  const made = await clusterWork(store);
  await vendorFolder(made.work, Object.fromEntries(DAYS.map((day) => [keyOf(day), dayText(day)])));
  const { code, stderr } = await made.cluster(`init --queue ${redis.url}`);
  expect(code, stderr).toBe(0);
  return {
    ...made,
    store,
    redis,
    planned: async () => {
      const { stdout, stderr: said } = await made.cluster(`plan --start ${DAYS[0]} --end ${DAYS[3]} --json`);
      const { queue } = JSON.parse(stdout) as { readonly queue: { url: string; added: number } | null };
      expect(queue, said).not.toBeNull();
      return queue as { url: string; added: number };
    },
    worker: (args = '--until-empty', options = {}) => made.cluster(`work --lock 1 ${args}`, options),
  };
}

const isManifest = (line: string): boolean => /^PUT own\/market\/days\//.test(line);

/** Each of the four days has one manifest, whose text is the vendor's. */
function expectOnce({ objects }: StoreServer): void {
  const manifests = [...objects.keys()].filter((name) => name.startsWith('own/market/days/'));
  expect(manifests.sort()).toEqual(DAYS.map((day) => `own/market/days/stocks_daily/${day}/000001.json`));
  for (const [i, day] of DAYS.entries()) {
    const { archive } = JSON.parse(String(objects.get(manifests[i] ?? ''))) as { archive: { key: string } };
    const text = gunzipSync(objects.get(`own/${archive.key}`) ?? '').toString();
    expect(text, day).toBe(dayText(day));
  }
}

/** The first manifest that is to be written is held back until `release`. */
function holdFirst(store: StoreServer): { readonly held: Promise<void>; readonly release: () => void } {
  let [release, told] = [(): void => undefined, (): void => undefined];
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = new Promise<void>((resolve) => {
    told = resolve;
  });
  let first = true;
  store.before = (line) => {
    if (!first || !isManifest(line)) return;
    first = false;
    told();
    return gate;
  };
  return { held, release: () => release() };
}

describeWith('Redis', () => {
  it('a worker killed before the manifest: another does its task; planned twice, and the queue lost', async () => {
    const { store, redis, cluster, planned, worker } = await ready();
    expect((await planned()).added).toBe(4);
    expect(await planned()).toEqual({ url: redis.url, added: 0 });
    const { held } = holdFirst(store);
    let child: ChildProcess | undefined;
    const first = worker('--concurrency 1', {
      onStart: (started) => {
        child = started;
      },
    });
    await held;
    child?.kill('SIGKILL');
    expect((await first).signal).toBe('SIGKILL');
    const second = await worker();
    expect(second.code, second.stderr).toBe(0);
    expect(second.stdout).toBe('4 tasks done; 4 days put into the bucket\n');
    expectOnce(store);

    store.objects.delete(`own/market/days/stocks_daily/${DAYS[1]}/000001.json`);
    expect((await planned()).added).toBe(1);
    expect(await redis.command('FLUSHALL')).toBe('+OK');
    expect((await planned()).added).toBe(1);
    expect((await worker()).stdout).toBe('1 task done; 1 day put into the bucket\n');
    expectOnce(store);
    expect((await cluster('status')).stdout).toContain(
      '0 waiting, 0 under way, 0 to be tried again, 0 given up',
    );
  });

  it('a frozen worker goes on after another has done its task; SIGTERM lets the task end and exits with 143', async () => {
    const { store, planned, worker } = await ready();
    await planned();
    const { held, release } = holdFirst(store);
    let child: ChildProcess | undefined;
    const first = worker('--concurrency 1', {
      onStart: (started) => {
        child = started;
      },
    });
    await held;
    child?.kill('SIGSTOP');
    const second = await worker();
    expect(second.code, second.stderr).toBe(0);
    expectOnce(store);
    const committed = new Map(store.objects);
    release();
    child?.kill('SIGTERM');
    child?.kill('SIGCONT');
    const { code, stdout } = await first;
    expect(code).toBe(143);
    expect(stdout).toBe('1 task done; 0 days put into the bucket\n');
    for (const [name, bytes] of committed)
      if (name.includes('/days/')) expect(store.objects.get(name)).toEqual(bytes);
    expectOnce(store);
  });

  it('SIGTERM with no time left gives the task back, and another does it', async () => {
    const { store, planned, worker } = await ready();
    await planned();
    const { held } = holdFirst(store);
    let child: ChildProcess | undefined;
    const first = worker('--grace 0', {
      onStart: (started) => {
        child = started;
      },
    });
    await held;
    child?.kill('SIGTERM');
    const { code, stdout } = await first;
    expect(code).toBe(143);
    expect(stdout).toContain('1 given back');
    expect((await worker()).stdout).toBe('4 tasks done; 4 days put into the bucket\n');
    expectOnce(store);
  });

  it('a damaged day is tried three times, then dead with its reason; retry does it once it is mended', async () => {
    const { store, work, cluster, planned, worker } = await ready();
    // A bit of its checksum is wrong, and then right again.
    const flip = (): void => {
      const file = path.join(work.root, 'vendor/us_stocks_sip/day_aggs_v1/2022/06', `${DAYS[2]}.csv.gz`);
      const bytes = readFileSync(file);
      bytes[bytes.length - 8] = (bytes[bytes.length - 8] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    };
    flip();
    await planned();
    const ended = await worker();
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stdout).toBe('3 tasks done, 2 to be tried again, 1 given up; 3 days put into the bucket\n');
    const status = JSON.parse((await cluster('status --json')).stdout);
    expect(status.queues[0]).toMatchObject({ waiting: 0, active: 0, delayed: 0, dead: 1 });
    expect(status.queues[0].given_up[0].reason).toContain(`${DAYS[2]}: `);
    flip();
    expect((await cluster('retry')).stdout).toContain('1 task of the queue will be tried again\n');
    expect((await worker()).stdout).toBe('1 task done; 1 day put into the bucket\n');
    expectOnce(store);
  });

  it('a wrong password is 4, a queue that is not there 5; no password is shown or kept', async () => {
    const [store, redis] = await Promise.all([startStore(), startRedis('sec/ret #1')]);
    const { cluster, work } = await clusterWork(store);
    const url = (password: string): string => redis.url.replace('//', `//:${encodeURIComponent(password)}@`);
    const told = await cluster('init', { env: { BARLOOM_QUEUE_URL: url('sec/ret #1') } });
    expect(told.code, told.stderr).toBe(0);
    const run = async (env: Readonly<Record<string, string>>): Promise<Ended> => {
      const ended = await cluster('work --until-empty', { env });
      expect(ended.stdout + ended.stderr).not.toContain('ret');
      return ended;
    };
    expect((await run({})).code).toBe(4);
    expect((await run({ REDISCLI_AUTH: 'wrong' })).code).toBe(4);
    expect((await run({ REDISCLI_AUTH: 'sec/ret #1' })).code).toBe(0);
    expect((await run({ BARLOOM_QUEUE_URL: url('sec/ret #1') })).code).toBe(0);
    const inWords = await cluster(`work --queue ${url('x')}`);
    expect(inWords.code).toBe(2);
    const nobody = await cluster('work --queue redis://127.0.0.1:1');
    expect(nobody.code, nobody.stderr).toBe(5);
    expect([...store.objects.values()].map(String).join('')).not.toContain('ret');
    expect(work.has('barloom.json')).toBe(false);
  });
});
