/**
 * Whether a table is what was written: its files by size, time and their ends; and looked at deeply every byte
 * and row, one version a key and number, hashes, the content of every window that is done, and what is odd in
 * the vendor's data, which is no damage.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { conditionOf, groupsOf } from '#ingest/tables/plan-table.js';
import { spansOf } from '#ingest/tables/spans.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { TableType } from '#market/tables/table-type.js';
import { fileSha256 } from '#platform/disk/file-sha256.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { isEngineError } from '#store/lake/bronze.js';
import { type Duck, literal } from '#store/lake/duckdb.js';
import { hashSql, keySql } from '#store/tables/columns.js';
import { type TablePartition, tableFiles, tableFolder, tablePartitionFile } from '#store/tables/layout.js';
import { readTableRecord, type TableRecord } from '#store/tables/record.js';
import { partitionSql } from '#store/tables/staged.js';
import { versionsOf } from '#store/tables/views.js';
import { type Oddity, oddities } from './oddities.js';

export interface TableDamage {
  /** Below the table's folder; '' where it is the table as a whole. */
  readonly file: string;
  readonly what: string;
}

export interface VerifiedTable {
  readonly type: string;
  readonly files: number;
  /** Of all versions. */
  readonly rows: number;
  /** Windows whose content was compared with what came. */
  readonly windows: number;
  readonly damage: readonly TableDamage[];
  readonly oddities: readonly Oddity[];
}

/** Not `deep`: of files that are as they were left their ends alone, and the rows of all others. */
export async function verifyTable(
  type: TableType,
  layout: Pick<FolderLayout, 'dataDir'>,
  {
    database,
    today,
    deep,
  }: { readonly database: () => Promise<Duck>; readonly today: IsoDay; readonly deep: boolean },
): Promise<VerifiedTable> {
  const record = await readTableRecord(layout, type.name);
  const there = tableFiles(layout, type.name);
  const damage: TableDamage[] = [...record.files.keys()]
    .filter((partition) => !there.has(partition))
    .map((partition) => ({ file: tablePartitionFile(partition), what: 'is gone' }));
  const files = [...there].map(([partition, stamp]) => {
    const known = record.files.get(partition);
    const isSame = known?.stamp.size === stamp.size && known.stamp.mtimeMs === stamp.mtimeMs;
    return {
      partition,
      file: path.join(tableFolder(layout, type.name), tablePartitionFile(partition)),
      known: isSame ? known : undefined,
    };
  });
  const looked = deep
    ? await lookAtFiles(type, files, { duck: await database(), deep })
    : await lookAtEnds(type, files, database);
  const sound = files.filter(({ partition }) => !looked.damage.has(partition)).map(({ file }) => file);
  for (const [partition, what] of looked.damage) damage.push({ file: tablePartitionFile(partition), what });
  const { rows } = looked;
  if (!deep) return { type: type.name, files: there.size, rows, windows: 0, damage, oddities: [] };
  const duck = await database();
  damage.push(...(await wholeTable(type, sound, duck)));
  const isWhole = damage.length === 0;
  const windows = isWhole ? await lookAtWindows(type, record, sound, { duck, today }) : [];
  return {
    type: type.name,
    files: there.size,
    rows,
    windows: windows.length,
    damage: [...damage, ...windows.flatMap((one) => one.damage ?? [])],
    oddities: isWhole ? await oddities(type, layout, duck) : [],
  };
}

interface LookedAt {
  readonly partition: TablePartition;
  readonly file: string;
  /** What was recorded of it, where it is the file that was written. */
  readonly known: { readonly sha256: string; readonly rows: number } | undefined;
}

interface LookedAtFiles {
  readonly rows: number;
  readonly damage: ReadonlyMap<TablePartition, string>;
}

/** What is as it was left has the rows that were written; the database reads the others. */
async function lookAtEnds(
  type: TableType,
  files: readonly LookedAt[],
  database: () => Promise<Duck>,
): Promise<LookedAtFiles> {
  const others = files.filter(({ known }) => known === undefined);
  const read =
    others.length === 0
      ? { rows: 0, damage: new Map<TablePartition, string>() }
      : await lookAtFiles(type, others, { duck: await database(), deep: false });
  const damage = new Map(read.damage);
  let { rows } = read;
  for (const { partition, file, known } of files) {
    if (known === undefined) continue;
    if (await hasParquetEnds(file)) rows += known.rows;
    else damage.set(partition, 'cannot be read as Parquet');
  }
  return { rows, damage };
}

/** The format's mark stands at both ends of a file. */
async function hasParquetEnds(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const [first, last] = [Buffer.alloc(PARQUET.length), Buffer.alloc(PARQUET.length)];
    await handle.read(first, 0, PARQUET.length, 0);
    await handle.read(last, 0, PARQUET.length, Math.max(0, size - PARQUET.length));
    return first.toString('latin1') === PARQUET && last.toString('latin1') === PARQUET;
  } finally {
    await handle.close();
  }
}

const PARQUET = 'PAR1';

