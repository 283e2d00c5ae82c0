/**
 * A row that is the beginning of the vendor's, at the end of a file without a last newline: the file was cut
 * there (a full disk, a copy that broke off), and nobody wrote that number. Pure.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Row } from './row.js';

/** Whether the last line has no end. */
export function isUnended(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes[bytes.length - 1] !== 10;
}

/** `bar`: the archive's values of that day, as in Row; undefined: none. */
export function isCutRow(
  { rows, unended }: { readonly rows: readonly Row[]; readonly unended?: boolean | undefined },
  day: IsoDay,
  bar: string | undefined,
): boolean {
  const last = rows.at(-1);
  if (unended !== true || last?.day !== day || bar === undefined) return false;
  return last.values.length < bar.length && bar.startsWith(last.values);
}
