/** The vendor's endpoints over one market, each made when it is first asked for. */
import { createDividendRecords } from '#sandbox/market/actions/dividend-records.js';
import { createSplitRecords } from '#sandbox/market/actions/split-records.js';
import { createArticles } from '#sandbox/market/news/articles.js';
import { type Books, createBooks } from '#sandbox/market/statements/books.js';
import type { Endpoint } from './endpoint.js';
import { marketStatus, upcomingHolidays } from './endpoints/calendar-documents.js';
import { relatedCompanies, tickerDetails, tickerEvents } from './endpoints/company-documents.js';
import { conditions, exchangesV1, exchangesV3, tickerTypes } from './endpoints/constants.js';
import { dividendsV1, dividendsV3 } from './endpoints/dividends.js';
import { financials } from './endpoints/financials.js';
import { ipos } from './endpoints/ipos.js';
import { news } from './endpoints/news.js';
import { freeFloat, shortInterestTable, shortVolumeTable } from './endpoints/short-data.js';
import { splitsV1, splitsV3 } from './endpoints/splits.js';
import { type Statement, statements } from './endpoints/statements.js';
import { tickerList } from './endpoints/tickers.js';
import { vendorRatios } from './endpoints/vendor-ratios.js';
import { listOf } from './find.js';
import type { RestMarket } from './rest-market.js';
import type { RestType } from './rest-types.js';
import type { List, Table } from './table.js';

const STATEMENT_LIMIT = { usual: 100, most: 50_000 };
const FINANCIALS_LIMIT = { usual: 10, most: 100 };

export function createEndpoints(market: RestMarket): (type: RestType) => Endpoint {
  const { universe, securities, closes } = market;
  const version = () => market.now().getTime();
  const splits = createSplitRecords(universe, securities);
  const dividends = createDividendRecords(closes, splits);
  let books: { readonly day: number; readonly books: Books } | undefined;

  /** Filings up to today; another day has others. */
  function booksNow(): Books {
    const day = market.today();
    if (books?.day !== day) {
      // With dividends of its own: theirs are those known on one day, and no other.
      const paid = createDividendRecords(closes, splits);
      books = { day, books: createBooks({ universe, securities, splits, dividends: paid, horizon: day }) };
    }
    return books.books;
  }

  const list = <R>(table: Table<R>): Endpoint => ({ list: listOf(table, version) });
  /** A list over the books, which are others from day to day. */
  function bookList<R>(limit: List['limit'], tableOf: (books: Books) => Table<R>): Endpoint {
    let made: { readonly of: Books; readonly list: List } | undefined;
    return {
      list: {
        limit,
        find(parameters) {
          const of = booksNow();
          if (made?.of !== of) made = { of, list: listOf(tableOf(of), version) };
          return made.list.find(parameters);
        },
      },
    };
  }
  const statement = (kind: Statement): Endpoint =>
    bookList(STATEMENT_LIMIT, (of) => statements({ market, books: of }, kind));

  const makers: Readonly<Record<RestType, () => Endpoint>> = {
    balance_sheets: () => statement('balance-sheet'),
    income_statements: () => statement('income'),
    cash_flow: () => statement('cash-flow'),
    financials: () => bookList(FINANCIALS_LIMIT, (of) => financials(market, of)),
    vendor_ratios: () => list(vendorRatios(market, booksNow, dividends)),
    dividends: () => list(dividendsV1({ market, dividends })),
    dividends_v3: () => list(dividendsV3({ market, dividends })),
    splits: () => list(splitsV1({ market, splits })),
    splits_v3: () => list(splitsV3({ market, splits })),
    ticker_events: () => ({ document: (id) => tickerEvents(market, id) }),
    related_tickers: () => ({ document: (ticker) => relatedCompanies(market, ticker) }),
    tickers: () => ({ list: tickerList(market, version) }),
    ticker_types: () => list(tickerTypes),
    ticker_details: () => ({ document: (ticker, asked) => tickerDetails(market, booksNow, ticker, asked) }),
    exchanges: () => list(exchangesV3),
    exchanges_v1: () => list(exchangesV1),
    conditions: () => list(conditions),
    news: () => list(news(market, createArticles(securities))),
    short_interest: () => list(shortInterestTable(market)),
    short_volume: () => list(shortVolumeTable(market)),
    float: () => list(freeFloat(market, booksNow)),
    ipos: () => list(ipos(market, 'v1')),
    ipos_vx: () => list(ipos(market, 'vX')),
    holidays: () => ({ document: () => upcomingHolidays(market) }),
    market_status: () => ({ document: () => marketStatus(market) }),
  };
  const made = new Map<RestType, Endpoint>();
  return (type) => {
    const endpoint = made.get(type) ?? makers[type]();
    made.set(type, endpoint);
    return endpoint;
  };
}
