/**
 * A ticker as the vendor writes it, out of the ways in which other sources do: TradingView's and Google's
 * `NASDAQ:AAPL`, Yahoo's `^GSPC`, `EURUSD=X` and `BTC-USD`, brokers' `$SPX`, the vendor's own REST API
 * (`C:EURUSD`). Only what can mean one thing is rewritten: a class of shares (`BRK-B`), a foreign exchange
 * (`LSE:VOD`) and everything else stay letter for letter.
 */

/**
 * Exchanges of the United States, by the names and ISO 10383 codes that lists use. Elsewhere the same letters
 * are another company.
 */
const EXCHANGES: ReadonlySet<string> = new Set(
  (
    'NASDAQ NASDAQGS NASDAQGM NASDAQCM NYSE NYSEAMERICAN NYSEAMEX NYSEMKT NYSEARCA AMEX ARCA BATS CBOE IEX OTC OTCMKTS OTCBB OTCPK ' +
    'PINK PINX US XNAS XNYS XASE ARCX'
  ).split(' '),
);

/** Prefixes of TradingView under which the other markets' instruments stand. */
const MARKETS: ReadonlyMap<string, 'I:' | 'C:' | 'X:'> = new Map([
  ...['SP', 'DJ', 'TVC', 'INDEXSP', 'INDEXDJX', 'INDEXNASDAQ', 'INDEXCBOE'].map(
    (name) => [name, 'I:'] as const,
  ),
  ...['FX', 'FX_IDC', 'OANDA', 'FOREXCOM', 'FXCM', 'SAXO', 'CURRENCY'].map((name) => [name, 'C:'] as const),
  ...['COINBASE', 'BINANCE', 'BINANCEUS', 'BITSTAMP', 'BITFINEX', 'KRAKEN', 'GEMINI', 'CRYPTO'].map(
    (name) => [name, 'X:'] as const,
  ),
]);

/** Yahoo's and Google's names of indices that the exchanges disseminate under others. */
const INDICES: ReadonlyMap<string, string> = new Map([
  ['GSPC', 'SPX'],
  ['INX', 'SPX'],
  ['IXIC', 'COMP'],
  ['IXCO', 'COMP'],
]);

const BROKERS_INDICES: ReadonlySet<string> = new Set('SPX XSP OEX NDX VIX DJI DJX RUT COMP'.split(' '));

/** The vendor's name of an index that people know without its prefix: `I:SPX` of `SPX`. */
export function indexNamed(text: string): string | undefined {
  const name = text.toUpperCase();
  return BROKERS_INDICES.has(name) ? `I:${name}` : undefined;
}

const MONEY: ReadonlySet<string> = new Set(
  (
    'USD EUR GBP JPY CHF AUD CAD NZD CNY CNH HKD SGD SEK NOK DKK MXN ZAR TRY INR KRW BRL PLN CZK HUF ILS THB TWD IDR PHP ' +
    'MYR SAR AED CLP COP RON XAU XAG'
  ).split(' '),
);

/** What coins are quoted in. */
const COIN_QUOTES = 'USDT|USDC|USD|EUR|GBP|JPY|AUD|CAD|BTC|ETH';
const COIN_PAIR = new RegExp(`^([A-Z0-9]{2,10}?)[-/]?(${COIN_QUOTES})$`);

/** The same text where it is the vendor's already, or nothing that is known. */
export function vendorSpelling(text: string): string {
  // Nearly every ticker: letters and a dot.
  if (/^[A-Za-z]{1,5}(?:\.[A-Za-z]{1,3})?$/.test(text)) return text;
  const upper = text.toUpperCase();
  const [, prefix = '', name = ''] = /^([A-Z_]+):(.+)$/.exec(upper) ?? [];
  if (EXCHANGES.has(prefix)) return text.slice(prefix.length + 1);
  const market =
    MARKETS.get(prefix) ?? (/^[ICX]$/.test(prefix) && prefix === text[0] ? `${prefix}:` : undefined);
  if (market === 'I:') return `I:${INDICES.get(name) ?? text.slice(prefix.length + 1)}`;
  if (market === 'C:') return pairOf(name, MONEY, 'C:') ?? text;
  if (market === 'X:') return coinOf(name) ?? text;
  if (/^\^[A-Z0-9]+$/.test(upper)) return `I:${INDICES.get(upper.slice(1)) ?? upper.slice(1)}`;
  const [, cash] = /^\$([A-Z]+)(?:\.X)?$/.exec(upper) ?? [];
  if (cash !== undefined) return BROKERS_INDICES.has(cash) ? `I:${cash}` : text.slice(1);
  return (
    pairOf(upper.replace(/^([A-Z]{3})=X$/, 'USD$1=X').replace(/=X$/, ''), MONEY, 'C:') ??
    (/^[A-Z0-9]{2,10}-/.test(upper) ? coinOf(upper) : undefined) ??
    text
  );
}

/** Two currencies, with or without a sign between them. */
function pairOf(text: string, known: ReadonlySet<string>, prefix: string): string | undefined {
  const [, base = '', quote = ''] = /^([A-Z]{3})[-/]?([A-Z]{3})$/.exec(text) ?? [];
  return known.has(base) && known.has(quote) ? `${prefix}${base}-${quote}` : undefined;
}

function coinOf(text: string): string | undefined {
  const [, base, quote] = COIN_PAIR.exec(text) ?? [];
  return base === undefined ? undefined : `X:${base}-${quote}`;
}
