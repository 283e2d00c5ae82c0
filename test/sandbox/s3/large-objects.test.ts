import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { dayText } from '#sandbox/market/generator.js';
import { datasets } from '../market/dataset-rows.js';
import { clientOf, running } from '../running.js';

const Bucket = 'flatfiles';
const KEY = 'us_stocks_sip/trades_v1/2026/11/2026-11-19.csv.gz';
const TRUE_ROWS = 200_000;

async function sandboxWithFolder(options = {}) {
  const tempDir = await mkdtemp(join(tmpdir(), 'barloom-test-'));
  onTestFinished(() => rm(tempDir, { recursive: true, force: true }));
  const sandbox = await running({ tickers: 1000, trueSizes: true, trueRows: TRUE_ROWS, tempDir, ...options });
  return { sandbox, tempDir, client: clientOf(sandbox) };
}

async function bytesOf(client: S3Client, more: { Range?: string; IfMatch?: string } = {}): Promise<Buffer> {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key: KEY, ...more }));
  return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
}

test('a day that is too large for memory: listed, fetched whole and in part, changed, and nothing is left behind', async () => {
  const { sandbox, tempDir, client } = await sandboxWithFolder();
  const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: KEY }));
  const listed = page.Contents?.find((one) => one.Key === KEY);
  const whole = await bytesOf(client);
  expect(whole.length).toBe(listed?.Size);
  expect(`"${createHash('md5').update(whole).digest('hex')}"`).toBe(listed?.ETag);
  const text = gunzipSync(whole);
  const trades = datasets(1, TRUE_ROWS).find((one) => one.name === 'stocks_trades');
  expect(trades && text.equals(dayText(trades, '2026-11-19'))).toBe(true);
  expect(text.filter((byte) => byte === 10).length).toBeGreaterThan(TRUE_ROWS * 0.9);

  const head = await client.send(new HeadObjectCommand({ Bucket, Key: KEY }));
  expect([head.ContentLength, head.ETag]).toEqual([whole.length, listed?.ETag]);
  const middle = { Range: 'bytes=100000-299999', IfMatch: head.ETag ?? '' };
  expect((await bytesOf(client, middle)).equals(whole.subarray(100_000, 300_000))).toBe(true);
  expect((await bytesOf(client, { Range: 'bytes=-9' })).equals(whole.subarray(-9))).toBe(true);
  expect((await bytesOf(client, { Range: `bytes=${whole.length - 5}-` })).length).toBe(5);
  await expect(bytesOf(client, { IfMatch: '"0"' })).rejects.toThrow();
  await expect(bytesOf(client, { Range: `bytes=${whole.length}-` })).rejects.toThrow();

  await sandbox.replace(KEY, 'recompressed');
  const anew = await bytesOf(client);
  expect(anew.equals(whole)).toBe(false);
  expect(gunzipSync(anew).equals(text)).toBe(true);
  await sandbox.replace(KEY, 'corrected');
  expect(gunzipSync(await bytesOf(client)).equals(text)).toBe(false);
  expect((await sandbox.requests()).bytes).toBeGreaterThan(2.5 * whole.length);

  expect(await readdir(tempDir)).toHaveLength(1);
  await sandbox.close();
  expect(await readdir(tempDir)).toEqual([]);
});

test('faults strike it as they do the others', async () => {
  const { sandbox, client } = await sandboxWithFolder({ trueRows: 20_000 });
  const whole = await bytesOf(client);
  const spoilt = async (kind: 'flip' | 'short-length' | 'forged' | 'fin' | 'replaced') => {
    await sandbox.setFaults({ faults: [{ kind, times: 1 }] });
    return bytesOf(client);
  };
  const flipped = await spoilt('flip');
  expect([flipped.length, flipped.equals(whole)]).toEqual([whole.length, false]);
  expect((await spoilt('short-length')).length).toBeLessThan(whole.length);
  expect((await spoilt('forged')).length).toBe(whole.length);
  await expect(spoilt('fin')).rejects.toThrow();
  expect((await spoilt('replaced')).equals(whole)).toBe(false);
});

test('closing while one is in the making ends at once', async () => {
  const { sandbox, tempDir, client } = await sandboxWithFolder({ trueRows: 20_000_000 });
  const asked = bytesOf(client);
  asked.catch(() => undefined);
  while ((await readdir(tempDir)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const began = performance.now();
  await sandbox.close();
  expect(performance.now() - began).toBeLessThan(3000);
  await expect(asked).rejects.toThrow();
  expect(await readdir(tempDir)).toEqual([]);
});

test('a dataset that the plan does not hold is listed, and refused', async () => {
  const client = clientOf(await running({ deniedDatasets: ['us_options_opra/day_aggs_v1'] }));
  const key = (dataset: string) => `${dataset}/2026/11/2026-11-19.csv.gz`;
  const get = (dataset: string) =>
    client.send(new GetObjectCommand({ Bucket, Key: key(dataset) })).then(
      (answer) => answer.Body?.transformToByteArray().then(() => 200),
      (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode,
    );
  const page = await client.send(
    new ListObjectsV2Command({ Bucket, Prefix: key('us_options_opra/day_aggs_v1') }),
  );
  expect(page.KeyCount).toBe(1);
  expect(await get('us_options_opra/day_aggs_v1')).toBe(403);
  expect(await get('us_indices/day_aggs_v1')).toBe(200);
});
