/** Which bucket holds the archive, how it is reached, and where what is small of it is kept. */
import type { S3Settings } from '#platform/s3/settings.js';

/** Plain data: it travels to threads. */
export interface BucketPlace {
  readonly store: S3Settings;
  /** '' or ending in a slash. */
  readonly prefix: string;
  /** Of this user; derived, and can be deleted. */
  readonly cacheDir: string;
}

/** `s3://bucket/prefix`, as people write it. */
export function placeText({ store, prefix }: Pick<BucketPlace, 'store' | 'prefix'>): string {
  return `s3://${store.bucket}/${prefix.replace(/\/$/, '')}`.replace(/\/$/, '');
}

/** Undefined where the text names no bucket. The prefix ends in a slash, or is ''. */
export function readPlaceText(
  text: string,
): { readonly bucket: string; readonly prefix: string } | undefined {
  const [, bucket, rest = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/i.exec(text) ?? [];
  if (bucket === undefined) return undefined;
  const parts = rest.split('/').filter((part) => part !== '');
  return { bucket, prefix: parts.map((part) => `${part}/`).join('') };
}
