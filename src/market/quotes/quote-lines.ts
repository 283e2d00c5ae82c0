/**
 * Quotes as lines of text on their way to a file: moment, number among those of one nanosecond, bid (price, size,
 * exchange), ask, conditions, tape, sequence number; what is null is empty. A buffer with a place in it, and not a
 * function, because millions of lines are written into it byte by byte.
 */

export interface QuoteLines {
  target: Buffer;
  /** Where the next line begins. */
  at: number;
  rows: number;
  /** Of the last line: its moment, and its number among those of that moment. */
  seconds: number;
  nanoseconds: number;
  ord: number;
  /** Before so many bytes are written: there is room for them behind `at` then. */
  makeRoom(bytes: number): void;
}

/** The number of a line of that moment among those that share it; it is the last one from now on. */
export function nextOrd(lines: QuoteLines, seconds: number, nanoseconds: number): number {
  const same = seconds === lines.seconds && nanoseconds === lines.nanoseconds;
  lines.ord = same ? lines.ord + 1 : 0;
  lines.seconds = seconds;
  lines.nanoseconds = nanoseconds;
  return lines.ord;
}
