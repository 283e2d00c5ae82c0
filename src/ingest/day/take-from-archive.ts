/** What a day's archive file says of the series: read here, or (of a large day) in a worker thread. */
import { type Wanted, wantedBytes } from '#ingest/plan/wanted.js';
import type { TakenLines } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { ArchiveStore } from '#store/archive/store.js';
import type { DayToc } from '#store/archive/toc.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { DayThreads } from './day-threads.js';
import { wayOf } from './day-way.js';

export interface TakeFrom {
  readonly dataset: Dataset;
  readonly archive: ArchiveStore;
  /** The archive's. */
  readonly layout: FolderLayout;
  readonly threads: Pick<DayThreads, 'take'>;
  /** The file's table, where it was just made. */
  readonly toc?: DayToc | undefined;
}

/** Throws ArchiveDamage or the disk's error. */
export async function takeFromArchive(
  day: IsoDay,
  wanted: Wanted,
  { dataset, archive, layout, threads, toc }: TakeFrom,
): Promise<TakenLines> {
  return wayOf(dataset).name === 'pieces'
    ? threads.take({ kind: 'take', dataset: dataset.name, layout, day, toc, wanted })
    : archive.takeRows(day, wantedBytes(wanted));
}
