/**
 * Of a stretch of records only those of a few tickers, found by searching the bytes: indexing three lines is far cheaper than indexing the
 * members that they stand in. Whatever is not plain (a quote anywhere, another column in front) is left as it is.
 */

const FIRST_COLUMN = Buffer.from('ticker,');
const NEWLINE = 10;

/** From so many tickers on, searching for each costs more than indexing all. */
const FEW = 8;

/** `text`: a header of `headerLength` bytes and whole records. Returns the header with the tickers' records, or the text itself. */
export function narrowed(text: Uint8Array, headerLength: number, tickers: readonly Uint8Array[]): Uint8Array {
  if (tickers.length > FEW || text[headerLength - 1] !== NEWLINE || text.includes(0x22)) return text;
  for (let i = 0; i < FIRST_COLUMN.length; i++) if (text[i] !== FIRST_COLUMN[i]) return text;
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, headerLength)];
  for (const ticker of tickers) {
    const begin = Buffer.concat([Uint8Array.of(NEWLINE), ticker, Uint8Array.of(0x2c)]);
    for (let at = bytes.indexOf(begin, headerLength - 1); at >= 0; ) {
      const end = bytes.indexOf(NEWLINE, at + 1);
      parts.push(bytes.subarray(at + 1, end < 0 ? bytes.length : end + 1));
      at = end < 0 ? -1 : bytes.indexOf(begin, end);
    }
  }
  return Buffer.concat(parts);
}
