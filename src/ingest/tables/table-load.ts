/** A type being loaded: its record, the rows that wait on disk, and how a window of them becomes known. */
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { TableType } from '#market/tables/table-type.js';
import type { Merge, Merged } from '#store/tables/merge.js';
import { mergeWindow } from '#store/tables/merge.js';
import type { OpenTables } from '#store/tables/open-tables.js';
import { readTableRecord, type TableRecord, writeTableRecord } from '#store/tables/record.js';
import { type RecordReader, type Row, recordReader } from '#vendors/rest/records.js';
import { newOutcome, type TypeOutcome } from './outcome.js';

export interface TableLoad {
  readonly type: TableType;
  readonly record: TableRecord;
  readonly reader: RecordReader;
  readonly outcome: TypeOutcome;
  /** The newest day from which on the plan denied a range. */
  readonly edge: { from: IsoDay | undefined; error: string };
}

export async function openTableLoad(type: TableType, { layout }: OpenTables): Promise<TableLoad> {
  return {
    type,
    record: await readTableRecord(layout, type.name),
    reader: recordReader(type),
    outcome: newOutcome(type.name),
    edge: { from: undefined, error: '' },
  };
}

/** Rows on their way into a table, in a file of their own. */
export interface StagedRows {
  readonly file: string;
  add(rows: readonly Row[]): Promise<void>;
  /** Files to be merged: none where no row came. */
  finish(): Promise<readonly string[]>;
  /** Leaves nothing behind. */
  drop(): Promise<void>;
}

let stagedFiles = 0;

export async function stageRows({ work }: Pick<OpenTables, 'work'>, name: string): Promise<StagedRows> {
  const file = path.join(work, `${name}-${++stagedFiles}.ndjson`);
  const handle = await open(file, 'w');
  let count = 0;
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    file,
    add: async (rows) => {
      count += rows.length;
      if (rows.length > 0) await handle.writeFile(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
    },
    finish: async () => {
      await close();
      return count === 0 ? [] : [file];
    },
    drop: async () => {
      await close();
      await rm(file, { force: true });
    },
  };
}

export interface Commit {
  readonly staged: readonly string[];
  readonly now: Date;
  /** Whether nobody looked at what came before. */
  readonly isFirst: boolean;
  readonly holdsAll?: string | undefined;
  readonly months?: Merge['months'];
  readonly isOlder?: boolean;
  /** Notes in the record what is done now, once the rows are durable. */
  readonly note: (record: TableRecord, moment: string, merged: Merged) => void;
}

/**
 * Rows into the table, then the record: whoever is killed in between loads the window again, and finds its
 * rows. One at a time for a database.
 */
export async function commit(load: TableLoad, tables: OpenTables, wish: Commit): Promise<Merged> {
  const { type, record, outcome } = load;
  const moment = nextMoment(record, wish.now);
  const today = moment.slice(0, 10);
  record.since ??= today;
  const merged = await mergeWindow(
    {
      type,
      staged: wish.staged,
      seenAt: moment.replace('T', ' ').replace('Z', ''),
      assumedTo: wish.isFirst ? record.since : undefined,
      holdsAll: wish.holdsAll,
      months: wish.months,
      isOlder: wish.isOlder ?? false,
    },
    tables,
  );
  record.lastMoment = moment;
  for (const [partition, file] of merged.files) record.files.set(partition, file);
  wish.note(record, moment, merged);
  await writeTableRecord(tables.layout, type.name, record, tables.checkLock);
  outcome.rows += merged.rows;
  for (const name of ['added', 'changed', 'gone', 'repeated', 'conflicting', 'undated'] as const)
    outcome[name] += merged[name];
  return merged;
}

/** Later than any before it, also where the clock stands or went back: versions are told apart by it. */
function nextMoment({ lastMoment }: TableRecord, now: Date): string {
  const last = lastMoment === undefined ? Number.NEGATIVE_INFINITY : Date.parse(lastMoment);
  return new Date(Math.max(now.getTime(), last + 1)).toISOString();
}

/** The months that days of a range lie in. */
export function monthsOf(range: {
  readonly from?: IsoDay;
  readonly before?: IsoDay;
}): NonNullable<Merge['months']> {
  return { from: range.from?.slice(0, 7), to: range.before?.slice(0, 7) };
}
