/** Keeps the record of a running import, for who asks `quotes status` meanwhile. */
import type { QuoteEvent } from '#ingest/quotes/events.js';
import { isDiskError } from '#platform/disk/errors.js';
import { writeImportRecord } from '#store/quotes/import-record.js';
import { tableName } from '#store/quotes/layout.js';
import type { ImportPlan, ImportRequest } from './plan-import.js';

export interface ImportRecorder {
  hear(event: QuoteEvent): void;
  end(exitCode: number): void;
}

/** Ms between two records. */
const PAUSE_MS = 500;

export function newImportRecorder(
  { symbols, range, table }: ImportRequest,
  { todo }: Pick<ImportPlan, 'todo'>,
  {
    quotes,
    clock,
    now,
    pid,
  }: {
    readonly quotes: string;
    readonly clock: () => number;
    readonly now: Date;
    readonly pid: number;
  },
): ImportRecorder {
  const begun = clock();
  let written = Number.NEGATIVE_INFINITY;
  const count = { done: 0, failed: 0, quotes: 0 };
  const write = (exitCode: number | null): void => {
    written = clock();
    const ms = written - begun;
    const record = {
      ...{ pid, table: tableName(table), symbols, range },
      started: now.toISOString(),
      days: todo.length,
      ...count,
      seconds: Math.round(ms) / 1000,
      ended: exitCode === null ? null : new Date(now.getTime() + ms).toISOString(),
      exit_code: exitCode,
    };
    try {
      writeImportRecord(quotes, record);
    } catch (error) {
      // Nothing depends on it, and a full disk shows where it matters.
      if (!isDiskError(error)) throw error;
    }
  };
  if (todo.length > 0) write(null);
  return {
    hear: (event) => {
      if (event.type === 'arrived') count.quotes += event.quotes;
      if (event.type === 'imported') count.done++;
      if (event.type === 'problem') count.failed++;
      if (clock() - written >= PAUSE_MS) write(null);
    },
    end: (exitCode) => {
      if (todo.length > 0) write(exitCode);
    },
  };
}
