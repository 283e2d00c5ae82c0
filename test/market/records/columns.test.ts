import { expect, test } from 'vitest';
import { readColumns } from '#market/records/columns.js';

test('columns are found whatever the case and order of their titles', () => {
  const columns = readColumns(['Volume', 'TICKER', 'Open', 'close', 'High', 'Low', 'Window_Start']);
  expect(columns).toMatchObject({ volume: 0, ticker: 1, open: 2, close: 3, high: 4, low: 5, stamp: 6 });
});

test('a title twice, in whatever case, is refused; what lacks is named beside the header as it is', () => {
  expect(() => readColumns(['ticker', 'Ticker', 'open', 'high', 'low', 'close', 'volume'])).toThrow(
    'ticker more than once',
  );
  expect(() => readColumns(['Ticker', 'Price'])).toThrow(
    'the header lacks open, high, low, close, volume; it begins "Ticker,Price"',
  );
});
