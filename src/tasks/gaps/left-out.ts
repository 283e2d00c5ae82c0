/**
 * What of a day was left out of the series: as it was recorded, or, where that is lost, out of the archive's
 * own records.
 */
import { addQuality, NO_QUALITY } from '#ingest/pieces/qualities.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { windowOf } from '#market/datasets/day-window.js';
import type { LeftOut } from '#market/records/left-out.js';
import { qualityOf } from '#market/records/quality.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { indexArchived } from '#store/archive/build-toc.js';
import { withDayFile } from '#store/archive/day-file.js';
import { textsOfDay } from '#store/archive/day-texts.js';
import { textPieces } from '#store/archive/text-pieces.js';
import { archiveFile } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';

/** Reads a day once, whoever asks. Throws the disk's error. */
export function leftOutReader(folder: DataFolder, dataset: Dataset): (day: IsoDay) => readonly LeftOut[] {
  const read = new Map<IsoDay, readonly LeftOut[]>();
  const archived = new Set(folder.archive(dataset).days());
  return (day) => {
    const recorded = folder.known(dataset).days.get(day)?.left_out;
    if (recorded !== undefined) return recorded;
    if (!archived.has(day)) return [];
    const found = read.get(day) ?? leftOutOfCopy(folder, dataset, day);
    read.set(day, found);
    return found;
  };
}

function leftOutOfCopy({ layout }: DataFolder, dataset: Dataset, day: IsoDay): readonly LeftOut[] {
  const window = windowOf(dataset, day);
  try {
    return withDayFile(archiveFile(layout, dataset, day), dataset, (open) => {
      let [quality, rows] = [NO_QUALITY, 0];
      for (const { text } of textPieces(textsOfDay(open, dataset))) {
        const index = indexArchived(text, dataset);
        quality = addQuality(quality, qualityOf(index, window, dataset.series), rows);
        rows += index.records;
      }
      return quality.leftOut;
    });
  } catch (error) {
    // That a copy cannot be read is verify's to tell.
    if (error instanceof ArchiveDamage) return [];
    throw error;
  }
}
