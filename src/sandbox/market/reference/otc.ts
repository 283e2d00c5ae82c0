/**
 * Tickers that trade over the counter: five letters, of which the last says what it is (Y a receipt, F a
 * foreign share, Q in bankruptcy). In no day file; the reference lists have them as a market of their own.
 */
import { numberOfDay } from '#sandbox/market/day-number.js';
import { hashText, mix32 } from '#sandbox/market/hash.js';
import type { Universe } from '#sandbox/market/universe.js';
import { cikText, figiOf } from './identifiers.js';
import { companyWords } from './names.js';
import type { Issuer, Listing, Security } from './securities.js';

const FIRST = numberOfDay('2003-09-10');

/** About a tenth as many as there are listings, by their names. */
export function otcListings({ tickers }: Universe): readonly Listing[] {
  const taken = new Set(tickers);
  const roots = [...new Set(tickers)].filter((ticker) => /^[A-Z]{4}$/.test(ticker));
  return roots
    .map((root) => ({ root, seed: hashText(root, 0x07c) >>> 0 }))
    .filter(({ seed }) => seed % 4 === 0)
    .map(({ root, seed }) => ({ ticker: root + 'YFQ'.charAt((seed >>> 8) % 3), seed }))
    .filter(({ ticker }) => !taken.has(ticker))
    .sort((a, b) => (a.ticker < b.ticker ? -1 : 1))
    .map(({ ticker, seed }) => otcListing(ticker, seed));
}

function otcListing(ticker: string, seed: number): Listing {
  const name = companyWords(mix32(seed));
  const issuer: Issuer = { cik: cikText(100_000 + (seed % 900_000)), name, seed, securities: [] };
  const security: Security = {
    ...{ seed, issuer, name, exchange: 'OTCM' },
    type: ticker.endsWith('Y') ? 'ADRC' : ticker.endsWith('F') ? 'OS' : 'CS',
    compositeFigi: figiOf(seed, 'composite'),
    shareClassFigi: figiOf(seed + 1, 'shareClass'),
    listings: [],
  };
  const listing: Listing = { row: -1, ticker, first: FIRST, last: undefined, security };
  security.listings.push(listing);
  issuer.securities.push(security);
  return listing;
}
