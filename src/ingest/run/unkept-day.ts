/**
 * A large day of which no archive is kept: split as any other, into a folder of its own that goes when its lines are in the series. What a
 * killed run left of it is cleared away with the other unfinished files.
 */
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DayResult } from '#ingest/day/day-work.js';
import type { SpooledRows } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { makeFolder } from '#platform/disk/durable.js';
import { archiveFile, archiveFolder, type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { takeFrom } from './read-copy.js';
import type { Run } from './run.js';

const FOLDER = 'unkept.barloom-tmp';

function unkeptLayout({ dataset, layout }: Run['request']): FolderLayout {
  return { ...layout, archiveDir: path.join(seriesFolder(layout, dataset), FOLDER) };
}

export async function unkeptFile({ request }: Pick<Run, 'request'>, day: IsoDay): Promise<string> {
  const layout = unkeptLayout(request);
  await makeFolder(archiveFolder(layout, request.dataset));
  return archiveFile(layout, request.dataset, day);
}

/** Once no day is on its way any more. */
export async function dropUnkept(request: Run['request']): Promise<void> {
  if (request.dataset.inPieces && !request.wishes.archive)
    await rm(unkeptLayout(request).archiveDir, { recursive: true, force: true });
}

/** What the series want of the day; then its file is gone. */
export async function takeUnkept(
  day: IsoDay,
  { temporary, toc }: NonNullable<DayResult['archive']>,
  run: Run,
): Promise<SpooledRows> {
  const layout = unkeptLayout(run.request);
  const file = archiveFile(layout, run.request.dataset, day);
  await rename(temporary, file);
  try {
    return await takeFrom(day, run.wanted, { ...run, request: { ...run.request, layout } }, toc);
  } finally {
    await rm(file, { force: true });
  }
}
