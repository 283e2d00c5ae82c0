/** What is used of the AWS SDK to write, besides what is read with (sdk.ts). Loaded only where something is written. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const {
  S3Client,
  PutObjectCommand,
  HeadObjectCommand,
  DeleteObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  CompleteMultipartUploadCommand,
  AbortMultipartUploadCommand,
} = require('@aws-sdk/client-s3') as typeof import('@aws-sdk/client-s3');
