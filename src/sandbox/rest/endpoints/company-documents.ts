/** What the vendor tells of one company at a time: details, former names, and who is like it. */
import { type DayNumber, dayOfNumber } from '#sandbox/market/day-number.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import { cusipOf } from '#sandbox/market/reference/identifiers.js';
import { isListed, type Listing, type Security } from '#sandbox/market/reference/securities.js';
import { isEquity } from '#sandbox/market/reference/security-types.js';
import type { Books } from '#sandbox/market/statements/books.js';
import type { Document } from '../endpoint.js';
import { jsonObject, plain, withExponent } from '../json-number.js';
import type { RestMarket } from '../rest-market.js';
import { dayOf, tickerFields } from './tickers.js';

const NOT_FOUND: Document = { notFound: 'Ticker not found.' };
const RELATED = 10;

/** As of a day, of whoever has the ticker then; with shares as of the newest period, filed or not. */
export function tickerDetails(
  market: RestMarket,
  books: () => Books,
  ticker: string,
  parameters: URLSearchParams,
): Document {
  const day = dayOf(parameters.get('date')) ?? market.today();
  const listing = market.securities.on(ticker, day);
  if (listing === undefined) return NOT_FOUND;
  const { security } = listing;
  const hash = mix32(security.seed ^ 0xde7a) >>> 0;
  const reports = isEquity(security.type);
  const reporter = books().reporterOf(security.issuer);
  const shares = reporter === undefined ? undefined : books().sharesAt(reporter, day) * 1000;
  const close = market.closes(listing.row).before(day);
  const words = security.issuer.name;
  const [root, suffix] = ticker.split(/[.p](?=[A-Z]+$)/);
  return {
    results: jsonObject({
      ...tickerFields({ listing, market: 'stocks', active: true }, market.today()),
      market_cap:
        shares === undefined || close === undefined ? undefined : withExponent(Math.round(shares * close)),
      phone_number: reports ? plain(`555-${String(hash % 10_000).padStart(4, '0')}`) : undefined,
      address: reports
        ? JSON.stringify({
            address1: `${1 + (hash % 900)} Market Street`,
            city: 'Springfield',
            state: 'NY',
            postal_code: '10001',
          })
        : undefined,
      description: reports
        ? JSON.stringify(`${words} makes and sells what its name says, and "more".`)
        : undefined,
      homepage_url: reports
        ? plain(`https://www.${words.toLowerCase().replaceAll(' ', '-')}.example`)
        : undefined,
      branding: reports
        ? JSON.stringify({ icon_url: `https://branding.example/${hash}/icon.png` })
        : undefined,
      list_date: plain(dayOfNumber(security.listings[0]?.first ?? listing.first)),
      sic_code: reports ? plain(String(1000 + (hash % 8999))) : undefined,
      sic_description: reports ? plain(words.toUpperCase()) : undefined,
      ticker_root: plain(root),
      ticker_suffix: plain(suffix),
      total_employees: reports ? String(10 + (hash % 200_000)) : undefined,
      share_class_shares_outstanding: shares === undefined ? undefined : withExponent(shares),
      weighted_shares_outstanding: shares === undefined ? undefined : withExponent(shares - (shares % 1000)),
      round_lot: '100',
    }),
  };
}

/** By ticker (who has it now), CUSIP-like code or FIGI; changes of the ticker are all there is. */
export function tickerEvents(market: RestMarket, id: string): Document {
  const today = market.today();
  const security =
    market.securities.byFigi(id) ?? market.securities.on(id, today)?.security ?? byCusip(market, id);
  if (security === undefined) return NOT_FOUND;
  const events = security.listings
    .filter(({ first }) => first <= today)
    .map(({ ticker, first }) => ({
      type: 'ticker_change',
      date: dayOfNumber(first),
      ticker_change: { ticker },
    }));
  return {
    results: jsonObject({
      ...{ name: JSON.stringify(security.name), composite_figi: plain(security.compositeFigi) },
      ...{ cik: plain(security.issuer.cik), events: JSON.stringify(events.reverse()) },
    }),
  };
}

function byCusip({ securities }: RestMarket, id: string): Security | undefined {
  if (!/^[0-9A-Z]{9}$/.test(id)) return undefined;
  return securities.listings.find(({ security }) => cusipOf(security.seed) === id)?.security;
}

/** The closest first; their order changes from week to week, and a name that is not used any more may be among them. */
export function relatedCompanies(market: RestMarket, ticker: string): Document {
  const today = market.today();
  const listing = market.securities.on(ticker, today);
  if (listing === undefined) return NOT_FOUND;
  const week = Math.floor(today / 7);
  const own = mix32(listing.security.seed ^ 0x4e1) >>> 0;
  const others = equitiesOn(market, today).filter((other) => other !== listing);
  const picked: string[] = listing.security.issuer.securities
    .flatMap(({ listings }) => listings)
    .filter((other) => other !== listing && isListed(other, today) && isEquity(other.security.type))
    .map((other) => other.ticker);
  for (let turn = 0; picked.length < RELATED && turn < 4 * RELATED && others.length > 0; turn++) {
    // The last three are new every week.
    const chance = mix32(own + Math.imul(turn + (picked.length >= RELATED - 3 ? week : 0), GOLDEN)) >>> 0;
    const other = others[chance % others.length];
    const name = other === undefined ? '' : chance % 5 === 0 ? oldestName(other) : other.ticker;
    if (!picked.includes(name)) picked.push(name);
  }
  if (week % 2 === 0 && picked.length > 3) picked.splice(1, 2, picked[2] ?? '', picked[1] ?? '');
  return {
    results: JSON.stringify(picked.map((one) => ({ ticker: one }))),
    // Samples call it either.
    beside: { [own % 2 === 0 ? 'ticker' : 'stock_symbol']: JSON.stringify(ticker) },
  };
}

const equities = new WeakMap<
  RestMarket,
  { readonly day: DayNumber; readonly listings: readonly Listing[] }
>();

function equitiesOn(market: RestMarket, day: DayNumber): readonly Listing[] {
  let kept = equities.get(market);
  if (kept?.day !== day) {
    const listings = market.securities.listings.filter(
      (one) => isEquity(one.security.type) && isListed(one, day),
    );
    kept = { day, listings };
    equities.set(market, kept);
  }
  return kept.listings;
}

function oldestName({ security, ticker }: Listing): string {
  return security.listings[0]?.ticker ?? ticker;
}
