/** Where everything stands in lake/. All of it is derived and can be deleted. */
import path from 'node:path';
import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isBarADay } from '#market/datasets/series-form.js';
import type { FolderLayout } from '#store/folder/layout.js';

export type LakeLayer = 'bronze' | 'silver';

/** A file of the lake holds a month (`2024-01`) where days are small, or a day. */
export type Partition = string;

export function lakeFolder({ dataDir }: Pick<FolderLayout, 'dataDir'>): string {
  return path.join(dataDir, 'lake');
}

export function layerFolder(layout: Pick<FolderLayout, 'dataDir'>, layer: LakeLayer, name: string): string {
  return path.join(lakeFolder(layout), layer, name);
}

/** Where `qlib export` writes unless it is told another place. */
export function goldFolder(layout: Pick<FolderLayout, 'dataDir'>): string {
  return path.join(lakeFolder(layout), 'gold', 'qlib');
}

export function partitionOf({ series }: Pick<Dataset, 'series'>, day: IsoDay): Partition {
  return isBarADay(series) ? monthOf(day) : day;
}

/** Below the folder of its dataset, with slashes: `year=2024/month=01/2024-01.parquet`. */
export function partitionFile(partition: Partition): string {
  return `year=${partition.slice(0, 4)}/month=${partition.slice(5, 7)}/${partition}.parquet`;
}

/** Unfinished work of a build, and what the database spills; emptied by the next one. */
export function workFolder(layout: Pick<FolderLayout, 'dataDir'>): string {
  return path.join(lakeFolder(layout), '.work');
}
