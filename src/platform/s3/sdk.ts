/**
 * What is used of the AWS SDK. In the bundle that is all that is loaded of it (bin/bundle.js), in a third of
 * the time.
 */
import { createRequire } from 'node:module';

/** The SDK's CommonJS form loads in half the time of its many ES modules. */
const require = createRequire(import.meta.url);

export const { S3Client, ListObjectsV2Command } =
  require('@aws-sdk/client-s3') as typeof import('@aws-sdk/client-s3');