/** All in one query; one by one where one of them cannot be read. */
async function lookAtFiles(
  type: TableType,
  files: readonly LookedAt[],
  { duck, deep }: { readonly duck: Duck; readonly deep: boolean },
): Promise<LookedAtFiles> {
  const damage = new Map<TablePartition, string>();
  if (deep)
    for (const { partition, file, known } of files)
      if (known !== undefined && (await fileSha256(file)) !== known.sha256)
        damage.set(partition, 'has other bytes than were written');
  let rows = 0;
  const rest = files.filter(({ partition }) => !damage.has(partition));
  const all = await factsOf(type, rest, { duck, deep }).catch(whereUnreadable);
  for (const one of rest) {
    const facts = all ?? (await factsOf(type, [one], { duck, deep }).catch(whereUnreadable));
    const found = facts?.get(one.partition);
    const what = facts === undefined ? 'cannot be read as Parquet' : troubleOf(found, one.known?.rows);
    if (what === undefined) rows += found?.rows ?? 0;
    else damage.set(one.partition, what);
  }
  return { rows, damage };
}

function whereUnreadable(error: unknown): undefined {
  if (!isEngineError(error)) throw error;
}

interface FileFacts {
  readonly rows: number;
  readonly misplaced: number;
  readonly altered: number;
}

async function factsOf(
  type: TableType,
  files: readonly LookedAt[],
  { duck, deep }: { readonly duck: Duck; readonly deep: boolean },
): Promise<ReadonlyMap<TablePartition, FileFacts>> {
  const parts = files.map(
    ({ partition, file }) =>
      `SELECT ${literal(partition)} AS _held, count(*) AS rows, count(*) FILTER (${partitionSql(type)} <> ${literal(partition)}) AS misplaced, ` +
      `${deep ? `count(*) FILTER (${hashSql(type)} <> content_hash)` : '0'} AS altered FROM (${versionsOf(type, [file])})`,
  );
  const found = new Map<TablePartition, FileFacts>();
  for (const group of groupsOf(parts, FILES_AT_ONCE))
    for (const row of await duck.rows(group.join(' UNION ALL ')))
      found.set(String(row['_held']), {
        rows: Number(row['rows']),
        misplaced: Number(row['misplaced']),
        altered: Number(row['altered']),
      });
  return found;
}

/** Files in one query. */
const FILES_AT_ONCE = 40;

function troubleOf(found: FileFacts | undefined, written: number | undefined): string | undefined {
  const { rows = 0, misplaced = 0, altered = 0 } = found ?? {};
  if (written !== undefined && rows !== written) return `has ${rows} rows, and ${written} were written`;
  if (misplaced > 0) return `holds ${misplaced} rows of other months`;
  return altered > 0 ? `has ${altered} rows with another hash than their content` : undefined;
}

/** Versions of a key count from 1, each once. */
async function wholeTable(
  type: TableType,
  files: readonly string[],
  duck: Duck,
): Promise<readonly TableDamage[]> {
  const [found] = await duck.rows(
    `SELECT count(*) AS n FROM (SELECT ${keySql(type)} AS _key FROM (${versionsOf(type, files)}) GROUP BY _key HAVING count(*) <> max(version) OR count(DISTINCT version) <> count(*))`,
  );
  const n = Number(found?.['n']);
  return n === 0 ? [] : [{ file: '', what: `${n} keys whose versions are not 1, 2, 3 …, each once` }];
}

/** What was known when a window was loaded, put together again. */
async function lookAtWindows(
  type: TableType,
  { windows }: TableRecord,
  files: readonly string[],
  { duck, today }: { readonly duck: Duck; readonly today: IsoDay },
): Promise<readonly { readonly damage?: TableDamage }[]> {
  if (type.windows.kind !== 'dated') return [];
  const { column } = type.windows;
  const looked: { readonly damage?: TableDamage }[] = [];
  for (const { name, ...span } of spansOf(type.windows, today)) {
    const window = windows.get(name);
    if (window?.done !== true || window.sha256 === null) continue;
    const at = literal(window.loaded_at.replace('T', ' ').replace('Z', ''));
    const [found] = await duck.rows(
      `SELECT sha256(coalesce(string_agg(_key || ' ' || content_hash::VARCHAR, chr(10) ORDER BY _key), '')) AS hash FROM (` +
        `SELECT * FROM (SELECT *, ${keySql(type)} AS _key FROM (${versionsOf(type, files)}) WHERE first_seen <= TIMESTAMP ${at}) ` +
        `QUALIFY row_number() OVER (PARTITION BY _key ORDER BY version DESC) = 1) ` +
        `WHERE ${conditionOf({ column, ...span })} AND (gone_on IS NULL OR gone_on > DATE ${at.slice(0, 11)}')`,
    );
    looked.push(
      found?.['hash'] === window.sha256
        ? {}
        : {
            damage: { file: '', what: `window ${name} holds other records than came on ${window.loaded_at}` },
          },
    );
  }
  return looked;
}
