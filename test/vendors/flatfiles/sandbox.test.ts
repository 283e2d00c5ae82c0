/** The sandbox, asked through the S3 source, keeps the contract that every source keeps. */

import { openS3 } from '#platform/s3/s3-source.js';
import { startSandbox } from '#sandbox/start.js';
import { describeSource } from './conformance.js';

/** Before the market's first day, so that the bucket is empty. */
const EMPTY = new Date('2003-09-01T12:00:00Z');

describeSource('the sandbox', async () => {
  const sandbox = await startSandbox({ now: EMPTY, tickers: 0, clock: () => new Date() });
  const { endpoint, bucket, credentials } = sandbox;
  const open = (pageSize?: number) =>
    openS3({ endpoint, bucket, region: 'us-east-1', credentials, concurrency: 8, pageSize });
  const paged = await open(2);
  return {
    source: await open(),
    paged,
    hasEtags: true,
    put: (key, bytes) => sandbox.replace(key, bytes, new Date()),
    close: async () => {
      paged.close();
      await sandbox.close();
    },
  };
});
