/**
 * One dataset of the synthetic market. The server knows nothing else about a dataset; adding one is adding a
 * file that makes such a value.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface Generator {
  readonly name: string;
  /** Key prefix without a slash at either end. */
  readonly prefix: string;
  /** Days that have a file, ascending, up to and including `last`, whether published yet or not. */
  listDays(last: IsoDay): readonly IsoDay[];
  /** When the day's file appears; also its LastModified. */
  publishedAt(day: IsoDay): Date;
  /** Whether the day's text is too long to be held in memory at once. */
  isLarge(day: IsoDay): boolean;
  /**
   * The day's whole text in pieces, each a buffer of its own, in the making as they are asked for. The same
   * day and revision give the same bytes on every machine. Revision 0 is the first; each later one corrects a
   * few rows, as a vendor does.
   */
  pieces(day: IsoDay, revision: number): Iterable<Buffer>;
}

/** The text of a day in a buffer of its own. */
export function dayText(generator: Generator, day: IsoDay, revision = 0): Buffer {
  return Buffer.concat([...generator.pieces(day, revision)]);
}
