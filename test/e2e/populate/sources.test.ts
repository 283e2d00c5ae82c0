/**
 * Wherever the objects come from, the sandbox, a mirror in a folder, or a real S3 server that nobody here
 * wrote: the same bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GetObjectCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { clientOf } from '../../sandbox/running.js';
import { describeWith } from '../../support/others.js';
import { OWNER, READER, READER_ARN, useRgw } from '../../support/rgw/rgw.js';
import { keyOf, market, statesOf, Workdir } from '../../support/workdir.js';

const ARGS = '--start 2024-05-01 --end 2024-05-17 --tickers AAPL,TRUE,BCpC';
const PLAIN = '--start 2024-05-01 --end 2024-05-17';

/** The objects of those days, and what they become. */
async function origin(): Promise<{
  objects: ReadonlyMap<string, Buffer>;
  tiers: Readonly<Record<string, string>>;
}> {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  expect((await work.populate(ARGS)).code).toBe(0);
  const tiers = work.tiers();
  const client = clientOf(sandbox);
  const objects = new Map<string, Buffer>();
  for (const name of Object.keys(tiers)) {
    const day = /massive_cache\/(.*)\.csv\.gz/.exec(name)?.[1];
    if (day === undefined) continue;
    const { Body } = await client.send(new GetObjectCommand({ Bucket: sandbox.bucket, Key: keyOf(day) }));
    objects.set(keyOf(day), Buffer.from((await Body?.transformToByteArray()) ?? []));
  }
  expect(objects.size).toBe(13);
  return { objects, tiers };
}

it('a mirror in a folder, with and without the bucket in its path: the same bytes, and again free', async () => {
  const { objects, tiers } = await origin();
  for (const bucket of ['', 'flatfiles']) {
    const work = await Workdir.make();
    const mirror = path.join(work.root, 'mirror');
    for (const [key, bytes] of objects) {
      await mkdir(path.dirname(path.join(mirror, bucket, key)), { recursive: true });
      await writeFile(path.join(mirror, bucket, key), bytes);
    }
    work.endpoint = `file:${mirror}`;
    const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { code, stderr } = await work.populate(ARGS, { env });
    expect(code, stderr).toBe(0);
    expect(work.tiers()).toEqual(tiers);
    const times = work.times();
    const again = await work.populateJson(`${PLAIN} --recheck`, { env });
    expect(again.summary.days.unchanged).toBe(13);
    expect(work.times()).toEqual(times);
  }
});

describeWith('Ceph RGW', () => {
  const rgw = useRgw();
  const owner = { AWS_ACCESS_KEY_ID: OWNER.accessKeyId, AWS_SECRET_ACCESS_KEY: OWNER.secretAccessKey };
  const reader = { AWS_ACCESS_KEY_ID: READER.accessKeyId, AWS_SECRET_ACCESS_KEY: READER.secretAccessKey };

  async function upload(bucket: string, objects: ReadonlyMap<string, Buffer>): Promise<void> {
    const put = await rgw.bucket(bucket);
    for (const [key, bytes] of objects) await put(key, bytes);
  }

  /** Lists everything; may get what `readable` names. */
  function policy(bucket: string, readable: readonly string[]): Promise<unknown> {
    const allow = (Action: string, Resource: readonly string[]) => ({
      Effect: 'Allow',
      Principal: { AWS: [READER_ARN] },
      Action: [Action],
      Resource,
    });
    const Statement = [
      allow('s3:ListBucket', [`arn:aws:s3:::${bucket}`]),
      ...(readable.length === 0
        ? []
        : [
            allow(
              's3:GetObject',
              readable.map((key) => `arn:aws:s3:::${bucket}/${key}`),
            ),
          ]),
    ];
    return rgw.admin.send(
      new PutBucketPolicyCommand({
        Bucket: bucket,
        Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
  }

  it('the same bytes, in two steps; again free; wrong keys 4; a bucket that is not there 2', {
    timeout: 60_000,
  }, async () => {
    const { objects, tiers } = await origin();
    await upload('flatfiles', objects);
    const work = await Workdir.make(rgw);
    expect(
      (await work.populate('--start 2024-05-01 --end 2024-05-08 --tickers AAPL,TRUE,BCpC', { env: owner }))
        .code,
    ).toBe(0);
    const { code, summary, stderr } = await work.populateJson(PLAIN, { env: owner });
    expect(code, stderr).toBe(0);
    expect(summary.days).toMatchObject({ unchanged: 6, fetched: 7 });
    expect(work.tiers()).toEqual(tiers);
    const again = await work.populateJson(`${PLAIN} --recheck`, { env: owner });
    expect(again.summary.days.unchanged).toBe(13);
    expect(again.summary.requests).toEqual({ list: 1, get: 0, retried: 0 });

    const fresh = await Workdir.make(rgw);
    for (const env of [
      { AWS_ACCESS_KEY_ID: 'NOBODYSKEY01', AWS_SECRET_ACCESS_KEY: 'x' },
      { ...owner, AWS_SECRET_ACCESS_KEY: 'wrong' },
    ]) {
      const wrong = await fresh.populate(ARGS, { env });
      expect(wrong.code).toBe(4);
      expect(wrong.stderr).toContain('not authenticated');
    }
    expect((await fresh.populate(`${ARGS} --bucket nowhere`, { env: owner })).code).toBe(2);
    expect(fresh.tiers()).toEqual({});
  });

  it('403 by bucket policy: on some days 3 with the edge, on all 4', { timeout: 60_000 }, async () => {
    const { objects, tiers } = await origin();
    await upload('plan', objects);
    await policy(
      'plan',
      [...objects.keys()].filter((key) => key >= keyOf('2024-05-13')),
    );
    const work = await Workdir.make(rgw);
    const { code, summary, stderr } = await work.populateJson(`${ARGS} --bucket plan`, { env: reader });
    expect(code, stderr).toBe(3);
    expect(summary.days).toMatchObject({ sessions: 13, fetched: 5, denied: 8 });
    expect(Object.values(statesOf(summary)).every((state) => state === 'denied')).toBe(true);
    expect(
      summary.problems.some((told) => told.reason.includes('the first day that they may is 2024-05-13')),
    ).toBe(true);

    await policy('plan', []);
    const nothing = await Workdir.make(rgw);
    expect((await nothing.populate(`${ARGS} --bucket plan`, { env: reader })).code).toBe(4);
    await policy('plan', ['*']);
    const all = await work.populateJson(`${PLAIN} --bucket plan`, { env: reader });
    expect(all.code, all.stderr).toBe(0);
    expect(work.tiers()).toEqual(tiers);
  });
});
