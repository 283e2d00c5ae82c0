/** Features of an option contract's day: those of its own prices, and what it is against its underlying. */
import { dailyReturns } from './daily.js';
import type { FeatureSet } from './formula.js';
import { barFormulas } from './minute.js';

export const options: FeatureSet = {
  version: 1,
  lookBack: 63,
  keys: ['ticker', 'date', 'ts_ns', 'underlying', 'expiry', '"right"', 'strike'],
  by: ['ticker'],
  steps: [
    ...dailyReturns('close', 'volume'),
    [
      { name: 'daily_return', sql: '(close - open) / nullif(open, 0)', text: '(close - open) / open' },
      ...barFormulas,
      {
        name: 'underlying_ticker',
        sql: '_underlying',
        text: 'the stock or index that the contract is on (SPXW is on I:SPX, BRKB on BRK.B)',
      },
      { name: 'underlying_close', sql: '_underlying_close', text: "the underlying's close of that day" },
      {
        name: 'moneyness',
        sql: 'strike / nullif(_underlying_close, 0)',
        text: "strike / the underlying's close of that day",
      },
      { name: 'days_to_expiry', sql: 'expiry - date', text: 'calendar days from the day to the expiry' },
    ],
  ],
};

/** Roots whose underlying has another name in the vendor's stock and index files. */
export const UNDERLYINGS: Readonly<Record<string, string>> = {
  SPX: 'I:SPX',
  SPXW: 'I:SPX',
  XSP: 'I:XSP',
  NDX: 'I:NDX',
  NDXP: 'I:NDX',
  XND: 'I:XND',
  RUT: 'I:RUT',
  RUTW: 'I:RUT',
  MRUT: 'I:MRUT',
  VIX: 'I:VIX',
  VIXW: 'I:VIX',
  DJX: 'I:DJX',
  OEX: 'I:OEX',
  XEO: 'I:OEX',
  BRKA: 'BRK.A',
  BRKB: 'BRK.B',
  BFA: 'BF.A',
  BFB: 'BF.B',
};

/** `root`: an expression. */
export function underlyingOf(root: string): string {
  const cases = Object.entries(UNDERLYINGS).map(([from, to]) => `WHEN '${from}' THEN '${to}'`);
  return `CASE ${root} ${cases.join(' ')} ELSE ${root} END`;
}
