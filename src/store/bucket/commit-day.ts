/**
 * A day's file into the bucket: file and table of contents under names that no other attempt has, looked at
 * again, and then the manifest, which only one can create. Until it is there nobody knows of the rest, and what
 * a crash leaves is garbage.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { newSha256, sha256 } from '#platform/disk/sha256.js';
import { SourceError } from '#platform/http/source-error.js';
import { type DayToc, renderMonthToc } from '#store/archive/toc.js';
import { BucketError } from './bucket-error.js';
import { attemptKeys, manifestKey } from './keys.js';
import { type DayManifest, MANIFEST_FORMAT, renderManifest } from './manifest.js';
import { readGeneration } from './newest-manifest.js';
import type { OpenBucket } from './open-bucket.js';

export interface DayToCommit {
  readonly dataset: string;
  readonly day: IsoDay;
  /** One above that of the newest manifest when the work began. */
  readonly generation: number;
  /** A name that no other attempt has. */
  readonly attempt: string;
  readonly vendor: DayManifest['vendor'];
  /** The archive file, in a folder of this computer's. */
  readonly file: string;
  readonly bytes: number;
  readonly toc: DayToc;
  readonly textBytes: number;
  /** Of the text that is in the file. */
  readonly textSha256: string;
  readonly tickers: DayManifest['tickers'];
  readonly records: number;
  /** So far. */
  readonly seconds: () => number;
  readonly writtenBy: string;
  readonly now: () => Date;
}

export interface CommittedDay {
  readonly generation: number;
  /** Another attempt with the same text was first. */
  readonly alreadyThere: boolean;
}

/** Throws BucketError where another text was committed meanwhile, SourceError, or the disk's error. */
export async function commitDay(of: DayToCommit, bucket: OpenBucket): Promise<CommittedDay> {
  const { dataset, day, generation, textSha256 } = of;
  const { prefix } = bucket.place;
  const keys = attemptKeys(prefix, dataset, day, of.attempt);
  const hash = newSha256();
  await bucket.putFile(keys.file, of.file, (bytes) => hash.update(bytes));
  const toc = renderMonthToc(new Map([[day, of.toc]]));
  await bucket.put(keys.toc, toc);
  await checkSize(keys.file, of.bytes, bucket);
  await checkSize(keys.toc, toc.length, bucket);
  const manifest: DayManifest = {
    format: MANIFEST_FORMAT,
    dataset,
    day,
    generation,
    vendor: of.vendor,
    archive: {
      key: keys.file,
      bytes: of.bytes,
      sha256: hash.digest(),
      tocKey: keys.toc,
      tocBytes: toc.length,
      tocSha256: sha256(toc),
      textBytes: of.textBytes,
      textSha256,
    },
    tickers: of.tickers,
    records: of.records,
    seconds: of.seconds(),
    writtenBy: of.writtenBy,
    writtenAt: of.now().toISOString(),
  };
  const key = manifestKey(prefix, dataset, day, generation);
  const made = await bucket.create(key, Buffer.from(renderManifest(manifest)));
  if (made === 'created') return { generation, alreadyThere: false };
  const winner = await readGeneration(bucket, dataset, day, generation);
  // After a broken connection it may be our own.
  if (winner.archive.key === keys.file) return { generation, alreadyThere: false };
  await bucket.remove([keys.file, keys.toc]);
  if (winner.archive.textSha256 === textSha256) return { generation, alreadyThere: true };
  throw new BucketError(
    `${bucket.nameOf(key)} tells of another text (SHA-256 ${winner.archive.textSha256}, of the vendor's file ${winner.vendor.etag}) ` +
      `than this attempt has (${textSha256}, of ${of.vendor.etag}): nothing was overwritten; plan again`,
  );
}

/** Throws SourceError. */
async function checkSize(key: string, bytes: number, bucket: OpenBucket): Promise<void> {
  const found = await bucket.sizeOf(key);
  if (found === bytes) return;
  throw new SourceError(
    'server',
    `${bucket.nameOf(key)} has ${found ?? 'no'} bytes just after ${bytes} were written.`,
  );
}
