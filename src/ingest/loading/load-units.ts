/**
 * Units into a table, batch by batch. A batch is one transaction of so many rows, which may end within a day
 * or hold many, and what is loaded is recorded in it. While the database takes one unit, the text of the next
 * is made.
 */
import { rm } from 'node:fs/promises';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type LineReader, openLines } from '#store/database/lines.js';
import { deleteDay, type LoadRecord, recordLoad } from '#store/database/loads.js';
import type { Database, InsertWay } from '#store/database/port.js';
import type { Column, TableShape } from '#store/database/table-shape.js';
import type { UnitDecision } from './decide-unit.js';
import { oneAhead } from './one-ahead.js';
import type { LoadMode, LoadUnit, UnitText } from './unit.js';

export interface PlannedUnit {
  readonly unit: LoadUnit;
  readonly decision: Exclude<UnitDecision, { way: 'skip' }>;
}

export interface LoadOptions {
  readonly database: Database;
  readonly shape: Omit<TableShape, 'columns'>;
  readonly units: readonly PlannedUnit[];
  /** The unit's text; undefined where it cannot be read, which has been told. */
  readonly textOf: (unit: LoadUnit) => Promise<UnitText | undefined>;
  /** Makes the table with these columns, or adds those that it lacks. */
  readonly prepare: (shape: TableShape) => Promise<void>;
  readonly batchRows: number;
  readonly mode: LoadMode;
  /** Rows whose key is there are an error, and not looked for. */
  readonly skipsDuplicates: boolean;
  readonly signal: AbortSignal;
  readonly hear: (batch: Batch) => void;
}

/** A batch that is committed. */
export interface Batch {
  readonly rows: number;
  /** New or changed in the table. */
  readonly written: number;
  /** Days that ended in it. */
  readonly days: readonly IsoDay[];
}

export interface LoadTally {
  batches: number;
  rows: number;
  written: number;
  days: number;
  leftOut: number;
}

/** A unit on its way. Mutable. */
interface Work {
  readonly unit: LoadUnit;
  readonly text: UnitText;
  readonly isAnew: boolean;
  way: InsertWay;
  lines: LineReader;
  /** Rows that are in, or will be with the batch. */
  done: number;
  record: LoadRecord | undefined;
}

/**
 * Throws DatabaseError, the disk's error, what `textOf` throws, or the signal's reason between two batches;
 * what is committed by then stays.
 */
export async function loadUnits(options: LoadOptions): Promise<LoadTally> {
  const { database, shape, units, textOf, prepare, batchRows, signal, hear } = options;
  const tally: LoadTally = { batches: 0, rows: 0, written: 0, days: 0, leftOut: 0 };
  const texts = oneAhead(units, ({ unit }) => textOf(unit));
  let made: readonly Column[] = [];
  let current: Work | undefined;
  const next = async (): Promise<void> => {
    current = undefined;
    for (let read = await texts.next(); read !== undefined; read = await texts.next()) {
      if (read.made === undefined) continue;
      current = await begun(read.of, read.made, options);
      return;
    }
  };
  try {
    await next();
    while (current !== undefined) {
      signal.throwIfAborted();
      // Tables are made and changed between batches, so that a break takes no rows with it.
      if (lacks(made, current.text.columns)) {
        made = union(made, current.text.columns);
        await prepare({ ...shape, columns: made });
      }
      const batch = await database.transaction(async () => {
        let [rows, written] = [0, 0];
        const days: IsoDay[] = [];
        while (current !== undefined && rows < batchRows && !lacks(made, current.text.columns)) {
          const part = await loadPart(current, batchRows - rows, options);
          rows += part.rows;
          written += part.written;
          if (!part.isLast) continue;
          days.push(current.unit.day);
          tally.leftOut += current.text.leftOut;
          await ended(current);
          await next();
        }
        return { rows, written, days };
      });
      tally.batches++;
      tally.rows += batch.rows;
      tally.written += batch.written;
      tally.days += batch.days.length;
      hear(batch);
    }
    return tally;
  } finally {
    if (current !== undefined) await ended(current);
    await texts.stop();
  }
}

/** The next rows of a unit, at most so many, and what is recorded of them. */
async function loadPart(
  work: Work,
  most: number,
  { database, shape, mode, skipsDuplicates }: LoadOptions,
): Promise<{ readonly rows: number; readonly written: number; readonly isLast: boolean }> {
  const { unit, text } = work;
  const { day, scope, fingerprint, only } = unit;
  if (work.isAnew && work.done === 0) await deleteDay(database, shape.name, day, only);
  const insert = (): Promise<number> =>
    database.insert({ table: shape.name, columns: text.columns, lines: work.lines.take(most) }, work.way);
  let written: number;
  if (work.way === 'plain' && !skipsDuplicates) {
    // Rows that nothing is recorded of are there after all: somebody else's, or of another day's file.
    const tried = await database.attempt(insert);
    if (tried === 'doubles') {
      await work.lines.close();
      work.way = mode === 'append' ? 'keep' : 'upsert';
      work.lines = await linesFrom(text, work.done);
    }
    written = tried === 'doubles' ? await insert() : tried;
  } else written = await insert();
  const rows = work.lines.passed - work.done;
  work.done += rows;
  const isLast = await work.lines.isAtEnd();
  const record = { day, scope, fingerprint, rows: work.done, whole: isLast };
  await recordLoad(database, shape.name, work.record, record);
  work.record = record;
  return { rows, written, isLast };
}

async function begun({ unit, decision }: PlannedUnit, text: UnitText, { mode }: LoadOptions): Promise<Work> {
  const { way, done, before } = decision;
  const checked: InsertWay = mode === 'append' ? 'keep' : 'upsert';
  return {
    unit,
    text,
    isAnew: way === 'anew',
    way: way === 'staged' ? checked : 'plain',
    lines: await linesFrom(text, done),
    done,
    record: before,
  };
}

async function linesFrom({ file }: UnitText, done: number): Promise<LineReader> {
  const lines = openLines(file);
  const passed = await lines.skip(done);
  if (passed === done) return lines;
  await lines.close();
  throw new RangeError(`${file} has ${passed} rows, of which ${done} are loaded`);
}

async function ended({ lines, text }: Work): Promise<void> {
  await lines.close();
  await rm(text.file, { force: true });
}

function lacks(made: readonly Column[], wanted: readonly Column[]): boolean {
  return wanted.some(({ name }) => !made.some((column) => column.name === name));
}

function union(made: readonly Column[], more: readonly Column[]): readonly Column[] {
  return [...made, ...more.filter((column) => lacks(made, [column]))];
}
