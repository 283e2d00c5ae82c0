/** Tables of the REST API in a folder, as a fetch leaves them, of records that a test makes up. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { TABLES } from '#market/tables/all.js';
import { type Duck, literal, openDuck } from '#store/lake/duckdb.js';
import { tableColumns } from '#store/tables/columns.js';
import { tableFolder, tablePartitionFile } from '#store/tables/layout.js';

export type Record_ = Readonly<Record<string, number | string | boolean | readonly string[] | null>>;

/** First seen with a first load on that day, where a record does not say otherwise. */
const LOADED = '2026-11-01 10:00:00';

/** `tables`: records by the table's name. What is there of a table is replaced, partition by partition. */
export async function writeTables(
  dataDir: string,
  tables: Readonly<Record<string, readonly Record_[]>>,
): Promise<void> {
  const duck = await openDuck({ memoryBytes: 128e6, threads: 1, spillFolder: '' });
  try {
    for (const [name, records] of Object.entries(tables)) await writeTable(dataDir, name, records, duck);
  } finally {
    duck.close();
  }
}

async function writeTable(
  dataDir: string,
  name: string,
  records: readonly Record_[],
  duck: Duck,
): Promise<void> {
  const type = TABLES.get(name);
  if (type === undefined) throw new RangeError(`no table ${name}`);
  const columns = tableColumns(type);
  const partitions = new Map<string, Record_[]>();
  for (const record of records) {
    const day =
      type.date === undefined ? LOADED : (record[type.date.column] ?? record[type.date.otherwise ?? '']);
    const month = String(day).slice(0, 7);
    partitions.set(month, [...(partitions.get(month) ?? []), record]);
  }
  for (const [partition, own] of partitions) {
    const file = path.join(tableFolder({ dataDir }, name), tablePartitionFile(partition));
    await mkdir(path.dirname(file), { recursive: true });
    const selects = own.map((record) => {
      const full: Record_ = { version: 1, first_seen: LOADED, assumed: true, ...record };
      const cells = [...columns].map(
        ([column, sql]) => `${cell(full[column] ?? null)}::${sql} AS "${column}"`,
      );
      return `SELECT ${cells.join(', ')}`;
    });
    await duck.run(`COPY (${selects.join(' UNION ALL ')}) TO ${literal(file)} (FORMAT parquet)`);
  }
}

function cell(value: Record_[string]): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[${value.map((one) => literal(String(one))).join(', ')}]`;
  return typeof value === 'string' ? literal(value) : String(value);
}
