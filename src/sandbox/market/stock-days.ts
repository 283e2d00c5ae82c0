/** stocks_daily by itself: all of the stock market's bars, a file a session. */
import { dailyBars } from './aggregates.js';
import type { Generator } from './generator.js';
import { FIRST_STOCK_DAY, type StockMarketOptions, stockMarket } from './stock-market.js';

export function stockDays(options: StockMarketOptions): Generator {
  return dailyBars(stockMarket(options), { firstDay: FIRST_STOCK_DAY, crowdOn: () => 'all' });
}
