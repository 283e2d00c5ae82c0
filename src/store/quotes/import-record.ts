/**
 * quotes/.import.json: the import that is going on, or the last one. For people who look (`quotes status`);
 * nothing depends on it, and whoever deletes it loses nothing else.
 */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { temporaryName, writeUnsyncedSync } from '#platform/disk/durable.js';
import { readWhole } from '#platform/disk/read-whole.js';

const RECORD_FILE = '.import.json';
const SCHEMA_VERSION = 1;
const MOST_BYTES = 1 << 20;

export interface ImportRecord {
  readonly pid: number;
  readonly table: string;
  readonly symbols: readonly string[];
  readonly range: { readonly start: string; readonly end: string };
  /** ISO 8601. */
  readonly started: string;
  /** Days of symbols that it has to import, and those that it is through with or has failed at. */
  readonly days: number;
  readonly done: number;
  readonly failed: number;
  /** Quotes that have come, those of days that are not whole yet included. */
  readonly quotes: number;
  readonly seconds: number;
  /** ISO 8601, and the exit code; null while it goes on, and for ever after a kill. */
  readonly ended: string | null;
  readonly exit_code: number | null;
}

/** Readers see the old one or the new one, never half of one. Throws the disk's error. */
export function writeImportRecord(quotes: string, record: ImportRecord): void {
  const file = path.join(quotes, RECORD_FILE);
  const temporary = temporaryName(file);
  const text = `${JSON.stringify({ schema_version: SCHEMA_VERSION, ...record })}\n`;
  writeUnsyncedSync(temporary, Buffer.from(text));
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Undefined where there is none, or none that can be read. */
export async function readImportRecord(quotes: string): Promise<ImportRecord | undefined> {
  try {
    const bytes = await readWhole(path.join(quotes, RECORD_FILE), MOST_BYTES, 'refuse');
    const value = Object(JSON.parse(bytes.toString('utf8'))) as Record<string, unknown>;
    const { schema_version: version, ...record } = value;
    const { range, symbols, started, ended } = value;
    const { start, end } = Object(range) as Record<string, unknown>;
    const numbers = ['pid', 'days', 'done', 'failed', 'quotes', 'seconds'];
    const sound =
      version === SCHEMA_VERSION &&
      [value['table'], start, end].every((part) => typeof part === 'string') &&
      Array.isArray(symbols) &&
      symbols.every((symbol) => typeof symbol === 'string') &&
      numbers.every((name) => Number(value[name]) >= 0 && typeof value[name] === 'number') &&
      isInstant(started) &&
      (ended === null || isInstant(ended));
    return sound ? (record as unknown as ImportRecord) : undefined;
  } catch {
    return undefined;
  }
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
