/**
 * Venues and the endings that the archive's tickers have for them. A venue that the archive lacks has an
 * ending all the same: an instrument of it is then told to lack its source, and is never matched to another
 * market's ticker.
 */

export interface Venue {
  /** For people. */
  readonly name: string;
  /** In the order in which they are tried. */
  readonly extensions: readonly string[];
}

const venue = (name: string, ...extensions: readonly string[]): Venue => ({ name, extensions });

export const VENUES = {
  us: venue('United States', '.US'),
  london: venue('London', '.UK'),
  warsaw: venue('Warsaw', '.PL'),
  hongKong: venue('Hong Kong', '.HK'),
  tokyo: venue('Tokyo', '.JP'),
  budapest: venue('Budapest', '.HU'),
  germany: venue('Germany', '.DE'),
  paris: venue('Paris', '.PA', '.FR'),
  amsterdam: venue('Amsterdam', '.NL', '.AS'),
  brussels: venue('Brussels', '.BE'),
  lisbon: venue('Lisbon', '.PT'),
  switzerland: venue('Switzerland', '.CH'),
  toronto: venue('Toronto', '.TO'),
  tsxVenture: venue('TSX Venture', '.V'),
  china: venue('China', '.CN'),
  india: venue('India', '.IN'),
  stockholm: venue('Stockholm', '.SE'),
  helsinki: venue('Helsinki', '.FI'),
  copenhagen: venue('Copenhagen', '.DK'),
  reykjavik: venue('Reykjavik', '.IS'),
  oslo: venue('Oslo', '.NO'),
  madrid: venue('Madrid', '.ES'),
  milan: venue('Milan', '.IT'),
  vienna: venue('Vienna', '.AT'),
} as const satisfies Record<string, Venue>;

type VenueKey = keyof typeof VENUES;

/**
 * What stands behind a symbol: `AAPL:US`, `VOD.L`. Bloomberg's codes, Reuters' and Yahoo's letters, ISO
 * countries. `PL` is Poland, as brokers have it, and not Bloomberg's Portugal.
 */
const SUFFIXES: Readonly<Record<string, VenueKey>> = {
  ...byCode('us', 'US UN UW UQ UR UA UP U NYSE NASDAQ NSQ NAS AMEX NYSE-MKT'),
  ...byCode('london', 'LN L GB UK LSE'),
  ...byCode('warsaw', 'PW PL GPW WA'),
  ...byCode('hongKong', 'HK H'),
  ...byCode('tokyo', 'JP JT T'),
  ...byCode('budapest', 'HU HB BSE BUD'),
  ...byCode('germany', 'GR GY DE'),
  ...byCode('paris', 'PA PAR FP FR'),
  ...byCode('amsterdam', 'AMS AS NA NL'),
  ...byCode('brussels', 'BRU BR BRX BB BE'),
  ...byCode('switzerland', 'SWX SW CH SE VX'),
  ...byCode('toronto', 'TSX TO C CT'),
  ...byCode('tsxVenture', 'TSXV V CV'),
  ...byCode('china', 'CN'),
  ...byCode('stockholm', 'SS ST'),
  ...byCode('helsinki', 'FH HE'),
  ...byCode('copenhagen', 'DC CO'),
  ...byCode('oslo', 'NO OL'),
  ...byCode('madrid', 'SM MC'),
  ...byCode('milan', 'IM MI'),
  ...byCode('vienna', 'AV VI'),
};

/** A market that is nothing but a code, or begins with one. */
const MARKET_CODES: Readonly<Record<string, VenueKey>> = {
  ...byCode('us', 'NSQ NAS NASDAQ NYSE NYSE-MKT NYSEMKT AMEX ARCA BATS US USA XNAS XNYS XASE ARCX BATS'),
  ...byCode('london', 'LSE UK XLON'),
  ...byCode('warsaw', 'GPW WSE POL XWAR XNCO'),
  ...byCode('hongKong', 'HK HKEX SEHK XHKG'),
  ...byCode('tokyo', 'JPX XTKS'),
  ...byCode('budapest', 'BSE BUD XBUD HUN'),
  ...byCode('germany', 'XETRA GER DEU XETR XFRA FRA-XETRA'),
  ...byCode('paris', 'PAR XPAR'),
  ...byCode('amsterdam', 'AMS NED XAMS'),
  ...byCode('brussels', 'BRU XBRU'),
  ...byCode('lisbon', 'LIS XLIS'),
  ...byCode('switzerland', 'SWX SIX XSWX EBS'),
  ...byCode('toronto', 'TSX XTSE'),
  ...byCode('tsxVenture', 'TSXV TSX-V XTSX'),
  ...byCode('stockholm', 'STO OMX XSTO'),
  ...byCode('helsinki', 'HEL XHEL'),
  ...byCode('copenhagen', 'CPH CSE XCSE'),
  ...byCode('oslo', 'OSL OSE XOSL'),
  ...byCode('madrid', 'BME XMAD'),
  ...byCode('milan', 'MIL XMIL'),
  ...byCode('vienna', 'VIE XWBO'),
};

/** `GBR-LSE`, `USA-NYSE`: a country before the exchange. */
const COUNTRIES: Readonly<Record<string, VenueKey>> = {
  USA: 'us',
  GBR: 'london',
  POL: 'warsaw',
  GPW: 'warsaw',
  HKG: 'hongKong',
  JPN: 'tokyo',
  HUN: 'budapest',
  DEU: 'germany',
  FRA: 'paris',
  NLD: 'amsterdam',
  BEL: 'brussels',
  PRT: 'lisbon',
  CHE: 'switzerland',
  CAN: 'toronto',
  CHN: 'china',
  IND: 'india',
  SWE: 'stockholm',
  FIN: 'helsinki',
  DNK: 'copenhagen',
  ISL: 'reykjavik',
  NOR: 'oslo',
  ESP: 'madrid',
  ITA: 'milan',
  AUT: 'vienna',
};

