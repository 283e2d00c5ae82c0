import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTickerList, readTickerList } from '#store/lists/list-file.js';

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
  ['all on one line', 'AAPL,MSFT,NVDA,TSLA', ['AAPL', 'MSFT', 'NVDA', 'TSLA']],
  [
    'commas and blanks, some a line',
    'AAPL, MSFT, NVDA # mine, F\nTSLA, BRK.B\nF\n',
    ['AAPL', 'MSFT', 'NVDA', 'TSLA', 'BRK.B', 'F'],
  ],
  ['blanks', 'AAPL MSFT  BApA\n', ['AAPL', 'MSFT', 'BApA']],
  ['tabs', 'AAPL\tMSFT\tNVDA', ['AAPL', 'MSFT', 'NVDA']],
  ['semicolons, the last too', 'AAPL;MSFT; NVDA;\r\n', ['AAPL', 'MSFT', 'NVDA']],
  ['quotes and brackets of a program', '"AAPL", "MSFT","F"', ['AAPL', 'MSFT', 'F']],
  ['small letters', 'aapl, msft', ['aapl', 'msft']],
  [
    'tickers with what they are called',
    'AAPL Apple Inc\nF\tFord\nT AT&T\nBRK.B;Berkshire\n',
    ['AAPL', 'F', 'T', 'BRK.B'],
  ],
  ['tickers with their exchanges', 'AAPL,NASDAQ\nIBM,NYSE\n', ['AAPL', 'IBM']],
  ['tickers with a benchmark', 'AAPL\tSPY\nIBM\tSPY\nKO\tSPY\n', ['AAPL', 'IBM', 'KO']],
  ['a word that is an ETF too', 'NVDA,AMD,USD', ['NVDA', 'AMD', 'USD']],
  ['a column of a CSV', 'Name,Ticker,Price\n"Apple, Inc",AAPL,1\nFord,F,2\n,,\n', ['AAPL', 'F']],
  [
    'a column of a TSV, as Excel writes it',
    '\uFEFFNo.\tCompany\tSymbol\r\n1\tApple; Inc\tAAPL\r\n2\tFord, Motor\tF\r\n',
    ['AAPL', 'F'],
  ],
  ['a column of semicolons', 'Name;SYMBOL;Kurs\nApple;AAPL;1,5\n', ['AAPL']],
  ['numbered by a column #', '#,Symbol\n1,AAPL\n2,F\n', ['AAPL', 'F']],
  [
    'a broker’s, with lines above and below',
    'Positions for account 1, as of 12:00\n\n"Symbol","Qty"\n"AAPL","1"\n"Cash & Cash Investments","--"\n"Account Total",""\n',
    ['AAPL'],
  ],
  [
    'TradingView, on a line',
    '###TECH,NASDAQ:AAPL,NASDAQ:MSFT,###BANKS,NYSE:JPM,SP:SPX',
    ['AAPL', 'MSFT', 'JPM', 'I:SPX'],
  ],
  [
    'TradingView, on lines',
    '###TECH\nNASDAQ:AAPL\n###OTHERS, the rest\nNYSE:BRK.B\nLSE:VOD\n',
    ['AAPL', 'BRK.B', 'LSE:VOD'],
  ],
  ['Yahoo', '^GSPC\nEURUSD=X\nBTC-USD\nAAPL\n', ['I:SPX', 'C:EUR-USD', 'X:BTC-USD', 'AAPL']],
  ['numbered, and with dots', '1. AAPL\n2) MSFT\n- NVDA\n3,F\n', ['AAPL', 'MSFT', 'NVDA', 'F']],
  ['words that are no tickers stay together', 'a Few words here\n', ['a Few words here']],
  ['HTML', '\n<!DOCTYPE html><html><p>AAPL</p>\nAAPL\n</html>', []],
])('%s', (_, text, tickers) => {
  expect(parseTickerList(text)).toEqual(tickers);
});

test.each([
  ['', true, undefined],
  ['# none yet\n\n', true, undefined],
  ['Symbol,Name\n', false, undefined],
  ['<html>', false, 'an HTML page'],
])('%j: is it blank, what is it instead of a list', (text, isBlank, insteadOfList) => {
  expect(readTickerList(text)).toEqual({ tickers: [], isBlank, insteadOfList });
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
