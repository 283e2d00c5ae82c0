/**
 * Byte spans compared the way the vendor sorts tickers: as unsigned bytes, a prefix before what it begins.
 */

export function compareSpans(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const common = Math.min(aLength, bLength);
  for (let i = 0; i < common; i++) {
    const difference = (a[aStart + i] as number) - (b[bStart + i] as number);
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

/** Some times as quick as what a Uint8Array has for it: by memchr. */
export function includesByte(bytes: Uint8Array, byte: number, start = 0, end = bytes.length): boolean {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).indexOf(byte);
  return at >= 0;
}
