/**
 * One file of bronze out of days' texts and, of its other days, out of the file that was there: sorted by
 * ticker and time, complete and durable before it has its name. No day is in it twice, and nothing of year
 * and month.
 */
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { makeDurable, makeFolder, syncFolder, temporaryName } from '#platform/disk/durable.js';
import { type BuiltDay, type DaysBuilt, renderFileFacts } from './built.js';
import { csvColumns, lakeSelect } from './columns.js';
import type { DayText } from './day-text.js';
import { type Duck, listOf, literal } from './duckdb.js';
import { engineError } from './lake-error.js';

export interface BronzeFile {
  readonly file: string;
  /** The days that stay as the file has them. */
  readonly kept: DaysBuilt;
  readonly texts: readonly DayText[];
}

/**
 * Rows of a group: a reader of one ticker reads one of them a file, and a whole table is still read in large
 * steps.
 */
const ROW_GROUP = 32_768;

/**
 * Prices of bars are decimals of few digits: as plain doubles or out of a dictionary they become a fifth to a
 * quarter smaller than as the second version splits their bytes, in less time. Ticks have stamps, which that
 * version keeps as differences.
 */
const OF_BARS = 'PARQUET_VERSION V1, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 4096';
const ENCODING: Readonly<Record<Dataset['records'], string>> = {
  bars: OF_BARS,
  indices: OF_BARS,
  ticks: 'PARQUET_VERSION V2',
  any: 'PARQUET_VERSION V2',
};

/**
 * Returns what the file holds. Throws what the database says, the disk's error, or what `checkLock` throws.
 */
export async function writeBronze(
  { file, kept, texts }: BronzeFile,
  dataset: Dataset,
  duck: Duck,
  checkLock: () => Promise<void>,
): Promise<DaysBuilt> {
  const days = new Map<IsoDay, BuiltDay>([
    ...kept,
    ...texts.map((text) => [text.day, factsOf(text)] as const),
  ]);
  const sorted = new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
  await makeFolder(path.dirname(file));
  const temporary = temporaryName(file);
  try {
    const { rowsChanged } = await duck.connection.run(
      `COPY (${bronzeQuery({ file, kept, texts }, dataset)}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, ` +
        `${ENCODING[dataset.records]}, ROW_GROUP_SIZE ${ROW_GROUP}, USE_TMP_FILE false, KV_METADATA {barloom: ${literal(renderFileFacts(dataset.name, sorted))}})`,
    );
    const expected = [...days.values()].reduce((sum, { rows }) => sum + rows, 0);
    if (rowsChanged !== expected)
      throw new RangeError(`${file} would hold ${rowsChanged} rows, and its days have ${expected}`);
    await makeDurable([temporary]);
    await checkLock();
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw engineError(error, file);
  }
  return sorted;
}

function factsOf({ sha256, proof, stamp }: DayText): BuiltDay {
  const { rows, leftOut, lossy, examples } = proof;
  return {
    sha256,
    rows,
    archive: stamp,
    ...(leftOut > 0 ? { left_out: leftOut } : {}),
    ...(lossy > 0 ? { lossy, lossy_examples: examples } : {}),
  };
}

/** Days of one kind of header are read together; a day that is in order already is not sorted again. */
function bronzeQuery({ file, kept, texts }: BronzeFile, dataset: Dataset): string {
  const parts = [...byHeader(texts).values()].map((group) => textQuery(group, dataset));
  if (kept.size > 0)
    parts.push(
      `SELECT * FROM read_parquet(${literal(file)}, hive_partitioning = false) WHERE date IN (${[...kept.keys()].map((day) => `DATE '${day}'`).join(', ')})`,
    );
  const all = parts.join(' UNION ALL BY NAME ');
  const isOrdered = parts.length === 1 && texts.length === 1 && texts[0]?.proof.ordered === true;
  if (isOrdered) return all;
  const last =
    texts.every(({ columns }) => columns.names.includes('sequence_number')) && dataset.records === 'ticks'
      ? ', sequence_number'
      : '';
  return `SELECT * FROM (${all}) ORDER BY ticker, date, ts_ns${last}`;
}

function byHeader(texts: readonly DayText[]): ReadonlyMap<string, readonly DayText[]> {
  const groups = new Map<string, DayText[]>();
  for (const text of texts) {
    const header = text.columns.names.join(',');
    groups.set(header, [...(groups.get(header) ?? []), text]);
  }
  return groups;
}

/** The rows of the lake that these texts, all of one header, hold. */
export function textQuery(texts: readonly DayText[], dataset: Dataset): string {
  const [first] = texts;
  if (first === undefined) throw new RangeError('no day to read');
  // A file is named for its day, `…/2024-01-02.csv`.
  const select = lakeSelect(first.columns, dataset, 'filename[-14:-5]::DATE');
  return (
    `SELECT ${select} FROM read_csv(${listOf(texts.map(({ file }) => file))}, header = false, auto_detect = false, delim = ',', quote = '"', ` +
    `escape = '"', nullstr = '', filename = true, max_line_size = 1048576, columns = ${csvColumns(first.columns)})`
  );
}
