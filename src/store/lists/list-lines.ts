/** Whether the words of a line are tickers, all of them, or a ticker and what a table says of it. */

/**
 * Capital letters, with one small one where the vendor has such (`BApA`, `TPCw`), a class, a prefix or a mark
 * of another source.
 */
const TICKER =
  /^(?:[A-Z_]+:)?[\^$]?(?:[A-Z]{1,6}(?:[a-z][A-Z]{0,2})?|[A-Z]{3,10}\d[A-Z0-9]*)(?:[./-][A-Z]{1,5}){0,2}(?:=[XF])?$/;
const SMALL = /^[a-z]{1,5}(?:[.-][a-z]{1,2})?$/;
const CONTRACT = /^O:[A-Z0-9]{1,7}\d{6}[CP]\d{8}$/;

export function isTickerLike(word: string): boolean {
  return TICKER.test(word) || CONTRACT.test(word);
}

/** All in capitals, or all in small letters. */
export function areTickers(words: readonly string[]): boolean {
  return words.every(isTickerLike) || words.every((word) => SMALL.test(word));
}

/** What tables say of a ticker, in words that look like one. */
const SAID_OF_TICKERS: ReadonlySet<string> = new Set(
  'NASDAQ NYSE AMEX ARCA BATS CBOE OTC XNAS XNYS USD EUR GBP CAD STK ETF ETN ADR CS BUY SELL HOLD LONG SHORT YES NO'.split(
    ' ',
  ),
);

/**
 * `lists`: the lines whose words all look like tickers. They are a table's where they are alike in length and
 * a later column says the same few things of all: `AAPL,NASDAQ` and `IBM,NYSE`. A line of three or more that
 * stands alone is a list.
 */
export function isTable(lists: readonly (readonly string[])[]): boolean {
  const [first = [], ...others] = lists;
  if (others.some((words) => words.length !== first.length)) return false;
  return first.some((_, column) => {
    if (column === 0) return false;
    const said = lists.map((words) => words[column] ?? '');
    if (lists.length > 1 || first.length === 2)
      if (said.every((word) => SAID_OF_TICKERS.has(word.toUpperCase()))) return true;
    return said.length > 2 && new Set(said).size <= said.length / 2;
  });
}
