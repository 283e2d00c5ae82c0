/** The days of the archive as units of a load, and their rows as text. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { queryColumns } from '#ingest/loading/query-columns.js';
import { writeRowText } from '#ingest/loading/row-text.js';
import type { LoadUnit, UnitText } from '#ingest/loading/unit.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { Only } from '#store/database/loads.js';
import type { Database } from '#store/database/port.js';
import { scopeOf } from '#store/database/scope.js';
import type { DataFolder } from '#store/folder/open.js';
import { firstLine, isEngineError } from '#store/lake/bronze.js';
import { textSha256, writeDayText } from '#store/lake/day-text.js';
import type { Duck } from '#store/lake/duckdb.js';
import { dayRows, numbersOf } from './day-rows.js';

export interface FailedDay {
  readonly day: IsoDay;
  readonly reason: string;
}

/** A record of the vendor's is about so many compressed bytes, where nobody has counted them. */
const BYTES_A_ROW = 12;

export interface ArchiveWish {
  readonly dataset: Dataset;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly only: Only | undefined;
}

/** Days that cannot be read are told to `fail`. */
export function archiveUnits(
  { dataset, range, only }: ArchiveWish,
  folder: DataFolder,
  fail: (failed: FailedDay) => void,
): readonly LoadUnit[] {
  const archive = folder.archive(dataset);
  const { days: known } = folder.known(dataset);
  const scope = scopeOf(only?.values);
  return archive.days().flatMap((day): readonly LoadUnit[] => {
    const stamp = archive.stampOf(day);
    if (day < range.start || day > range.end || stamp === undefined) return [];
    const record = known.get(day);
    const isSame = record?.archive?.size === stamp.size && record.archive.mtimeMs === stamp.mtimeMs;
    const recorded = isSame ? (record.sorted_sha256 ?? record.text_sha256) : undefined;
    try {
      const fingerprint = recorded ?? textSha256(archive, day, dataset);
      const rows = record?.rows ?? Math.ceil(stamp.size / BYTES_A_ROW);
      return [{ day, scope, only, fingerprint, rows: rowsOf(rows, only) }];
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
      fail({ day, reason: error.message });
      return [];
    }
  });
}

/** Of some symbols about their share of the market. */
function rowsOf(rows: number, only: Only | undefined): number {
  if (only === undefined) return rows;
  return Math.max(1, Math.ceil((rows * Math.min(only.values.length, MARKET)) / MARKET));
}

const MARKET = 10_000;

export interface TextTools {
  readonly duck: Duck;
  /** For files that go again. */
  readonly work: string;
  readonly database: Pick<Database, 'typeOf'>;
  readonly fail: (failed: FailedDay) => void;
}

/** Throws the disk's error. Undefined for a day that cannot be read. */
export async function archiveText(
  { day, only }: LoadUnit,
  dataset: Dataset,
  folder: Pick<DataFolder, 'archive'>,
  { duck, work, database, fail }: TextTools,
): Promise<UnitText | undefined> {
  const csv = path.join(work, `${day}.csv`);
  const file = path.join(work, `${dataset.name.replaceAll('/', '-')}-${day}.rows`);
  try {
    const text = writeDayText(folder.archive(dataset), day, dataset, csv);
    const query = dayRows(text, dataset, only);
    const all = await queryColumns(duck, query, numbersOf(text));
    const columns = all.filter((column) => database.typeOf(column) !== undefined);
    await writeRowText(duck, query, columns, file);
    return { file, columns, leftOut: text.proof.leftOut };
  } catch (error) {
    if (!(error instanceof ArchiveDamage) && !isEngineError(error)) throw error;
    fail({ day, reason: error instanceof ArchiveDamage ? error.message : firstLine(error) });
    return undefined;
  } finally {
    await rm(csv, { force: true });
  }
}
