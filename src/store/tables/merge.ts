/**
 * A window's records into a table's files. The same record again changes nothing; another content is a new
 * version beside the old; what a full list lacks is marked gone and stays. Each file is complete and durable
 * before any has its name.
 */
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { ENDPOINT } from '#market/tables/older-endpoint.js';
import type { TableType } from '#market/tables/table-type.js';
import { makeDurable, makeFolder, syncFolder, temporaryName } from '#platform/disk/durable.js';
import { fileSha256 } from '#platform/disk/file-sha256.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, identifier, literal } from '#store/lake/duckdb.js';
import { engineError } from '#store/lake/lake-error.js';
import { keySql } from './columns.js';
import { type TablePartition, tableFiles, tableFolder, tablePartitionFile } from './layout.js';
import { TABLES_SCHEMA, type TableFileRecord } from './record.js';
import { partitionSql, type Staged, stage } from './staged.js';
import { versionsOf } from './views.js';

export interface Merge {
  readonly type: TableType;
  /** NDJSON of rows. */
  readonly staged: readonly string[];
  /** When they were seen, UTC, `2026-11-20 17:00:00.000`. */
  readonly seenAt: string;
  /** What is dated on that day or before counts from its own date: nobody looked before. */
  readonly assumedTo?: IsoDay | undefined;
  /** Of the records of this condition all have come: another that is current is gone. */
  readonly holdsAll?: string | undefined;
  /** The months that a current record of `holdsAll` can lie in; undefined: any. */
  readonly months?: { readonly from: string | undefined; readonly to: string | undefined } | undefined;
  /** Whether records of the newer endpoint, which say more, stay as they are. */
  readonly isOlder?: boolean;
}

export interface Merged extends Staged {
  readonly added: number;
  /** New versions of records that were here. */
  readonly changed: number;
  readonly gone: number;
  /** Records of an older endpoint that are here from the newer one. */
  readonly heldBack: number;
  /** Those that were rewritten. */
  readonly files: ReadonlyMap<TablePartition, TableFileRecord>;
}

export interface MergeTools {
  readonly layout: Pick<FolderLayout, 'dataDir'>;
  readonly duck: Duck;
  readonly checkLock: () => Promise<void>;
}

/** One at a time for a database. Throws what the database says, the disk's error, or what `checkLock` throws. */
export async function mergeWindow(merge: Merge, tools: MergeTools): Promise<Merged> {
  const { type, seenAt } = merge;
  const { duck, layout } = tools;
  const staged = await stage(type, merge.staged, seenAt, duck);
  await known(merge, tools);
  const heldBack = merge.isOlder === true ? await holdBack(duck) : 0;
  const counts = await compare(merge, duck);
  const touched = (
    await duck.rows(
      'SELECT DISTINCT _part FROM (SELECT _part FROM fresh UNION ALL SELECT _part FROM moved UNION ALL SELECT _part FROM lost) ORDER BY 1',
    )
  ).map(({ _part }) => String(_part));
  const there = tableFiles(layout, type.name);
  const written: { readonly partition: string; readonly file: string; readonly rows: number }[] = [];
  try {
    for (const partition of touched) {
      const file = path.join(tableFolder(layout, type.name), tablePartitionFile(partition));
      await makeFolder(path.dirname(file));
      written.push({ partition, file, rows: 0 });
      const rows = await writePartition(merge, { partition, file, isThere: there.has(partition) }, duck);
      written[written.length - 1] = { partition, file, rows };
    }
    await makeDurable(written.map(({ file }) => temporaryName(file)));
    const files = new Map<TablePartition, TableFileRecord>();
    const hashes = await Promise.all(written.map(({ file }) => fileSha256(temporaryName(file))));
    await tools.checkLock();
    for (const [i, { partition, file, rows }] of written.entries()) {
      await rename(temporaryName(file), file);
      const { size, mtimeMs } = await stat(file);
      const stamp = { size, mtimeMs: Math.floor(mtimeMs) };
      files.set(partition, { stamp, sha256: hashes[i] ?? '', rows });
    }
    for (const folder of new Set(written.map(({ file }) => path.dirname(file)))) await syncFolder(folder);
    return { ...staged, ...counts, heldBack, files };
  } catch (error) {
    await Promise.allSettled(written.map(({ file }) => rm(temporaryName(file), { force: true })));
    throw engineError(error, written.at(-1)?.file ?? tableFolder(layout, type.name));
  }
}

/**
 * Makes the table `known`: of each key that came, or that the list should have had, the newest version here.
 * Where the key holds the date, only the files of these months can have it.
 */
