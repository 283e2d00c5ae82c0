/**
 * .barloom.run: the run that is going on, or the last one that had something to do. It is for people who look
 * (status) and nothing depends on it: it is not synced, a reader that cannot make sense of it goes without,
 * and whoever deletes it loses nothing else.
 */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { temporaryName, writeUnsyncedSync } from '#platform/disk/durable.js';
import { readWhole } from '#platform/disk/read-whole.js';

export const RUN_FILE = '.barloom.run';
const SCHEMA_VERSION = 1;
const MOST_BYTES = 1 << 20;

/** One call of populate, by whichever command. */
export interface RunRecord {
  readonly command: string;
  readonly dataset: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly started: string;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  /**
   * Days that it has to work on; of these, those that it is through with, and those that are durable, by
   * where they came from.
   */
  readonly days: number;
  readonly done: number;
  readonly fetched: number;
  readonly from_archive: number;
  /** Bytes. */
  readonly downloaded: number;
  /** Since it began with the days, as of this record. */
  readonly seconds: number;
  /** ISO 8601, and the exit code; null while it goes on, and for ever after a kill. */
  readonly ended: string | null;
  readonly exit_code: number | null;
}

/** Readers see the old one or the new one, never half of one. Throws the disk's error. */
export function writeRun(dataDir: string, run: RunRecord): void {
  const file = path.join(dataDir, RUN_FILE);
  const temporary = temporaryName(file);
  writeUnsyncedSync(
    temporary,
    Buffer.from(`${JSON.stringify({ schema_version: SCHEMA_VERSION, ...run })}\n`),
  );
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Undefined where there is none, or none that can be read. */
export async function readRun(dataDir: string): Promise<RunRecord | undefined> {
  try {
    return parseRun((await readWhole(path.join(dataDir, RUN_FILE), MOST_BYTES, 'refuse')).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Undefined for what this barloom did not write, a newer one's included. */
export function parseRun(text: string): RunRecord | undefined {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const range = Object(value['range']) as Record<string, unknown>;
  const numbers = ['pid', 'days', 'done', 'fetched', 'from_archive', 'downloaded', 'seconds'];
  const texts = [value['command'], value['dataset'], value['started'], range['start'], range['end']];
  const { ended, exit_code: exitCode } = value;
  const sound =
    value['schema_version'] === SCHEMA_VERSION &&
    texts.every((part) => typeof part === 'string') &&
    [range['start'], range['end']].every((day) => isIsoDay(String(day))) &&
    isInstant(value['started']) &&
    numbers.every((name) => isCount(value[name])) &&
    (ended === null ? exitCode === null : isInstant(ended) && isCount(exitCode));
  if (!sound) return undefined;
  const { schema_version: _, ...run } = value;
  return run as unknown as RunRecord;
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}
