/**
 * The SELECT behind a table's name: all versions, the current records, and the records as they were known on a
 * day. A table without a file has its columns and no row.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { TableType } from '#market/tables/table-type.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { identifier, listOf } from '#store/lake/duckdb.js';
import { parquetOf } from '#store/lake/views.js';
import { keySql, tableColumns } from './columns.js';
import { tablePaths } from './layout.js';

/** Every version of every record. */
export function versionsView(type: TableType, layout: Pick<FolderLayout, 'dataDir'>): string {
  return versionsOf(type, tablePaths(layout, type.name));
}

/** Of these files alone. */
export function versionsOf(type: TableType, files: readonly string[]): string {
  const columns = [...tableColumns(type)].map(([name, sql]) => `NULL::${sql} AS ${identifier(name)}`);
  const none = `SELECT ${columns.join(', ')} WHERE false`;
  // First, so that columns which older files lack are there, and all in one order.
  return files.length === 0 ? none : `${none} UNION ALL BY NAME SELECT * FROM ${parquetOf(listOf(files))}`;
}

/**
 * The newest version of each record, without those that are gone. `asOf`: as it was known at the end of that
 * day.
 */
export function currentView(type: TableType, layout: Pick<FolderLayout, 'dataDir'>, asOf?: IsoDay): string {
  return currentOf(type, versionsView(type, layout), asOf);
}

/** Of `versions`, a SELECT. */
export function currentOf(type: TableType, versions: string, asOf?: IsoDay): string {
  const day = asOf === undefined ? undefined : `DATE '${asOf}'`;
  const known = day === undefined ? '' : ` WHERE ${knownOn(type)} <= ${day}`;
  const gone = day === undefined ? '_v.gone_on IS NULL' : `(_v.gone_on IS NULL OR _v.gone_on > ${day})`;
  const shown = [...type.fields.map(({ name }) => name), 'extra', 'first_seen', 'assumed'];
  // Few records have a second version, and files tell at once that they hold none.
  return (
    `WITH _known AS (SELECT * FROM (${versions})${known}), ` +
    `_newest AS (SELECT ${keySql(type)} AS _key, max(version) AS _version FROM _known WHERE version > 1 GROUP BY ALL) ` +
    `SELECT ${shown.map((name) => `_v.${identifier(name)}`).join(', ')} ` +
    `FROM (SELECT *, ${keySql(type)} AS _key FROM _known) _v LEFT JOIN _newest USING (_key) ` +
    `WHERE (_newest._version IS NULL OR _v.version = _newest._version) AND ${gone}`
  );
}

/**
 * The day from which a version counts. What came with the first load counts from its own date, or from ever
 * where its type has none; a record that lacks its date, from the day it was seen.
 */
export function knownOn({ date }: TableType): string {
  const own = date === undefined ? "DATE '0001-01-01'" : `${identifier(date.column)}::DATE`;
  return `CASE WHEN assumed THEN least(coalesce(${own}, first_seen::DATE), first_seen::DATE) ELSE first_seen::DATE END`;
}
