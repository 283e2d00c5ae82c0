/**
 * Is bronze true? Each file's bytes against their hash, then its rows and values, day by day, against the
 * archive, read anew. A day that the archive does not hold any more has only the hash.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { fileSha256 } from '#platform/disk/file-sha256.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { openArchive } from '#store/archive/store.js';
import { firstLine, isEngineError, openBronze } from '#store/lake/bronze.js';
import { textQuery } from '#store/lake/bronze-writer.js';
import { type BuiltFile, daysOf } from '#store/lake/built.js';
import { type DayText, writeDayText } from '#store/lake/day-text.js';
import { type Duck, identifier, literal } from '#store/lake/duckdb.js';
import { type Partition, partitionFile } from '#store/lake/layout.js';
import type { LakeTools, OpenLake } from './open-lake.js';

export interface LakeDamage {
  readonly partition: Partition;
  /** Below the data folder's lake/. */
  readonly file: string;
  readonly what: string;
}

export interface LakeVerified {
  readonly dataset: string;
  /** Of all that is built, whatever was looked at. */
  readonly first: IsoDay | null;
  readonly last: IsoDay | null;
  readonly files: number;
  readonly days: number;
  readonly rows: number;
  /** Days that were compared with the archive. */
  readonly compared: number;
  /** Days whose text has changed since: `lake build` builds them again. */
  readonly outdated: readonly IsoDay[];
  readonly damage: readonly LakeDamage[];
  /** Days that the archive holds and cannot be read there. */
  readonly unreadable: readonly { readonly day: IsoDay; readonly reason: string }[];
}

/** Throws LakeError, the disk's error, or the signal's reason. */
export async function verifyBronze(
  dataset: Dataset,
  range: { readonly start: IsoDay; readonly end: IsoDay },
  lake: OpenLake,
  { layout, signal }: LakeTools,
): Promise<LakeVerified> {
  const bronze = await openBronze(layout, dataset.name, lake.duck);
  const damage: LakeDamage[] = [];
  const outdated: IsoDay[] = [];
  const unreadable: { day: IsoDay; reason: string }[] = [];
  let [files, days, rows, compared] = [0, 0, 0, 0];
  const told = (partition: Partition, what: string): void => {
    damage.push({ partition, file: path.join('bronze', dataset.name, partitionFile(partition)), what });
  };
  for (const [partition, { what }] of bronze.damaged) told(partition, what);
  const archive = openArchive(layout, dataset);
  const archived = new Set(archive.days());
  for (const [partition, built] of bronze.built) {
    const inRange = [...built.days.keys()].filter((day) => day >= range.start && day <= range.end);
    if (inRange.length === 0) continue;
    signal.throwIfAborted();
    files++;
    days += inRange.length;
    for (const day of inRange) rows += built.days.get(day)?.rows ?? 0;
    const file = path.join(bronze.folder, partitionFile(partition));
    if (built.sha256 !== '' && (await fileSha256(file)) !== built.sha256) {
      told(partition, 'its bytes are not those that were written');
      continue;
    }
    const folder = path.join(lake.work, `verify-${partition}`);
    mkdirSync(folder, { recursive: true });
    try {
      const texts: DayText[] = [];
      for (const day of inRange.filter((one) => archived.has(one))) {
        try {
          const text = writeDayText(archive, day, dataset, path.join(folder, `${day}.csv`));
          if (text.sha256 === built.days.get(day)?.sha256) texts.push(text);
          else outdated.push(day);
        } catch (error) {
          if (!(error instanceof ArchiveDamage)) throw error;
          unreadable.push({ day, reason: error.message });
        }
      }
      compared += texts.length;
      const what = await differences({ file, built, texts }, dataset, await lake.duck());
      if (what !== undefined) told(partition, what);
    } catch (error) {
      if (!isEngineError(error)) throw error;
      told(partition, firstLine(error));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const all = [...daysOf(bronze.built).keys()].sort();
  const [first, last] = [all[0] ?? null, all.at(-1) ?? null];
  return { dataset: dataset.name, first, last, files, days, rows, compared, outdated, damage, unreadable };
}

interface Compared {
  readonly file: string;
  readonly built: BuiltFile;
  readonly texts: readonly DayText[];
}

/**
 * What is amiss; undefined where nothing is. A day's values are compared as the sum of its rows' hashes,
 * which no order changes.
 */
async function differences(
  { file, built, texts }: Compared,
  dataset: Dataset,
  duck: Duck,
): Promise<string | undefined> {
  const parquet = `read_parquet(${literal(file)}, hive_partitioning = false)`;
  const names = (await duck.rows(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${parquet})`)).map((row) =>
    String(row['column_name']),
  );
  const sums = async (source: string, columns: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const found = await duck.rows(
      `SELECT date::VARCHAR AS day, count(*) || ' ' || sum(hash(row(${columns.map(identifier).join(', ')}))::HUGEINT) AS mark FROM (${source}) GROUP BY 1`,
    );
    return new Map(found.map((row) => [String(row['day']), String(row['mark'])]));
  };
  const held = await sums(`SELECT * FROM ${parquet}`, names);
  for (const [day, { rows }] of built.days) {
    const n = Number((held.get(day) ?? '0').split(' ')[0]);
    if (n !== rows) return `${day} has ${n} rows, and ${rows} were written`;
  }
  const strange = [...held.keys()].find((day) => !built.days.has(day));
  if (strange !== undefined) return `it holds ${strange}, which it does not name`;
  for (const text of texts) {
    // A file that holds days of several headers has every column; those that this day's lacks are null.
    const source = `(SELECT * FROM ${parquet} LIMIT 0)`;
    const read = await sums(`${source} UNION ALL BY NAME (${textQuery([text], dataset)})`, names);
    if (read.get(text.day) !== held.get(text.day) && text.proof.rows > 0)
      return `${text.day} has other values than the archive`;
  }
  return undefined;
}
