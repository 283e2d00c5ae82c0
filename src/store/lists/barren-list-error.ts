import type { TickerList } from './lists.js';

/** The only list there is looks like one and names no ticker: what was asked for is not there. */
export class BarrenListError extends Error {
  constructor({ path, barren }: TickerList) {
    super(
      `${path} ${barren ?? 'names no ticker'}: put one ticker a line into it, or say --tickers AAPL,MSFT.`,
    );
    this.name = 'BarrenListError';
  }
}
