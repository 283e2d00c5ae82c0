/** What of a day no series can have, out of the archive's own records: every byte of the day is read. */
import { addQuality, NO_QUALITY } from '#ingest/pieces/qualities.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { windowOf } from '#market/datasets/day-window.js';
import type { LeftOut } from '#market/records/left-out.js';
import { qualityOf } from '#market/records/quality.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { indexArchived } from '#store/archive/build-toc.js';
import type { DayFiles } from '#store/archive/day-files.js';
import { textsOfDay } from '#store/archive/day-texts.js';
import { textPieces } from '#store/archive/text-pieces.js';

/** Undefined where the copy cannot be read, which is verify's to tell. Throws the disk's error. */
export function leftOutOfCopy(
  archive: Pick<DayFiles, 'open'>,
  dataset: Dataset,
  day: IsoDay,
): readonly LeftOut[] | undefined {
  const window = windowOf(dataset, day);
  try {
    return archive.open(day, (open) => {
      let [quality, rows] = [NO_QUALITY, 0];
      for (const { text } of textPieces(textsOfDay(open, dataset))) {
        const index = indexArchived(text, dataset);
        quality = addQuality(quality, qualityOf(index, window, dataset.series), rows);
        rows += index.records;
      }
      return quality.leftOut;
    });
  } catch (error) {
    if (error instanceof ArchiveDamage) return undefined;
    throw error;
  }
}
