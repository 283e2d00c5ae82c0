/** What is here of each type, what is lacking, and why: a reader, which takes no lock. */
import { knownTo, olderInUse } from '#ingest/tables/known-table.js';
import { planTable } from '#ingest/tables/plan-table.js';
import { spansOf } from '#ingest/tables/spans.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { TABLES } from '#market/tables/all.js';
import { asOlder } from '#market/tables/older-endpoint.js';
import type { TableType } from '#market/tables/table-type.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, identifier } from '#store/lake/duckdb.js';
import { dateSql } from '#store/tables/columns.js';
import { tableFiles } from '#store/tables/layout.js';
import { type FailureRecord, readTableRecord, type TableRecord } from '#store/tables/record.js';
import { currentView, versionsView } from '#store/tables/views.js';

export interface TableStatus {
  readonly type: string;
  /** Current records. */
  readonly rows: number;
  /** Of all records, those that are gone too. */
  readonly versions: number;
  readonly gone: number;
  /** Null where the type knows no tickers. */
  readonly tickers: number | null;
  readonly first: IsoDay | null;
  readonly last: IsoDay | null;
  /** Records without the date they would be kept under. */
  readonly undated: number;
  readonly windows: { readonly done: number; readonly open: number };
  /** Windows that were never loaded. */
  readonly holes: readonly string[];
  /** Tickers that were asked for one by one or by name. */
  readonly asked: number;
  readonly last_run: string | null;
  readonly denied: FailureRecord | null;
  /** The older endpoint that is asked because the plan denies the newer. */
  readonly endpoint: string | null;
  readonly failed: readonly ({ readonly name: string } & FailureRecord)[];
  readonly files: number;
  readonly bytes: number;
}

export async function fetchStatus(
  layout: Pick<FolderLayout, 'dataDir'>,
  today: IsoDay,
  duck: () => Promise<Duck>,
): Promise<readonly TableStatus[]> {
  const all: TableStatus[] = [];
  for (const type of TABLES.values()) {
    const record = await readTableRecord(layout, type.name);
    const files = [...tableFiles(layout, type.name).values()];
    const counts = files.length === 0 ? NOTHING : await countRows(type, layout, await duck());
    const windows = [...record.windows.values()];
    const older = olderInUse(type, record);
    all.push({
      type: type.name,
      ...counts,
      windows: {
        done: windows.filter(({ done }) => done).length,
        open: windows.filter(({ done }) => !done).length,
      },
      holes: holesOf(type, record, today),
      asked: record.tickers.size,
      last_run: record.lastMoment ?? null,
      denied: older === undefined ? (record.denied ?? null) : null,
      endpoint: older?.name ?? null,
      failed: [...record.failed].map(([name, failure]) => ({ name, ...failure })),
      files: files.length,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
    });
  }
  return all;
}

/**
 * Of a type that was begun with: what a fetch would load for the first time, oldest first. What is older than
 * the oldest window here was not asked for.
 */
export function holesOf(type: TableType, record: TableRecord, today: IsoDay): readonly string[] {
  if (record.windows.size === 0) return [];
  const wish = { today, force: false, full: false, groupSize: 1 };
  const spans = type.windows.kind === 'dated' ? spansOf(type.windows, today).map(({ name }) => name) : [];
  const oldest = spans.findIndex((name) => record.windows.has(name) || record.failed.has(name));
  const older = olderInUse(type, record);
  return planTable(older === undefined ? type : asOlder(type, older), knownTo(record, older), wish)
    .map(({ name }) => name)
    .filter((name) => name !== 'newest' && !record.windows.has(name))
    .filter((name) => !spans.includes(name) || (oldest >= 0 && spans.indexOf(name) >= oldest))
    .reverse();
}

type Counts = Pick<TableStatus, 'rows' | 'versions' | 'gone' | 'tickers' | 'first' | 'last' | 'undated'>;
const NOTHING: Counts = {
  rows: 0,
  versions: 0,
  gone: 0,
  tickers: null,
  first: null,
  last: null,
  undated: 0,
};

async function countRows(
  type: TableType,
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: Duck,
): Promise<Counts> {
  const kind = type.fields.find(({ name }) => name === type.ticker)?.kind;
  const own = type.ticker === undefined ? undefined : identifier(type.ticker);
  const tickers =
    own === undefined
      ? 'NULL'
      : kind === 'texts'
        ? `(SELECT count(DISTINCT t) FROM (SELECT unnest(${own}) AS t FROM _rows))`
        : `count(DISTINCT ${own})`;
  const date = dateSql(type);
  const [current] = await duck.rows(
    `WITH _rows AS (${currentView(type, layout)}) SELECT count(*) AS rows, ${tickers} AS tickers, min(${date})::VARCHAR AS first, max(${date})::VARCHAR AS last, count(*) FILTER (${date} IS NULL) AS undated FROM _rows`,
  );
  const [versions] = await duck.rows(
    `SELECT count(*) AS versions, count(*) FILTER (gone_on IS NOT NULL) AS gone FROM (${versionsView(type, layout)})`,
  );
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    rows: Number(current?.['rows']),
    versions: Number(versions?.['versions']),
    gone: Number(versions?.['gone']),
    tickers: own === undefined ? null : Number(current?.['tickers']),
    first: text(current?.['first']),
    last: text(current?.['last']),
    undated: Number(current?.['undated']),
  };
}
