/**
 * One dataset of the synthetic market. The server knows nothing else about a dataset; adding one is adding a file that makes such a value.
 */
import type { IsoDay } from '../calendar/iso-day.js';

export interface Generator {
  readonly name: string;
  /** Key prefix without a slash at either end. */
  readonly prefix: string;
  /** Days that have a file, ascending, up to and including `last`, whether published yet or not. */
  listDays(last: IsoDay): readonly IsoDay[];
  /** When the day's file appears; also its LastModified. */
  publishedAt(day: IsoDay): Date;
  /** Bytes that `write` may need at most. */
  readonly maxTextBytes: number;
  /**
   * Writes the day's whole text to the start of `target` and returns its length in bytes. The same day and revision give the same bytes
   * on every machine. Revision 0 is the first; each later one corrects a few rows, as a
   * vendor does.
   */
  write(day: IsoDay, revision: number, target: Buffer): number;
}

/** The text of a day in a buffer of its own. */
export function dayText(generator: Generator, day: IsoDay, revision = 0): Buffer {
  const target = Buffer.allocUnsafe(generator.maxTextBytes);
  return Buffer.from(target.subarray(0, generator.write(day, revision, target)));
}
