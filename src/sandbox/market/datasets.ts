/** Every dataset that the sandbox serves, over one synthetic market. */
import { lastDueSession } from '#market/calendar/due.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';
import { type Crowd, dailyBars, minuteBars, PUBLICATION, type Sizing } from './aggregates.js';
import { cryptoMarket, FIRST_CRYPTO_DAY } from './crypto.js';
import { FIRST_FOREX_DAY, forexMarket } from './forex.js';
import { futures } from './futures.js';
import type { Generator } from './generator.js';
import { FIRST_INDEX_DAY, indexMarket } from './indices.js';
import { FIRST_OPTION_DAY, FIRST_OPTION_QUOTE_DAY, optionMarket } from './option-chains.js';
import { FIRST_STOCK_DAY, stockMarket } from './stock-market.js';
import { OPTION_QUOTES, OPTION_TRADES, STOCK_QUOTES, STOCK_TRADES } from './tick-rows.js';
import { type TickSizing, ticks } from './ticks.js';
import { CRYPTO_TRADES, FOREX_QUOTES, INDEX_VALUES } from './venue-tick-rows.js';

/** Besides those that are always there: so that a day's minutes are the vendor's 85 to 149 MB. */
const TRUE_INDICES = 12_500;

export interface DatasetOptions {
  readonly seed: number;
  readonly tickers: number;
  readonly now: Date;
  /** Newest sessions whose files are of the vendor's sizes. */
  readonly trueDays: number;
  /** Rows of such a day's trades, or quotes. */
  readonly trueRows: number;
}

export function sandboxDatasets({
  seed,
  tickers,
  now,
  trueDays,
  trueRows,
}: DatasetOptions): readonly Generator[] {
  const newest = lastDueSession(nyse, PUBLICATION, now);
  const trueFrom = trueDays === 0 ? undefined : nyse.previous(newest, trueDays - 1);
  const sized = (firstDay: IsoDay): Sizing => ({
    firstDay,
    crowdOn: (day): Crowd => (trueFrom !== undefined && day >= trueFrom ? 'all' : 'some'),
  });
  const ticked = (kind: TickSizing['kind'], firstDay: IsoDay): TickSizing => ({
    ...sized(firstDay),
    ...{ kind, trueRows },
  });
  /** Small enough as they are. */
  const always = (firstDay: IsoDay): Sizing => ({ firstDay, crowdOn: () => 'some' });
  const stocks = stockMarket({ seed, tickers });
  const indices = indexMarket(seed, trueFrom === undefined ? 0 : TRUE_INDICES);
  const options = optionMarket(seed, stocks.bars, indices.bars);
  const [forex, crypto] = [forexMarket(seed), cryptoMarket(seed)];
  return [
    dailyBars(stocks, { firstDay: FIRST_STOCK_DAY, crowdOn: () => 'all' }),
    minuteBars(stocks, sized(FIRST_STOCK_DAY)),
    ticks(stocks, STOCK_TRADES, ticked('trades', FIRST_STOCK_DAY)),
    ticks(stocks, STOCK_QUOTES, ticked('quotes', FIRST_STOCK_DAY)),
    dailyBars(options, sized(FIRST_OPTION_DAY)),
    minuteBars(options, sized(FIRST_OPTION_DAY)),
    ticks(options, OPTION_TRADES, ticked('trades', FIRST_OPTION_DAY)),
    ticks(options, OPTION_QUOTES, ticked('quotes', FIRST_OPTION_QUOTE_DAY)),
    dailyBars(indices, sized(FIRST_INDEX_DAY)),
    minuteBars(indices, sized(FIRST_INDEX_DAY)),
    ticks(indices, INDEX_VALUES, ticked('values', FIRST_INDEX_DAY)),
    dailyBars(forex, always(FIRST_FOREX_DAY)),
    minuteBars(forex, always(FIRST_FOREX_DAY)),
    ticks(forex, FOREX_QUOTES, ticked('quotes', FIRST_FOREX_DAY)),
    dailyBars(crypto, always(FIRST_CRYPTO_DAY)),
    minuteBars(crypto, always(FIRST_CRYPTO_DAY)),
    ticks(crypto, CRYPTO_TRADES, ticked('trades', FIRST_CRYPTO_DAY)),
    ...futures(seed),
  ];
}
