import pLimit from 'p-limit';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { DataFolder } from '#store/folder/open.js';
import type { Access } from './access.js';

/** As it stands in the JSON document too. */
export interface CatalogEntry {
  readonly dataset: string;
  readonly title: string;
  readonly prefix: string;
  readonly first_day: IsoDay;
  /** About how large a day is, compressed, bytes. */
  readonly day_bytes: number;
  readonly calendar: string;
  readonly time_zone: string;
  readonly here: Here | null;
  /** Null where nobody was asked. */
  readonly access: Access | null;
}

export interface Here {
  readonly first: IsoDay;
  readonly last: IsoDay;
  readonly days: number;
  /** Of the archive. */
  readonly bytes: number;
}

export async function catalogOf(
  datasets: readonly Dataset[],
  folder: DataFolder | undefined,
  ask: ((dataset: Dataset) => Promise<Access>) | undefined,
): Promise<readonly CatalogEntry[]> {
  const limit = pLimit(4);
  return Promise.all(
    datasets.map((dataset) =>
      limit(async (): Promise<CatalogEntry> => {
        const { name, title, prefix, firstDay, typicalObjectBytes, calendar, series } = dataset;
        return {
          dataset: name,
          title,
          prefix,
          first_day: firstDay,
          day_bytes: typicalObjectBytes,
          calendar: calendar.name,
          time_zone: series.timeZone,
          here: folder === undefined ? null : hereOf(folder, dataset),
          access: ask === undefined ? null : await ask(dataset),
        };
      }),
    ),
  );
}

/** In the archive, or read once where none is kept. */
function hereOf(folder: DataFolder, dataset: Dataset): Here | null {
  const archive = folder.archive(dataset);
  const archived = archive.days();
  const processed = [...folder.known(dataset).days].flatMap(([day, { size, pruned }]) =>
    size === undefined || pruned === true ? [] : [day],
  );
  const days = [...new Set([...archived, ...processed])].sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  const bytes = archived.reduce((sum, day) => sum + (archive.stampOf(day)?.size ?? 0), 0);
  return { first, last, days: days.length, bytes };
}
