/**
 * The order of a listing: keys by their UTF-8 bytes, which is neither JavaScript's order of UTF-16 units nor
 * a locale's.
 */

export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
