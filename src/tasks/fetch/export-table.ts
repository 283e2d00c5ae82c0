/**
 * A table's current records as a tree of Parquet files for other programs, such as the older downloader's:
 * `balance_sheets/year=2024/month=02/ticker=AAPL.parquet`.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { TableType } from '#market/tables/table-type.js';
import { temporaryName } from '#platform/disk/durable.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, identifier, listOf, literal } from '#store/lake/duckdb.js';
import { engineError } from '#store/lake/lake-error.js';
import { dateSql } from '#store/tables/columns.js';
import { currentView } from '#store/tables/views.js';

export type ExportLevel = 'year' | 'month' | 'ticker';

export interface ExportWish {
  readonly type: TableType;
  /** That the table's folder is made in. */
  readonly folder: string;
  /** Folders from the outside in; a last `ticker` is the files' name. */
  readonly levels: readonly ExportLevel[];
  readonly tickers?: readonly string[] | undefined;
  readonly asOf?: IsoDay | undefined;
}

export interface Exported {
  readonly rows: number;
  readonly files: number;
}

/** Replaces the table's folder there. Throws the disk's error. */
export async function exportTable(
  { type, folder, levels, tickers, asOf }: ExportWish,
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: Duck,
): Promise<Exported> {
  const target = path.join(folder, type.name);
  const temporary = temporaryName(target);
  const kind = type.fields.find(({ name }) => name === type.ticker)?.kind;
  const own = type.ticker === undefined ? 'NULL' : identifier(type.ticker);
  const each = kind === 'texts' ? `unnest(${own})` : own;
  const inner = levels.includes('ticker')
    ? `SELECT *, ${each} AS _ticker FROM (${currentView(type, layout, asOf)})`
    : `SELECT *, NULL AS _ticker FROM (${currentView(type, layout, asOf)})`;
  const only =
    tickers === undefined
      ? ''
      : ` WHERE ${kind === 'texts' ? `list_has_any(${own}, ${listOf(tickers)})` : `${own} IN (SELECT unnest(${listOf(tickers)}))`}${levels.includes('ticker') ? ` AND _ticker IN (SELECT unnest(${listOf(tickers)}))` : ''}`;
  const parts: Readonly<Record<ExportLevel, string>> = {
    year: `strftime(${dateSql(type)}, '%Y')`,
    month: `strftime(${dateSql(type)}, '%m')`,
    ticker: '_ticker',
  };
  const names = levels.map((level) => `_${level}_`);
  const columns = levels.map((level, i) => `${parts[level]} AS ${names[i]}`);
  const query = `SELECT ${[...type.fields.map(({ name }) => identifier(name)), ...columns].join(', ')} FROM (${inner})${only} ORDER BY ${[...names, dateSql(type)].join(', ')}`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const { rowsChanged } = await duck.connection.run(
      `COPY (${query}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2, PARTITION_BY (${names.join(', ')}))`,
    );
    const files = rowsChanged === 0 ? 0 : await tidy(temporary, levels.at(-1) === 'ticker');
    await rm(target, { recursive: true, force: true });
    if (rowsChanged > 0) await rename(temporary, target);
    return { rows: rowsChanged, files };
  } catch (error) {
    throw engineError(error, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** `_year_=2024` becomes `year=2024`, and `ticker=A/data_0.parquet` the file `ticker=A.parquet`. */
async function tidy(folder: string, filesAreTickers: boolean): Promise<number> {
  let files = 0;
  for (const { name, isFolder } of (await readdir(folder, { withFileTypes: true })).map((entry) => ({
    name: entry.name,
    isFolder: entry.isDirectory(),
  }))) {
    if (!isFolder) {
      files++;
      continue;
    }
    const plain = name.replace(/^_(\w+)_=/, '$1=');
    const inner = path.join(folder, name);
    if (filesAreTickers && plain.startsWith('ticker=')) {
      const [file = ''] = await readdir(inner);
      await rename(path.join(inner, file), path.join(folder, `${plain}.parquet`));
      await rm(inner, { recursive: true });
      files++;
      continue;
    }
    files += await tidy(inner, filesAreTickers);
    await rename(inner, path.join(folder, plain));
  }
  return files;
}