/**
 * Names of exchanges and countries, as whole words; the longer one goes before what it holds: `NASDAQ
 * STOCKHOLM` is not New York's.
 */
const PHRASES: readonly (readonly [string, VenueKey])[] = (
  [
    ['NEW YORK STOCK EXCHANGE', 'us'],
    ['NASDAQ STOCKHOLM', 'stockholm'],
    ['NASDAQ HELSINKI', 'helsinki'],
    ['NASDAQ COPENHAGEN', 'copenhagen'],
    ['NASDAQ ICELAND', 'reykjavik'],
    ['NASDAQ OMX STOCKHOLM', 'stockholm'],
    ['NASDAQ OMX HELSINKI', 'helsinki'],
    ['NASDAQ OMX COPENHAGEN', 'copenhagen'],
    ['NASDAQ', 'us'],
    ['NYSE', 'us'],
    ['UNITED STATES', 'us'],
    ['AMERICAN STOCK EXCHANGE', 'us'],
    ['LONDON', 'london'],
    ['UNITED KINGDOM', 'london'],
    ['WARSAW', 'warsaw'],
    ['POLAND', 'warsaw'],
    ['HONG KONG', 'hongKong'],
    ['TOKYO', 'tokyo'],
    ['JAPAN', 'tokyo'],
    ['BUDAPEST', 'budapest'],
    ['HUNGARY', 'budapest'],
    ['XETRA', 'germany'],
    ['FRANKFURT', 'germany'],
    ['GERMANY', 'germany'],
    ['PARIS', 'paris'],
    ['FRANCE', 'paris'],
    ['AMSTERDAM', 'amsterdam'],
    ['NETHERLANDS', 'amsterdam'],
    ['BRUSSELS', 'brussels'],
    ['BELGIUM', 'brussels'],
    ['LISBON', 'lisbon'],
    ['SWISS', 'switzerland'],
    ['ZURICH', 'switzerland'],
    ['SWITZERLAND', 'switzerland'],
    ['TSX VENTURE', 'tsxVenture'],
    ['TORONTO', 'toronto'],
    ['CANADA', 'toronto'],
    ['BOMBAY', 'india'],
    ['STOCKHOLM', 'stockholm'],
    ['HELSINKI', 'helsinki'],
    ['COPENHAGEN', 'copenhagen'],
    ['OSLO', 'oslo'],
    ['MADRID', 'madrid'],
    ['MILAN', 'milan'],
    ['VIENNA', 'vienna'],
  ] satisfies readonly (readonly [string, VenueKey])[]
).sort(([a], [b]) => b.length - a.length);

function byCode(key: VenueKey, codes: string): Readonly<Record<string, VenueKey>> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, key]));
}

/** Of what stands behind a symbol, in upper case. Undefined: no venue's. */
export function venueOfSuffix(suffix: string, isin: string): Venue | undefined {
  return known(own(SUFFIXES, suffix.replace(/\s*\(.*\)$/, '')), suffix, isin);
}

/**
 * Of a list's market: a code (`NSQ`), a country with its exchange (`GBR-LSE`), or a phrase in which the
 * company's name may follow (`NEW YORK STOCK EXCHANGE (USD) USA-NYSE SINGER`). What stands first counts.
 * Undefined: unknown.
 */
export function venueOfMarket(market: string, isin: string): Venue | undefined {
  const text = market.trim().toUpperCase();
  if (text === '') return undefined;
  const found: { readonly at: number; readonly length: number; readonly key: VenueKey }[] = [];
  const first = /^[A-Z0-9-]+/.exec(text)?.[0] ?? '';
  const code = own(MARKET_CODES, first);
  if (code !== undefined && standsAlone(text, first)) found.push({ at: 0, length: first.length, key: code });
  for (const { 0: token, 1: country = '', index } of text.matchAll(/(?<![A-Z0-9-])([A-Z]{3})-[A-Z0-9]+/g)) {
    const key = own(COUNTRIES, country);
    if (key !== undefined) found.push({ at: index, length: token.length, key });
  }
  for (const [phrase, key] of PHRASES) {
    const at = indexOfWords(text, phrase);
    if (at >= 0) found.push({ at, length: phrase.length, key });
  }
  found.sort((a, b) => a.at - b.at || b.length - a.length);
  return known(found[0]?.key, first, isin);
}

/** Codes of two letters are part of many a name: they count where nothing follows. */
function standsAlone(text: string, code: string): boolean {
  return code.length > 2 || text === code;
}

function indexOfWords(text: string, words: string): number {
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1))
    if (!/[A-Z0-9]/.test(text[at - 1] ?? ' ') && !/[A-Z0-9]/.test(text[at + words.length] ?? ' ')) return at;
  return -1;
}

function own(table: Readonly<Record<string, VenueKey>>, key: string): VenueKey | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** BSE is Budapest's code and Bombay's: the ISIN tells which. */
function known(key: VenueKey | undefined, code: string, isin: string): Venue | undefined {
  if (key === undefined) return undefined;
  return code === 'BSE' && isin.toUpperCase().startsWith('IN') ? VENUES.india : VENUES[key];
}
