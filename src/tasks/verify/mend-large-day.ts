/**
 * A large day file written again from its own text, where that is certain, through split/: never whole in
 * memory.
 */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { workPiece } from '#ingest/pieces/piece-work.js';
import { sortRuns } from '#ingest/pieces/sort-runs.js';
import { type SplitDay, splitDay } from '#ingest/pieces/split-day.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { windowOf } from '#market/datasets/day-window.js';
import { SourceError } from '#platform/http/source-error.js';
import { ArchiveDamage, END_MARKER } from '#store/archive/bgzf.js';
import { withDayFile } from '#store/archive/day-file.js';
import { checkLargeDay } from './check-large-day.js';

/**
 * Prepared beside the file, durable under a temporary name; undefined where the text is not certain.
 * `sha256`: what the text should have; undefined: `isWhole` and sound is enough. Throws the disk's error.
 */
export async function splitAgain(
  file: string,
  day: IsoDay,
  dataset: Dataset,
  { sha256, isWhole }: { readonly sha256: string | undefined; readonly isWhole: boolean },
): Promise<SplitDay | undefined> {
  if (sha256 === undefined && !isWhole) return undefined;
  const size = sizeOf(file, dataset);
  if (size === undefined) return undefined;
  // What stands behind the last member is nobody's text, where the hash says so.
  const ends = sha256 === undefined ? [size] : [size, size - END_MARKER.length];
  for (const end of ends) {
    const split = end > 0 ? await attempt(file, end, day, dataset) : undefined;
    if (split === undefined) continue;
    const { temporary } = split.archive;
    const isSound = sha256 === undefined || split.textSha256 === sha256;
    // What goes in its place has to give the same text again.
    const again = isSound ? checkLargeDay(temporary, dataset, windowOf(dataset, day)) : undefined;
    if (again?.sha256 === (split.sortedSha256 ?? split.textSha256)) return split;
    await rm(temporary, { force: true });
  }
  return undefined;
}

function sizeOf(file: string, dataset: Dataset): number | undefined {
  try {
    return withDayFile(file, dataset, ({ size }) => size);
  } catch (error) {
    if (error instanceof ArchiveDamage) return undefined;
    throw error;
  }
}

async function attempt(
  file: string,
  end: number,
  day: IsoDay,
  dataset: Dataset,
): Promise<SplitDay | undefined> {
  const body = createReadStream(file, { end: end - 1, highWaterMark: 1 << 18 });
  try {
    return await splitDay(body, {
      file,
      rules: dataset,
      memberForm: dataset.memberForm,
      window: windowOf(dataset, day),
      // Here rather than in threads: a repair is rare, and a piece is soon done.
      runPiece: async (job) => workPiece(job),
      runSort: async (job) => sortRuns(job),
      atOnce: 1,
    });
  } catch (error) {
    if (error instanceof SourceError || error instanceof ArchiveDamage) return undefined;
    throw error;
  } finally {
    body.destroy();
  }
}
