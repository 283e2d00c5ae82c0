/**
 * The SELECT behind a dataset's name: the lake where a day is built, and the csv.gz of the archive where it
 * is not yet, or was replaced since.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { ArchiveStore } from '#store/archive/store.js';
import type { Built } from './built.js';
import { type ColumnType, csvColumns, type DayColumns, lakeSelect } from './columns.js';
import { headerOf } from './day-text.js';
import { identifier, listOf, literal } from './duckdb.js';
import { partitionFile } from './layout.js';

export interface ViewFacts {
  readonly dataset: Dataset;
  readonly archive: Pick<ArchiveStore, 'open' | 'fileOf'>;
  /** Of the dataset's bronze. */
  readonly folder: string;
  readonly built: Built;
  /** Days that are to come from the archive, ascending. */
  readonly fromArchive: readonly IsoDay[];
}

export interface View {
  readonly sql: string;
  /** Days whose archive file cannot be read: they are in no row. */
  readonly unreadable: readonly IsoDay[];
}

/** Undefined where there is no day at all. */
export function datasetView({ dataset, archive, folder, built, fromArchive }: ViewFacts): View | undefined {
  const parts: string[] = [];
  const taken = new Set(fromArchive);
  const stale = [...built.values()].flatMap(({ days }) => [...days.keys()]).filter((day) => taken.has(day));
  if (built.size > 0) {
    const except =
      stale.length === 0 ? '' : ` WHERE date NOT IN (${stale.map((day) => `DATE '${day}'`).join(', ')})`;
    parts.push(`SELECT * FROM ${builtOf(folder, built)}${except}`);
  }
  const { groups, unreadable } = byHeader(fromArchive, dataset, archive);
  for (const { columns, days } of groups) {
    const archived = days.map(archive.fileOf);
    // `…/2024-01-02.csv.gz`
    const select = lakeSelect(columns, dataset, 'filename[-17:-8]::DATE');
    parts.push(`SELECT ${select} FROM ${dayFilesOf(listOf(archived), columns)}`);
  }
  return parts.length === 0 ? undefined : { sql: parts.join(' UNION ALL BY NAME '), unreadable };
}

/** All that is built of a dataset, or these of its files. */
export function builtOf(folder: string, built: Built): string {
  const files = [...built.keys()].sort().map((partition) => path.join(folder, partitionFile(partition)));
  const columns = new Set([...built.values()].map((file) => file.columns));
  return parquetOf(listOf(files), columns.size === 1 && !columns.has(undefined));
}

/**
 * `files`: a list, or a pattern, as a literal. `areAlike`: all have the same columns in the same order; then
 * the first of them is asked, and not each.
 */
export function parquetOf(files: string, areAlike = false): string {
  return `read_parquet(${files}, hive_partitioning = false, union_by_name = ${!areAlike})`;
}

/**
 * The rows that a build would make of them: lines of another width are passed over, and a number that is none
 * is null (number-proof.ts).
 */
export function dayFilesOf(files: string, columns: DayColumns): string {
  const texts = csvColumns({ ...columns, types: columns.names.map(() => 'VARCHAR') });
  const read =
    `read_csv(${files}, header = true, auto_detect = false, delim = ',', quote = ${literal('"')}, escape = ${literal('"')}, nullstr = '', ` +
    `ignore_errors = true, filename = true, compression = 'gzip', columns = ${texts})`;
  return `(SELECT filename, ${columns.names.map((name, i) => numberIn(name, columns.types[i])).join(', ')} FROM ${read})`;
}

/** The column as its type. What the database takes for a number and the vendor never writes is none. */
function numberIn(name: string, type: ColumnType | undefined): string {
  const text = identifier(name);
  if (type === undefined || type === 'VARCHAR') return text;
  const isPlain = `${text} >= '-' AND ${text} < ':' AND NOT contains(${text}, '_') AND NOT contains(${text}, ' ')`;
  const double = `try_cast(${text} AS DOUBLE)`;
  if (type === 'DOUBLE') return `CASE WHEN ${isPlain} AND isfinite(${double}) THEN ${double} END AS ${text}`;
  const isWhole = `NOT contains(${text}, '.') AND NOT contains(lower(${text}), 'e') OR ${double} = floor(${double})`;
  return `CASE WHEN ${isPlain} AND (${isWhole}) THEN try_cast(${text} AS BIGINT) END AS ${text}`;
}

interface HeaderGroup {
  readonly columns: DayColumns;
  readonly days: IsoDay[];
}

function byHeader(
  days: readonly IsoDay[],
  dataset: Dataset,
  archive: ViewFacts['archive'],
): { readonly groups: Iterable<HeaderGroup>; readonly unreadable: readonly IsoDay[] } {
  const groups = new Map<string, HeaderGroup>();
  const unreadable: IsoDay[] = [];
  for (const day of days) {
    try {
      const columns = headerOf(archive, day, dataset);
      const key = columns.names.join(',');
      const group = groups.get(key) ?? { columns, days: [] };
      group.days.push(day);
      groups.set(key, group);
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
      unreadable.push(day);
    }
  }
  return { groups: groups.values(), unreadable };
}
