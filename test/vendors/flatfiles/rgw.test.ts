/** The source against a real S3 server that this project did not write. */
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { collect } from '#platform/guard/collect.js';
import { openS3 } from '#platform/s3/s3-source.js';
import type { KeyPair } from '#platform/s3/settings.js';
import { describeWith } from '../../support/others.js';
import { OWNER, READER, READER_ARN, useRgw } from '../../support/rgw/rgw.js';
import { describeSource, expectKind } from './conformance.js';

describeWith('Ceph RGW', () => {
  const rgw = useRgw();

  const open = (name: string, credentials: KeyPair, pageSize?: number) =>
    openS3({
      endpoint: rgw.endpoint,
      bucket: name,
      region: 'us-east-1',
      credentials,
      concurrency: 8,
      pageSize,
    });

  describeSource(
    'Ceph RGW',
    async () => ({
      put: await rgw.bucket('conformance'),
      source: await open('conformance', OWNER),
      paged: await open('conformance', OWNER, 2),
      hasEtags: true,
      close: () => {},
    }),
    30_000,
  );

  it('says denied for a dataset outside the plan: listed, and 403', async () => {
    const put = await rgw.bucket('policy');
    await put('us_stocks_sip/day_aggs_v1/2024/01/2024-01-02.csv.gz', Buffer.from('in the plan'));
    await put('us_options_opra/day_aggs_v1/2024/01/2024-01-02.csv.gz', Buffer.from('not in the plan'));
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [READER_ARN] },
          Action: ['s3:ListBucket'],
          Resource: ['arn:aws:s3:::policy'],
        },
        {
          Effect: 'Allow',
          Principal: { AWS: [READER_ARN] },
          Action: ['s3:GetObject'],
          Resource: ['arn:aws:s3:::policy/us_stocks_sip/*'],
        },
      ],
    };
    await rgw.admin.send(new PutBucketPolicyCommand({ Bucket: 'policy', Policy: JSON.stringify(policy) }));
    const source = await open('policy', READER);
    expect((await source.list('')).length).toBe(2);
    const allowed = await source.get('us_stocks_sip/day_aggs_v1/2024/01/2024-01-02.csv.gz');
    expect(Buffer.from(await collect(allowed, { maxBytes: 100 })).toString()).toBe('in the plan');
    const error = await expectKind(
      source.get('us_options_opra/day_aggs_v1/2024/01/2024-01-02.csv.gz'),
      'denied',
    );
    expect(error.message).toContain('AccessDenied (HTTP 403)');
    source.close();
  });

  it('says denied for a bucket that may not be listed', async () => {
    await rgw.bucket('private');
    await expectKind((await open('private', READER)).list(''), 'denied');
  });

  it('says unauthenticated for an unknown access key and for a wrong secret', async () => {
    await rgw.bucket('keys');
    const unknown = await open('keys', { ...OWNER, accessKeyId: 'NOBODYSKEY01' });
    const wrong = await open('keys', { ...OWNER, secretAccessKey: 'not-the-secret' });
    for (const source of [unknown, wrong]) {
      for (const ask of [() => source.list(''), () => source.get('k')]) {
        const error = await expectKind(ask(), 'unauthenticated');
        expect(error.message).not.toMatch(/NOBODYSKEY01|OWNERKEY0001|not-the-secret/);
      }
    }
  });

  it('says configuration for a bucket that does not exist', async () => {
    const source = await open('no-such-bucket', OWNER);
    const error = await expectKind(source.list(''), 'configuration');
    expect(error.message).toContain('no-such-bucket');
    await expectKind(source.get('k'), 'configuration');
  });
});
