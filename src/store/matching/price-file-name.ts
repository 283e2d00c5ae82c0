/**
 * The name of a ticker's price file: the ticker in lower case, `aapl.us.csv`. What a file system or Windows
 * would not take is written as `%XX`, so that two tickers never share a file: signs, and the first letter of
 * `con.us`, since a name is reserved with any ending.
 */

const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/;

export function priceFileName(ticker: string): string {
  const name = ticker.toLowerCase().replaceAll(/[^a-z0-9._^-]/gu, encoded);
  return `${name.replace(RESERVED, (word) => encoded(word.slice(0, 1)) + word.slice(1))}.csv`;
}

function encoded(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
