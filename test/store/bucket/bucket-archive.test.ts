/** An archive in a bucket reads as the folder that it was made of, and what is amiss with an object is told. */
import { type ChildProcess, fork } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { openArchive } from '#store/archive/store.js';
import { openCache } from '#store/bucket/cache.js';
import { manifestKey } from '#store/bucket/keys.js';
import { parseManifest } from '#store/bucket/manifest.js';
import type { BucketPlace } from '#store/bucket/place.js';
import { bucketLayout, folderLayout } from '#store/folder/layout.js';
import { daysOfFolder, type Put, putDay } from '../../support/bucket.js';
import { filledOnce } from '../../support/filled-once.js';
import { describeWith } from '../../support/others.js';
import { OWNER, useRgw } from '../../support/rgw/rgw.js';
import { describeArchive, rowsOf } from './archive-port.js';

const filled = filledOnce('--start 2024-06-10 --tickers AAPL,MSFT', { tickers: 600 });
let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'barloom-bucket-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const PREFIX = 'market/';

interface Asked {
  readonly bucket: string;
  readonly key: string;
  readonly prefix: string | null;
  readonly range?: string;
}

/** The server of bucket-server.js over a folder. */
function useServer() {
  let child: ChildProcess | undefined;
  let port = 0;
  const asked: Asked[] = [];
  beforeAll(async () => {
    child = fork(fileURLToPath(new URL('../../support/bucket-server.js', import.meta.url)), [scratch]);
    port = await new Promise<number>((resolve) => {
      child?.on('message', (told: { readonly port: number } | Asked) => {
        if ('port' in told) resolve(told.port);
        else asked.push(told);
      });
    });
  });
  afterAll(() => {
    child?.disconnect();
  });
  const file = (bucket: string, key: string): string => path.join(scratch, bucket, key);
  return {
    asked,
    put:
      (bucket: string): Put =>
      (key, bytes) => {
        mkdirSync(path.dirname(file(bucket, key)), { recursive: true });
        writeFileSync(file(bucket, key), bytes);
      },
    file,
    place: (bucket: string, cache = bucket): BucketPlace => ({
      store: {
        endpoint: `http://127.0.0.1:${port}`,
        bucket,
        region: 'us-east-1',
        credentials: { accessKeyId: 'OWN', secretAccessKey: 'ownsecret' },
        concurrency: 32,
      },
      prefix: PREFIX,
      cacheDir: path.join(scratch, 'cache', cache),
    }),
  };
}

const server = useServer();
let buckets = 0;

/** A bucket of its own with the folder's days. */
async function bucketOfFolder() {
  const { work } = await filled();
  const bucket = `bucket-${++buckets}`;
  const archiveDir = work.at('massive_cache');
  for (const day of daysOfFolder(archiveDir))
    await putDay(server.put(bucket), { archiveDir, day, prefix: PREFIX });
  const archive = (place = server.place(bucket)) => openArchive(bucketLayout(work.data, place), stocksDaily);
  return { work, bucket, archiveDir, archive };
}

describeArchive('a folder', async () => {
  const { work } = await filled();
  return { dataDir: work.data, layout: folderLayout(work.data) };
});

describeArchive('a bucket', async () => {
  const { work, bucket } = await bucketOfFolder();
  return { dataDir: work.data, layout: bucketLayout(work.data, server.place(bucket)) };
});

describeWith('Ceph RGW', () => {
  const rgw = useRgw();
  let made: Promise<void> | undefined;
  describeArchive('a bucket of Ceph RGW', async () => {
    const { work } = await filled();
    const archiveDir = work.at('massive_cache');
    made ??= rgw.bucket('own').then(async (put) => {
      for (const day of daysOfFolder(archiveDir)) await putDay(put, { archiveDir, day, prefix: PREFIX });
    });
    await made;
    const place = server.place('own', 'rgw');
    const store = { ...place.store, endpoint: rgw.endpoint, credentials: OWNER };
    return { dataDir: work.data, layout: bucketLayout(work.data, { ...place, store }) };
  });
});

const AAPL = [Buffer.from('AAPL')];

