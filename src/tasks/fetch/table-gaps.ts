/** Windows and tickers of the tables that should be here and are not: what gaps tells and backfill fetches. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { TABLES } from '#market/tables/all.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { readTableRecord } from '#store/tables/record.js';
import { holesOf } from './status.js';

export interface TableGaps {
  readonly type: string;
  /** Windows that were never loaded, oldest first. */
  readonly windows: readonly string[];
  /** Tickers that failed, of types that go ticker by ticker. */
  readonly tickers: readonly string[];
  /** Why, by window or ticker, where that is known. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** Of types that were begun with; those without a hole are not among them. */
export async function tableGaps(
  layout: Pick<FolderLayout, 'dataDir'>,
  today: IsoDay,
): Promise<readonly TableGaps[]> {
  const found: TableGaps[] = [];
  for (const type of TABLES.values()) {
    const record = await readTableRecord(layout, type.name);
    const windows = holesOf(type, record, today);
    const tickers = type.windows.kind === 'tickers' ? [...record.failed.keys()] : [];
    if (windows.length + tickers.length === 0) continue;
    const reasons = [...windows, ...tickers].flatMap((name) => {
      const error = record.failed.get(name)?.error;
      return error === undefined ? [] : [[name, error] as const];
    });
    found.push({ type: type.name, windows, tickers, reasons: Object.fromEntries(reasons) });
  }
  return found;
}
