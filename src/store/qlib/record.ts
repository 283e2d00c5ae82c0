/**
 * barloom.json in a Qlib folder: what it was made from, so that a later export knows whether a few days
 * behind the last are enough.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import { LakeError } from '#store/lake/lake-error.js';

export const QLIB_SCHEMA = 1;

export interface QlibRecord {
  readonly schema: number;
  /**
   * `unfinished`: an export began anew, and has to again. `appending`: it was adding days, and files may be
   * longer than the calendar.
   */
  readonly state: 'whole' | 'appending' | 'unfinished';
  readonly dataset: string;
  readonly adjust: string;
  /** By ticker a mark of what its values are adjusted for; those without one are as traded. */
  readonly events?: Readonly<Record<string, string>>;
  /** SHA-256 of the list of tickers that was asked for; '' for all. */
  readonly list: string;
  /** Each calendar day with the hash of its text, ascending. */
  readonly days: readonly (readonly [IsoDay, string])[];
  /** Fields that are ratios, and a mark of what they were made from; '' while they are being made. */
  readonly ratios?: { readonly names: readonly string[]; readonly mark: string } | undefined;
  /** By symbol: ticker, calendar indexes of its first and last day. */
  readonly symbols: Readonly<Record<string, readonly [ticker: string, first: number, last: number]>>;
}

const RECORD = 'barloom.json';
const MOST_BYTES = 256 << 20;

export function recordFile(folder: string): string {
  return path.join(folder, RECORD);
}

/** Undefined where there is none that can be read. Throws LakeError for a newer barloom's. */
export async function readRecord(folder: string): Promise<QlibRecord | undefined> {
  const text = await readTextIfThere(recordFile(folder), MOST_BYTES);
  try {
    const record = JSON.parse(text ?? '') as QlibRecord;
    if (record.schema > QLIB_SCHEMA)
      throw new LakeError(
        `${recordFile(folder)} is a newer barloom's: use that one, or export into another folder`,
        'usage',
      );
    return Array.isArray(record.days) && typeof record.symbols === 'object' ? record : undefined;
  } catch (error) {
    if (error instanceof LakeError) throw error;
    return undefined;
  }
}
