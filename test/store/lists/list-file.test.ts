import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTickerList } from '#store/lists/list-file.js';

test.each([
  ['one a line', 'AAPL\nMSFT\n', ['AAPL', 'MSFT']],
  ['CRLF, BOM, no last newline', '\uFEFFAAPL\r\n\r\nMSFT', ['AAPL', 'MSFT']],
  ['the line ends of old Macs', 'AAPL\rMSFT\r', ['AAPL', 'MSFT']],
  ['comments and blanks', '# mine\n  # more\n\n AAPL # fruit, "best"\nA#B\n\t\n#X\n', ['AAPL', 'A#B']],
  [
    'case is data; duplicates are not',
    'BApA\nBAPA\nBApA\nNA\nTRUE\nnan\n',
    ['BApA', 'BAPA', 'NA', 'TRUE', 'nan'],
  ],
  ['the first column', 'Symbol,Name\nAAPL,Apple\nBRK.B , "Berkshire, Hathaway"\n', ['AAPL', 'BRK.B']],
  ['quoted cells', '"Ticker","Note"\r\n"AAPL","two\r\nlines"\r\n"O:T1","say ""x"""\r\n', ['AAPL', 'O:T1']],
  ['a header after comments', '# list\n\nTICKER\nAAPL\n', ['AAPL']],
  ['a header only where it is first', 'AAPL\nSYMBOL\nticker\n', ['AAPL', 'SYMBOL', 'ticker']],
  ['a stray quote loses nothing', 'AAPL\n"MSFT\nNVDA\n', ['AAPL', 'MSFT', 'NVDA']],
  ['two stray quotes neither', 'AAPL\n"MSFT\nNVDA\nIBM"\nF\n', ['AAPL', 'MSFT', 'NVDA', 'IBM', 'F']],
  ['records that differ in length', 'AAPL,1,2\nMSFT\nF,1\n,x\n', ['AAPL', 'MSFT', 'F']],
  ['nothing', '', []],
])('%s', (_, text, tickers) => {
  expect(parseTickerList(text)).toEqual(tickers);
});

test('a kept SYMBOL is a ticker', () => {
  expect(parseTickerList('SYMBOL\n', { header: false })).toEqual(['SYMBOL']);
});

const nasty = fc.array(
  fc.oneof(fc.constantFrom('"', ',', '\n', '\r', '#', ' ', '\uFEFF', 'AAPL', 'brk.B', 'symbol'), fc.string()),
);

test('any text gives tickers: no error, none blank, none twice', () => {
  fc.assert(
    fc.property(nasty, (pieces) => {
      const tickers = parseTickerList(pieces.join(''));
      expect(new Set(tickers).size).toBe(tickers.length);
      for (const ticker of tickers) expect(ticker).toBe(ticker.trim());
      expect(tickers).not.toContain('');
    }),
    { numRuns: 1000 },
  );
});

test('both ways of reading agree: a quoted last line changes nothing before it', () => {
  fc.assert(
    fc.property(nasty, (pieces) => {
      const text = pieces.join('').replaceAll('"', '');
      const lines = parseTickerList(`${text}\nLAST`);
      expect(parseTickerList(`${text}\n"LAST"`)).toEqual(lines);
    }),
    { numRuns: 1000 },
  );
});

test('a million lines', () => {
  const text = Array.from({ length: 1_000_000 }, (_, i) => `T${i}`).join('\n');
  expect(parseTickerList(text).length).toBe(1_000_000);
});
