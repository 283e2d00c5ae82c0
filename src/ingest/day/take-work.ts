/** A large day's lines taken out of its archive file, for the series. Runs in a worker thread. */

import { sortedBytes, type Wanted } from '#ingest/plan/wanted.js';
import { type TakenLines, takeLines } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { openArchive } from '#store/archive/store.js';
import type { DayToc } from '#store/archive/toc.js';
import type { FolderLayout } from '#store/folder/layout.js';

import { datasetNamed } from './dataset-named.js';

export interface TakeJob {
  readonly kind: 'take';
  readonly dataset: string;
  readonly layout: FolderLayout;
  readonly day: IsoDay;
  /** The file's table, where it was just made. */
  readonly toc: DayToc | undefined;
  readonly wanted: Wanted;
}

/** Throws ArchiveDamage or the disk's error. */
export function takeDay({ dataset: name, layout, day, toc, wanted }: TakeJob): TakenLines {
  const dataset = datasetNamed(name);
  const archive = openArchive(layout, dataset);
  if (toc !== undefined) archive.noteToc(day, toc);
  return wanted === '*'
    ? archive.takeRows(day, wanted)
    : takeLines(day, sortedBytes(wanted), { archive, dataset, layout });
}
