/** What a list's market says, with the names of companies in it. */
import { expect, it } from 'vitest';
import { VENUES, venueOfMarket, venueOfSuffix } from '#market/instruments/venues.js';

it.each([
  ['NSQ', VENUES.us],
  ['GBR-LSE', VENUES.london],
  ['DEU-XETRA', VENUES.germany],
  ['GPW-WWA', VENUES.warsaw],
  ['NEW YORK STOCK EXCHANGE (USD) USA-NYSE SINGER', VENUES.us],
  ['NASDAQ (USD) USA-NASDAQ LONDON BRIDGE', VENUES.us],
  ['LONDON STOCK EXCHANGE (GBP) GBR-LSE HK BATTERY', VENUES.london],
  ['NASDAQ STOCKHOLM', VENUES.stockholm],
  ['NASDAQ HELSINKI', VENUES.helsinki],
  ['Nasdaq Copenhagen', VENUES.copenhagen],
  ['EURONEXT PARIS', VENUES.paris],
  ['BRU', VENUES.brussels],
  ['TSXV', VENUES.tsxVenture],
  ['HK', VENUES.hongKong],
  ['SINGER', undefined],
  ['LUKOIL', undefined],
  ['METROPOL', undefined],
  ['HKAN', undefined],
  ['US STEEL', undefined],
  ['', undefined],
])('the market %j', (market, venue) => {
  expect(venueOfMarket(market, '')).toBe(venue);
});

it('BSE is Budapest, and Bombay for an Indian ISIN', () => {
  expect(venueOfMarket('BSE', 'HU0000153937')).toBe(VENUES.budapest);
  expect(venueOfMarket('BSE', 'INE002A01018')).toBe(VENUES.india);
  expect(venueOfSuffix('BSE', 'INE002A01018')).toBe(VENUES.india);
});
