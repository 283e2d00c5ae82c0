/** The tickers that a run wants, as the bytes that day files are searched by. */

export type Wanted = readonly string[] | '*';

/** UTF-8, ascending by bytes, each once. */
export function wantedBytes(wanted: Wanted): readonly Uint8Array[] | '*' {
  if (wanted === '*') return '*';
  const bytes = [...new Set(wanted)].map((ticker) => Buffer.from(ticker, 'utf8'));
  return bytes.sort(Buffer.compare);
}
