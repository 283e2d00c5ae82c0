/**
 * A large day of which no archive is kept: split as any other, into a folder of its own that goes when its
 * lines are in the series. What a killed run left of it is cleared away with the other unfinished files.
 */
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { wayOf } from '#ingest/day/day-way.js';
import type { PreparedFile } from '#ingest/day/prepared-file.js';
import { takeFromArchive } from '#ingest/day/take-from-archive.js';
import type { TakenLines } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { makeFolder } from '#platform/disk/durable.js';
import { archiveFile, archiveFolder, type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import type { Run } from './run.js';

const FOLDER = 'unkept.barloom-tmp';

export function unkeptLayout({ dataset, layout }: Run['request']): FolderLayout {
  return { ...layout, archiveDir: path.join(seriesFolder(layout, dataset), FOLDER) };
}

export async function makeUnkeptFolder(request: Run['request']): Promise<void> {
  await makeFolder(archiveFolder(unkeptLayout(request), request.dataset));
}

/** Once no day is on its way any more. */
export async function dropUnkept(request: Run['request']): Promise<void> {
  if (wayOf(request.dataset).prepares(request.wishes.archive) === 'aside')
    await rm(unkeptLayout(request).archiveDir, { recursive: true, force: true });
}

/** What the series want of the day; then its file is gone. */
export async function takeUnkept(
  day: IsoDay,
  { temporary, toc }: PreparedFile,
  { request, wanted, archive, pool }: Run,
): Promise<TakenLines> {
  const { dataset } = request;
  const layout = unkeptLayout(request);
  const file = archiveFile(layout, dataset, day);
  await rename(temporary, file);
  try {
    return await takeFromArchive(day, wanted, { dataset, archive, layout, threads: pool, toc });
  } finally {
    await rm(file, { force: true });
  }
}
