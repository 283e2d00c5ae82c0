/** The vendor's endpoints over one market, each made when it is first asked for. */
import { createDividendRecords } from '#sandbox/market/actions/dividend-records.js';
import { createSplitRecords } from '#sandbox/market/actions/split-records.js';
import { type Books, createBooks } from '#sandbox/market/statements/books.js';
import type { Endpoint } from './endpoint.js';
import { dividendsV1, dividendsV3 } from './endpoints/dividends.js';
import { splitsV1, splitsV3 } from './endpoints/splits.js';
import { type Statement, statements } from './endpoints/statements.js';
import { tickerList } from './endpoints/tickers.js';
import { listOf } from './find.js';
import type { RestMarket } from './rest-market.js';
import type { RestType } from './rest-types.js';
import type { Table } from './table.js';

export function createEndpoints(market: RestMarket): (type: RestType) => Endpoint | undefined {
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
  const statement = (kind: Statement): Endpoint => {
    let made: { readonly of: Books; readonly endpoint: Endpoint } | undefined;
    return {
      list: {
        limit: { usual: 100, most: 50_000 },
        find(parameters) {
          const of = booksNow();
          if (made?.of !== of) made = { of, endpoint: list(statements({ market, books: of }, kind)) };
          if (!('list' in made.endpoint)) throw new TypeError('no list');
          return made.endpoint.list.find(parameters);
        },
      },
    };
  };
  const makers: Partial<Record<RestType, () => Endpoint>> = {
    balance_sheets: () => statement('balance-sheet'),
    income_statements: () => statement('income'),
    cash_flow: () => statement('cash-flow'),
    dividends: () => list(dividendsV1({ market, dividends })),
    dividends_v3: () => list(dividendsV3({ market, dividends })),
    splits: () => list(splitsV1({ market, splits })),
    splits_v3: () => list(splitsV3({ market, splits })),
    tickers: () => ({ list: tickerList(market, version) }),
  };
  const made = new Map<RestType, Endpoint>();
  return (type) => {
    const endpoint = made.get(type) ?? makers[type]?.();
    if (endpoint !== undefined) made.set(type, endpoint);
    return endpoint;
  };
}
