/** What kind of paper a listing is, by the name it has, as one guesses it from the vendor's tickers. */

export type SecurityType =
  | 'CS'
  | 'ADRC'
  | 'OS'
  | 'ETF'
  | 'ETN'
  | 'FUND'
  | 'PFD'
  | 'WARRANT'
  | 'RIGHT'
  | 'UNIT';

const KNOWN_FUNDS = new Set('SPY QQQ IWM DIA VTI VOO GLD SLV TLT BND XLF NAN NUL'.split(' '));
/** Day files hold the exchanges' test symbols; the reference lists do not. */
const TEST_SYMBOLS = new Set('ZTST ZVZZT ZZZTA NTEST.H'.split(' '));

/** `percent`, 0 to 99, decides where the name says nothing: below 42 are what the market made calm. */
export function securityType(ticker: string, percent: number): SecurityType | undefined {
  if (TEST_SYMBOLS.has(ticker)) return undefined;
  if (KNOWN_FUNDS.has(ticker)) return 'ETF';
  if (/rw?$|^[A-Z]{4}R$/.test(ticker)) return 'RIGHT';
  if (/\.WS|w$|^[A-Z]{4}W$/.test(ticker)) return 'WARRANT';
  if (/p[A-Z]?$|^[A-Z]{4}P$/.test(ticker)) return 'PFD';
  if (/\.U$|^[A-Z]{4}U$/.test(ticker)) return 'UNIT';
  if (percent < 30) return 'ETF';
  if (percent < 34) return 'ETN';
  if (percent < 42) return 'FUND';
  if (percent % 13 === 0) return 'ADRC';
  return percent % 29 === 0 ? 'OS' : 'CS';
}

/** Whether its company reports: ordinary shares and receipts for them. */
export function isEquity(type: SecurityType): boolean {
  return type === 'CS' || type === 'ADRC' || type === 'OS';
}
