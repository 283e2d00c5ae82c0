/**
 * Patterns such as `BRK*`, `*.WS` or `A?` over tickers: `*` is any text, `?` one character, everything else
 * itself. Case is data.
 */
export function likePattern(pattern: string): (ticker: string) => boolean {
  const source = Array.from(pattern, (character) => {
    if (character === '*') return '.*';
    if (character === '?') return '.';
    return character.replace(/[\\^$.|+()[\]{}/]/, '\\$&');
  }).join('');
  // Several stars in a row say no more than one, and take exponential time.
  const expression = new RegExp(`^${source.replace(/(?:\.\*)+/g, '.*')}$`, 'su');
  return (ticker) => expression.test(ticker);
}
