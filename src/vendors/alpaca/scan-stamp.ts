/** Alpaca's stamps straight from the bytes of a page. */

const [DOT, ZERO, COLON, Z] = [46, 48, 58, 90];
/** `2024-01-02T14:30:00`. */
const STAMP = 19;

/** Where a stamp is read to. The text of a minute is read once: hundreds of quotes share it. */
export interface Clock {
  seconds: number;
  nanoseconds: number;
  /** Where a stamp of the minute that is known begins in the page, and what that minute is; -1 before the first. */
  known: number;
  minute: number;
}

/** `2024-01-02T14:30`. */
const MINUTE = 16;

/** A stamp with its quotes; false where it is none. */
export function readStamp(page: Buffer, begin: number, end: number, clock: Clock): boolean {
  const from = begin + 1;
  const length = end - 1 - from;
  if (begin < 0 || length < STAMP + 1 || length > STAMP + 11 || page[end - 2] !== Z) return false;
  if (clock.known < 0 || !sameMinute(page, clock.known, from)) {
    const text = page.toString('latin1', from, from + MINUTE);
    const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? Date.parse(`${text}:00Z`) : Number.NaN;
    if (!(ms >= 1e12)) return false;
    clock.minute = ms / 1000;
    clock.known = from;
  }
  const tens = (page[from + MINUTE + 1] ?? 0) - ZERO;
  const ones = (page[from + MINUTE + 2] ?? 0) - ZERO;
  if (page[from + MINUTE] !== COLON || tens < 0 || tens > 5 || ones < 0 || ones > 9) return false;
  clock.seconds = clock.minute + 10 * tens + ones;
  clock.nanoseconds = 0;
  if (length === STAMP + 1) return true;
  if (page[from + STAMP] !== DOT || length === STAMP + 2) return false;
  let unit = 100_000_000;
  for (let at = from + STAMP + 1; at < end - 2; at++) {
    const digit = (page[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return false;
    clock.nanoseconds += digit * unit;
    unit = (unit / 10) | 0;
  }
  return true;
}

function sameMinute(page: Buffer, a: number, b: number): boolean {
  // From the end: what differs, differs there.
  for (let i = MINUTE - 1; i >= 0; i--) if (page[a + i] !== page[b + i]) return false;
  return true;
}
