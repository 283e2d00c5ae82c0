/** Every dataset once from an S3 server that this project did not write. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it, onTestFinished } from 'vitest';
import { lackingForRgw, OWNER, RGW_START_TIMEOUT_MS, startRgw } from '../../support/rgw/rgw.js';
import { Workdir } from '../../support/workdir.js';
import { command, DAY_BEFORE, DAYS, expectTiers, NAMES, RANGE, TRACK } from './folder.js';
import { ALL, objectsOf } from './small-market.js';

const lacking = lackingForRgw();
const reason = lacking.length === 0 ? '' : ` (skipped: ${lacking.join(', ')} not installed)`;

it.skipIf(lacking.length > 0)(
  `all of them from Ceph RGW${reason}`,
  { timeout: RGW_START_TIMEOUT_MS + 120_000 },
  async () => {
    const rgw = await startRgw();
    onTestFinished(() => rgw.stop());
    const admin = new S3Client({
      endpoint: rgw.endpoint,
      region: 'us-east-1',
      credentials: OWNER,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    onTestFinished(() => admin.destroy());
    await admin.send(new CreateBucketCommand({ Bucket: 'flatfiles' }));
    for (const [Key, Body] of objectsOf(ALL, DAYS))
      await admin.send(new PutObjectCommand({ Bucket: 'flatfiles', Key, Body }));
    const work = await Workdir.make();
    work.now = DAY_BEFORE;
    const keys = { AWS_ACCESS_KEY_ID: OWNER.accessKeyId, AWS_SECRET_ACCESS_KEY: OWNER.secretAccessKey };
    const populate = (...more: readonly string[]) =>
      work.run(
        [
          'populate',
          '-t',
          NAMES,
          ...RANGE,
          ...TRACK,
          '--data-dir',
          work.data,
          '--endpoint',
          rgw.endpoint,
          ...more,
        ],
        { env: keys },
      );
    const { code, stderr } = await populate();
    expect(code, stderr).toBe(0);
    for (const dataset of ALL) expectTiers(work, dataset, DAYS);
    const again = await populate('--json');
    expect(again.code).toBe(0);
    for (const { requests } of JSON.parse(again.stdout).datasets) expect(requests.get).toBe(0);
    // The objects are newer than the fixed clock's day, and newer than no copy of ours.
    await work.remove('progress.json');
    const learnt = await populate('--json');
    expect(learnt.code, learnt.stderr).toBe(0);
    for (const { requests, dataset } of JSON.parse(learnt.stdout).datasets)
      expect(requests.get, dataset).toBe(0);
    expect((await command(work, ['gaps', '-t', NAMES])).code).toBe(0);
  },
);
