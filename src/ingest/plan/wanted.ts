/** The tickers that a run wants, as the bytes that day files are searched by. */

export type Wanted = readonly string[] | '*';

export function wantedBytes(wanted: Wanted): readonly Uint8Array[] | '*' {
  return wanted === '*' ? '*' : sortedBytes(wanted);
}

/** UTF-8, ascending by bytes, each once. */
export function sortedBytes(tickers: readonly string[]): readonly Uint8Array[] {
  return [...new Set(tickers)].map((ticker) => Buffer.from(ticker, 'utf8')).sort(Buffer.compare);
}