async function known({ type, holdsAll, months }: Merge, { layout, duck }: MergeTools): Promise<void> {
  const moving = [...type.moving, 'extra'].map(identifier).join(', ');
  const folder = tableFolder(layout, type.name);
  const parts = new Set((await duck.rows('SELECT DISTINCT _part FROM staged')).map(({ _part }) => _part));
  const isBound = type.date !== undefined && type.key.includes(type.date.column);
  const inMonths = (partition: string): boolean =>
    holdsAll !== undefined &&
    (months === undefined || (partition >= (months.from ?? '') && partition <= (months.to ?? '9')));
  const files = [...tableFiles(layout, type.name).keys()]
    .filter((partition) => !isBound || parts.has(partition) || inMonths(partition))
    .map((partition) => path.join(folder, tablePartitionFile(partition)));
  const whose = holdsAll === undefined ? '' : ` OR (${holdsAll})`;
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE known AS SELECT * FROM (SELECT ${keySql(type)} AS _key, version, content_hash, gone_on, ` +
      `${partitionSql(type)} AS _part, ${moving}, ${holdsAll === undefined ? 'false' : `coalesce(${holdsAll}, false)`} AS _listed ` +
      `FROM (${versionsOf(type, files)}) WHERE ${keySql(type)} IN (SELECT _key FROM staged)${whose}) ` +
      'QUALIFY row_number() OVER (PARTITION BY _key ORDER BY version DESC) = 1',
  );
}

/** How many. */
async function holdBack(duck: Duck): Promise<number> {
  const { rowsChanged } = await duck.connection.run(
    `DELETE FROM staged WHERE _key IN (SELECT _key FROM known WHERE ${identifier(ENDPOINT.name)} IS NULL)`,
  );
  return rowsChanged;
}

/** Makes `fresh`, the versions to be added, `moved`, what moves by itself, and `lost`, what is gone. */
async function compare({ type }: Merge, duck: Duck): Promise<Pick<Merged, 'added' | 'changed' | 'gone'>> {
  const moving = [...type.moving, 'extra'].map(identifier);
  const differs = moving.map((name) => `s.${name} IS DISTINCT FROM k.${name}`).join(' OR ');
  const [here] = await duck.rows('SELECT count(*) AS n FROM known');
  // Of a first load all is new, and is not copied to say so.
  const isNew = Number(here?.['n']) === 0;
  await duck.run('DROP VIEW IF EXISTS fresh');
  await duck.run(
    `CREATE TEMP VIEW fresh AS SELECT s.*, ${isNew ? '1' : 'coalesce(k.version, 0) + 1'} AS version FROM staged s ` +
      (isNew
        ? ''
        : 'LEFT JOIN known k USING (_key) WHERE k._key IS NULL OR k.content_hash <> s.content_hash OR k.gone_on IS NOT NULL'),
  );
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE moved AS SELECT k._key, k.version, k._part, ${moving.map((name) => `s.${name}`).join(', ')} ` +
      `FROM staged s JOIN known k USING (_key) WHERE k.content_hash = s.content_hash AND k.gone_on IS NULL AND (${differs})`,
  );
  await duck.run(
    'CREATE OR REPLACE TEMP TABLE lost AS SELECT _key, version, _part FROM known WHERE _listed AND gone_on IS NULL AND _key NOT IN (SELECT _key FROM staged)',
  );
  const [counts] = await duck.rows(
    'SELECT (SELECT count(*) FROM fresh WHERE version = 1) AS added, (SELECT count(*) FROM fresh WHERE version > 1) AS changed, (SELECT count(*) FROM lost) AS gone',
  );
  return {
    added: Number(counts?.['added']),
    changed: Number(counts?.['changed']),
    gone: Number(counts?.['gone']),
  };
}

/** Under its temporary name. Returns the rows it has. */
async function writePartition(
  { type, seenAt, assumedTo }: Merge,
  { partition, file, isThere }: { partition: string; file: string; isThere: boolean },
  duck: Duck,
): Promise<number> {
  const moving = new Set([...type.moving, 'extra']);
  const names = [...type.fields.map(({ name }) => name), 'extra'];
  const old = names.map((name) => {
    const column = identifier(name);
    return moving.has(name)
      ? `CASE WHEN m._key IS NULL THEN o.${column} ELSE m.${column} END AS ${column}`
      : `o.${column}`;
  });
  const today = `DATE ${literal(seenAt.slice(0, 10))}`;
  const date = type.date === undefined ? undefined : `${identifier(type.date.column)}::DATE`;
  const assumed =
    assumedTo === undefined
      ? 'false'
      : `version = 1 AND ${date === undefined ? 'true' : `coalesce(${date} <= DATE ${literal(assumedTo)}, true)`}`;
  const parts = [
    `SELECT ${names.map(identifier).join(', ')}, version::INTEGER AS version, first_seen, ${assumed} AS assumed, NULL::DATE AS gone_on, content_hash, _key FROM fresh WHERE _part = ${literal(partition)}`,
  ];
  if (isThere)
    parts.push(
      `SELECT ${old.join(', ')}, o.version, o.first_seen, o.assumed, CASE WHEN l._key IS NULL THEN o.gone_on ELSE ${today} END AS gone_on, o.content_hash, o._key ` +
        `FROM (SELECT *, ${keySql(type)} AS _key FROM (${versionsOf(type, [file])})) o LEFT JOIN moved m ON o._key = m._key AND o.version = m.version ` +
        'LEFT JOIN lost l ON o._key = l._key AND o.version = l.version',
    );
  const facts = literal(JSON.stringify({ schema: TABLES_SCHEMA, table: type.name }));
  const { rowsChanged } = await duck.connection.run(
    `COPY (SELECT * EXCLUDE (_key) FROM (${parts.join(' UNION ALL BY NAME ')}) ORDER BY ${orderOf(type)}, version) TO ${literal(temporaryName(file))} ` +
      `(FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2, ROW_GROUP_SIZE 32768, USE_TMP_FILE false, KV_METADATA {barloom: ${facts}})`,
  );
  return rowsChanged;
}

/** By ticker, then day. */
function orderOf({ ticker, fields, date }: TableType): string {
  const kind = fields.find(({ name }) => name === ticker)?.kind;
  const by =
    ticker === undefined
      ? []
      : [kind === 'texts' ? `list_extract(${identifier(ticker)}, 1)` : identifier(ticker)];
  return [...by, ...(date === undefined ? [] : [identifier(date.column)]), '_key'].join(', ');
}