describe('what is asked of a bucket', () => {
  test('one ranged GET a day once the tables are known, and none of a table or a manifest', async () => {
    const { archive, bucket } = await bucketOfFolder();
    const days = archive().days();
    const wishes = days.map((day) => ({ day, tickers: AAPL }));
    const cold = archive().takeDays(wishes).map(rowsOf);
    expect(archive().takeDays(wishes).map(rowsOf)).toEqual(cold);
    const asked = (which: (one: Asked) => boolean): number =>
      server.asked.filter((one) => one.bucket === bucket && which(one)).length;
    // Messages of another process: they come when this one has time for them.
    await expect.poll(() => asked(({ range }) => range !== undefined)).toBe(2 * days.length);
    expect(asked(({ key }) => key.endsWith('.toc'))).toBe(days.length);
    expect(asked(({ key }) => key.endsWith('.json'))).toBe(days.length);
    expect(asked(({ key }) => key.endsWith('.csv.gz'))).toBe(2 * days.length);
    expect(asked(({ key }) => key === '')).toBe(3);
  });

  test('a kept table that has changed on disk is asked for again', async () => {
    const { archive, bucket } = await bucketOfFolder();
    const [day = ''] = archive().days();
    const sound = rowsOf(archive().takeRows(day, AAPL));
    const kept = path.join(server.place(bucket).cacheDir, 'archive');
    for (const name of readdirSync(kept, { recursive: true, encoding: 'utf8' }))
      if (/[0-9a-f]{64}$/.test(name)) appendFileSync(path.join(kept, name), 'x');
    expect(rowsOf(archive().takeRows(day, AAPL))).toEqual(sound);
  });

  test('what is kept stays within its bound, the oldest going first', () => {
    const cache = openCache(path.join(scratch, 'bounded'), 10_000);
    const name = (i: number): string => `${i}`.padStart(64, 'a');
    for (let i = 0; i < 40; i++) cache.put(name(i), Buffer.alloc(1000, i));
    const here = Array.from({ length: 40 }, (_, i) => cache.get(name(i))).filter((one) => one !== undefined);
    expect(here.length).toBeLessThanOrEqual(11);
    expect(cache.get(name(39))).toEqual(Buffer.alloc(1000, 39));
  });
});

describe('what is in a bucket', () => {
  test("a replaced day is what readers see: its highest generation's", async () => {
    const { archive, archiveDir, bucket } = await bucketOfFolder();
    const [first = '', second = ''] = archive().days();
    // The text of another day stands for what the vendor has replaced it with.
    const replaced = path.join(scratch, 'replaced');
    mkdirSync(path.join(replaced, '.toc'), { recursive: true });
    const { parseMonthToc, renderMonthToc } = await import('#store/archive/toc.js');
    const month = parseMonthToc(readFileSync(path.join(archiveDir, '.toc', first.slice(0, 7))));
    const table = month?.get(second);
    if (table === undefined) throw new Error('no table');
    writeFileSync(
      path.join(replaced, `${first}.csv.gz`),
      readFileSync(path.join(archiveDir, `${second}.csv.gz`)),
    );
    writeFileSync(path.join(replaced, '.toc', first.slice(0, 7)), renderMonthToc(new Map([[first, table]])));
    const before = rowsOf(archive().takeRows(first, AAPL));
    await putDay(server.put(bucket), {
      archiveDir: replaced,
      day: first,
      prefix: PREFIX,
      generation: 2,
      attempt: 'bbbb',
    });
    expect(rowsOf(archive().takeRows(first, AAPL))).toEqual(rowsOf(archive().takeRows(second, AAPL)));
    expect(rowsOf(archive().takeRows(first, AAPL))).not.toEqual(before);
  });

  test.each([
    ['a changed table', '.toc', /aaaa\.toc has another SHA-256/],
    ['a changed member', '.csv.gz', /BGZF member|CRC-32|SHA-256/],
  ])('%s is damage of its day, told and never taken', async (_, ending, told) => {
    const { archive, bucket } = await bucketOfFolder();
    const days = archive().days();
    const [day = ''] = days;
    const file = server.file(bucket, `${PREFIX}archive/stocks_daily/${day}/aaaa${ending}`);
    const bytes = readFileSync(file);
    for (let at = 60; at < bytes.length; at += 97) bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(file, bytes);
    const taken = archive()
      .takeDays(days.map((one) => ({ day: one, tickers: AAPL })))
      .map(rowsOf);
    expect(taken[0]).toMatch(told);
    expect(taken.slice(1).every((rows) => rows.length === 1 && typeof rows !== 'string')).toBe(true);
    if (ending === '.csv.gz') expect(() => archive().check(day)).toThrow(/SHA-256/);
  });

  test('an object that is gone, or a manifest that is none, is damage with its key', async () => {
    const { archive, bucket } = await bucketOfFolder();
    const [gone = '', broken = '', sound = ''] = archive().days();
    rmSync(server.file(bucket, `${PREFIX}archive/stocks_daily/${gone}/aaaa.csv.gz`));
    writeFileSync(server.file(bucket, manifestKey(PREFIX, 'stocks_daily', broken, 1)), '{"format": 1}');
    const taken = archive()
      .takeDays([gone, broken, sound].map((day) => ({ day, tickers: AAPL })))
      .map(rowsOf);
    expect(taken[0]).toMatch(
      new RegExp(`s3://${bucket}/market/archive/stocks_daily/${gone}/aaaa.csv.gz is gone`),
    );
    expect(taken[1]).toMatch(/000001\.json is no manifest/);
    expect(taken[2]).toHaveLength(1);
    // Who looks at all days, as status does, is not stopped by one of them.
    const looked = archive();
    expect(looked.days().map((day) => looked.looksWhole(day))).toEqual(
      looked.days().map((day) => day !== broken),
    );
    expect(looked.stampOf(broken)).toEqual({ size: 0, mtimeMs: 0 });
  });

  test("a newer barloom's format is refused by name", async () => {
    expect(() => parseManifest('{"format": 2}', 's3://b/days/x/2024-01-02/000001.json')).toThrow(
      's3://b/days/x/2024-01-02/000001.json: its format is 2 and this barloom knows 1: use a newer barloom',
    );
  });
});
