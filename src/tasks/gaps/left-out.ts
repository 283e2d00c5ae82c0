/**
 * What of a day was left out of the series: as it was recorded, or, where that is lost (a kill between a
 * day's file and its record, a lost progress.json), out of the archive's own records.
 */
import { leftOutOfCopy } from '#ingest/day/left-out-of-copy.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { LeftOut } from '#market/records/left-out.js';
import type { DataFolder } from '#store/folder/open.js';

export interface LeftOutReader {
  /** Reads a day once, whoever asks. Throws the disk's error. */
  on(day: IsoDay): readonly LeftOut[];
  /** Days that nobody has looked through, and that were too many to be looked through here. */
  unread(): number;
}

/** Minutes of a market take a second or two each, and so does what has to come out of a bucket. */
const LARGE_DAYS_READ = 10;

export function leftOutReader(folder: DataFolder, dataset: Dataset): LeftOutReader {
  const read = new Map<IsoDay, readonly LeftOut[]>();
  const unread = new Set<IsoDay>();
  const isSlow = dataset.inPieces || folder.layout.bucket !== undefined;
  const archived = new Set(folder.archive(dataset).days());
  return {
    on: (day) => {
      const known = folder.known(dataset).days.get(day)?.left_out ?? read.get(day);
      if (known !== undefined) return known;
      if (!archived.has(day)) return [];
      if (isSlow && read.size >= LARGE_DAYS_READ) {
        unread.add(day);
        return [];
      }
      const found = leftOutOfCopy(folder.archive(dataset), dataset, day) ?? [];
      read.set(day, found);
      return found;
    },
    unread: () => unread.size,
  };
}
