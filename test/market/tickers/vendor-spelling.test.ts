import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vendorSpelling } from '#market/tickers/vendor-spelling.js';

test.each([
  ['NASDAQ:AAPL', 'AAPL'],
  ['NYSE:BRK.B', 'BRK.B'],
  ['nasdaq:BApA', 'BApA'],
  ['^GSPC', 'I:SPX'],
  ['^gspc', 'I:SPX'],
  ['^IXIC', 'I:COMP'],
  ['^VIX', 'I:VIX'],
  ['SP:SPX', 'I:SPX'],
  ['$SPX', 'I:SPX'],
  ['$SPX.X', 'I:SPX'],
  ['$AAPL', 'AAPL'],
  ['EURUSD=X', 'C:EUR-USD'],
  ['JPY=X', 'C:USD-JPY'],
  ['EUR/USD', 'C:EUR-USD'],
  ['EURUSD', 'C:EUR-USD'],
  ['EUR-USD', 'C:EUR-USD'],
  ['C:EURUSD', 'C:EUR-USD'],
  ['OANDA:EURUSD', 'C:EUR-USD'],
  ['BTC-USD', 'X:BTC-USD'],
  ['btc-usd', 'X:BTC-USD'],
  ['X:BTCUSD', 'X:BTC-USD'],
  ['COINBASE:BTCUSD', 'X:BTC-USD'],
  ['BINANCE:BTCUSDT', 'X:BTC-USDT'],
])('%s is %s', (given, vendors) => {
  expect(vendorSpelling(given)).toBe(vendors);
});

test.each([
  'AAPL',
  'BApA',
  'BRK.B',
  'BRK-B',
  'BRK/B',
  'USD',
  'EUR',
  'A',
  'NA',
  'O:SPY',
  'O:SPX251219C06000000',
  'I:SPX',
  'X:BTC-USD',
  'C:EUR-USD',
  'LSE:VOD',
  'TSX:T',
  'ES=F',
  'NASDAQ:',
  '^',
  '$',
  'AAPL.WS.A',
  'x:btcusd',
])('%s stays letter for letter', (ticker) => {
  expect(vendorSpelling(ticker)).toBe(ticker);
});

test('what is written is the vendor’s and stays', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9:^$=./-]{0,9}$/), (text) => {
      const once = vendorSpelling(vendorSpelling(text));
      expect(vendorSpelling(once)).toBe(once);
    }),
  );
});
