/**
 * Copies days of a bucket into the archive of a data folder, each checked against its manifest, durable and
 * recorded before the next is begun: what is there stays, and a run that is stopped goes on where it was.
 */
import { open, rm } from 'node:fs/promises';
import { openCommitter } from '#ingest/run/commit.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { makeFolder, temporaryName } from '#platform/disk/durable.js';
import { newSha256, sha256 } from '#platform/disk/sha256.js';
import { type FileStamp, stampOf } from '#platform/disk/stamp.js';
import { type RetryPolicy, retry } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { parseMonthToc } from '#store/archive/toc.js';
import type { DayManifest } from '#store/bucket/manifest.js';
import type { Manifests } from '#store/bucket/manifests.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';
import { archiveFile, archiveFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import type { DayRecord } from '#store/ledger/model.js';

export interface PullRequest {
  readonly dataset: Dataset;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
}

export interface PullTools {
  readonly bucket: OpenBucket;
  readonly retry: RetryPolicy;
  readonly now: Date;
  readonly onDay: (done: number, days: number) => void;
}

/** What is to be copied, newest first. */
export interface PullPlan extends PullRequest {
  readonly lacking: readonly DayManifest[];
  /** Days of the range that are in the folder already, and stay as they are. */
  readonly here: number;
  readonly bytes: number;
}

export interface PullResult extends PullPlan {
  readonly pulled: number;
}

/** Throws ArchiveDamage where a manifest cannot be read, or SourceError. */
export function planPull(
  { dataset, range }: PullRequest,
  folder: DataFolder,
  manifests: Manifests,
): PullPlan {
  const archive = folder.archive(dataset);
  const days = manifests.days().filter((day) => day >= range.start && day <= range.end);
  const wanted = days.filter((day) => !archive.isThere(day));
  manifests.ahead(wanted);
  const lacking = wanted.map((day) => manifests.of(day)).reverse();
  const bytes = lacking.reduce((sum, one) => sum + one.archive.bytes, 0);
  return { dataset, range, lacking, here: days.length - wanted.length, bytes };
}

/** Throws OtherSourceError, SourceError, the disk's error, or the signal's reason; what was copied by then stays. */
export async function pull(
  plan: PullPlan,
  source: SourceIdentity,
  folder: DataFolder,
  tools: PullTools,
): Promise<PullResult> {
  const { dataset, lacking } = plan;
  const { layout, progress } = folder;
  const archive = folder.archive(dataset);
  await makeFolder(archiveFolder(layout, dataset));
  await folder.source.record(source);
  const committer = openCommitter({
    folder: archiveFolder(layout, dataset),
    dataset: dataset.name,
    progress,
    now: tools.now,
    gatherMs: 0,
    claimArchive: () => folder.source.claimArchive(source),
  });
  let pulled = 0;
  for (const manifest of lacking) {
    tools.retry.signal?.throwIfAborted();
    const { day } = manifest;
    const file = archiveFile(layout, dataset, day);
    const { temporary, stamp } = await copy(manifest, file, tools);
    await committer.commit({
      day,
      temporary,
      file,
      record: recordOf(manifest, stamp),
      ahead: undefined,
      damaged: false,
    });
    const toc = await tocOf(manifest, tools.bucket);
    if (toc !== undefined) archive.noteToc(day, { ...toc, ...stamp });
    pulled++;
    tools.onDay(pulled, lacking.length);
  }
  return { ...plan, pulled };
}

/** Durable under a temporary name. */
function copy(
  { archive }: DayManifest,
  file: string,
  { bucket, retry: policy }: PullTools,
): Promise<{ readonly temporary: string; readonly stamp: FileStamp }> {
  const temporary = temporaryName(file);
  return retry(async () => {
    const stream = await bucket.get(archive.key);
    const handle = await open(temporary, 'w');
    try {
      const hash = newSha256();
      let size = 0;
      for await (const chunk of stream.body) {
        hash.update(chunk);
        size += chunk.length;
        await handle.writeFile(chunk);
      }
      const found = hash.digest();
      if (size !== archive.bytes || found !== archive.sha256)
        throw new SourceError('damaged', `${bucket.nameOf(archive.key)} is not what its manifest tells.`);
      await handle.sync();
      return { temporary, stamp: stampOf(await handle.stat()) };
    } catch (error) {
      stream.cancel();
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  }, policy);
}

function recordOf({ vendor, records, archive }: DayManifest, stamp: FileStamp): DayRecord {
  return {
    size: vendor.size,
    etag: vendor.etag,
    ...(vendor.lastModified === undefined ? {} : { last_modified: vendor.lastModified }),
    rows: records,
    text_sha256: vendor.textSha256 ?? archive.textSha256,
    ...(vendor.textSha256 === undefined ? {} : { sorted_sha256: archive.textSha256 }),
    archive: stamp,
  };
}

/** Derived: where it is not as it should be, it is made again when it is needed. */
async function tocOf({ day, archive }: DayManifest, bucket: OpenBucket) {
  const bytes = await bucket.readPart(archive.tocKey, 0, archive.tocBytes);
  return sha256(bytes) === archive.tocSha256 ? parseMonthToc(bytes)?.get(day) : undefined;
}
