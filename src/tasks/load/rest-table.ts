/**
 * A table of the REST API into a database: its current records, in the place of those that are there, in one
 * transaction. So nobody ever sees a part of it, and a load that is killed has changed nothing.
 */
import path from 'node:path';
import { queryColumns } from '#ingest/loading/query-columns.js';
import { writeRowText } from '#ingest/loading/row-text.js';
import type { TableType } from '#market/tables/table-type.js';
import { fileSha256 } from '#platform/disk/file-sha256.js';
import { sha256 } from '#platform/disk/sha256.js';
import { openLines } from '#store/database/lines.js';
import { emptyTable, type LoadRecord, readLoads, recordLoad } from '#store/database/loads.js';
import type { Database } from '#store/database/port.js';
import { isTableThere, prepareTable } from '#store/database/tables.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, identifier } from '#store/lake/duckdb.js';
import { tablePaths } from '#store/tables/layout.js';
import { currentView } from '#store/tables/views.js';
import type { LoadWorkshop } from './load.js';

export interface RestRequest {
  readonly type: TableType;
  /** The database's table. */
  readonly into: string;
}

export interface RestPlan {
  readonly isThere: boolean;
  /** The records are those that are there. */
  readonly isSame: boolean;
  readonly rows: number;
  readonly fingerprint: string;
  readonly before: LoadRecord | undefined;
}

export interface RestLoad {
  readonly dataset: string;
  readonly into: string;
  /** That were loaded now; 0 where they are there already. */
  readonly rows: number;
  readonly unchanged: boolean;
}

type Layout = Pick<FolderLayout, 'dataDir'>;

/** Of the record of a table that has no days. */
const NO_DAY = '';

/** `database`: undefined where there is none yet. Throws DatabaseError or the disk's error. */
export async function planRestTable(
  { type, into }: RestRequest,
  layout: Layout,
  duck: Duck,
  database: Database | undefined,
): Promise<RestPlan> {
  const hashes: string[] = [];
  for (const file of tablePaths(layout, type.name)) hashes.push(await fileSha256(file));
  const fingerprint = sha256(hashes.join());
  const isThere = database !== undefined && (await isTableThere(database, shapeOf(type, into)));
  const [before] = isThere ? ((await readLoads(database, into)).get(NO_DAY) ?? []) : [];
  const [counted] = await duck.rows(`SELECT count(*) AS n FROM (${currentView(type, layout)})`);
  const isSame = before?.fingerprint === fingerprint;
  return { isThere, isSame, rows: Number(counted?.['n'] ?? 0), fingerprint, before };
}

/** `again`: also where the records are there. Throws DatabaseError or the disk's error. */
export async function loadRestTable(
  request: RestRequest,
  layout: Layout,
  { duck, work }: LoadWorkshop,
  database: Database,
  again: boolean,
): Promise<RestLoad> {
  const { type, into } = request;
  await database.claim(into);
  const { isSame, fingerprint, before } = await planRestTable(request, layout, duck, database);
  if (isSame && !again) return { dataset: type.name, into, rows: 0, unchanged: true };
  const query = `SELECT * REPLACE (${nested(type)}) FROM (${currentView(type, layout)})`;
  const columns = await queryColumns(duck, query);
  const file = path.join(work, `${type.name}.rows`);
  const rows = await writeRowText(duck, query, columns, file);
  await prepareTable(database, { ...shapeOf(type, into), columns });
  const lines = openLines(file);
  try {
    await database.transaction(async () => {
      await emptyTable(database, into);
      await database.insert({ table: into, columns, lines: lines.take(rows) }, 'plain');
      const record = { day: NO_DAY, scope: '', fingerprint, rows, whole: true };
      await recordLoad(database, into, before, record);
    });
  } finally {
    await lines.close();
  }
  await database.settle(into);
  return { dataset: type.name, into, rows, unchanged: false };
}

function shapeOf(type: TableType, into: string) {
  return { name: into, holds: type.name, recordKey: type.key };
}

/** Lists as JSON, which every database can take apart. */
function nested({ fields }: TableType): string {
  const lists = fields.filter(({ kind }) => kind === 'texts').map(({ name }) => identifier(name));
  return ['extra', ...lists].map((name) => `to_json(${name})::VARCHAR AS ${name}`).join(', ');
}
