/** Where everything stands in a data folder. The one place that joins these paths. */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { dayFileName } from '#market/datasets/key.js';
import { type BucketPlace, placeText } from '#store/bucket/place.js';

export interface FolderLayout {
  readonly dataDir: string;
  /** Tier 2: the complete market, one file a day. */
  readonly archiveDir: string;
  /** Where the archive is in a bucket, and `archiveDir` its `s3://bucket/prefix`. */
  readonly bucket?: BucketPlace;
}

/** `archiveDir` defaults to massive_cache in the data folder. Both become absolute. */
export function folderLayout(dataDir: string, archiveDir?: string): FolderLayout {
  const root = path.resolve(dataDir);
  return {
    dataDir: root,
    archiveDir: archiveDir === undefined ? path.join(root, 'massive_cache') : path.resolve(archiveDir),
  };
}

/** With the archive in a bucket; series and progress stay in the data folder. */
export function bucketLayout(dataDir: string, bucket: BucketPlace): FolderLayout {
  return { dataDir: path.resolve(dataDir), archiveDir: placeText(bucket), bucket };
}

/** Tier 1: one CSV a ticker. */
export function seriesFolder(layout: FolderLayout, dataset: Dataset): string {
  return path.join(layout.dataDir, 'data_cache', dataset.seriesFolder);
}

export function archiveFolder(layout: FolderLayout, dataset: Dataset): string {
  if (layout.bucket !== undefined) return `${layout.archiveDir}/archive/${dataset.name}`;
  return path.join(layout.archiveDir, dataset.folder);
}

export function archiveFile(layout: FolderLayout, dataset: Dataset, day: IsoDay): string {
  return path.join(archiveFolder(layout, dataset), dayFileName(day));
}

export function tocFile(layout: FolderLayout, dataset: Dataset, day: IsoDay): string {
  return path.join(archiveFolder(layout, dataset), '.toc', monthOf(day));
}
