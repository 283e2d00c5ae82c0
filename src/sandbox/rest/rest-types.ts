/** The vendor's types of data by the names that the sandbox's options and logs use, with their paths. */

export const REST_PATHS = {
  balance_sheets: '/stocks/financials/v1/balance-sheets',
  income_statements: '/stocks/financials/v1/income-statements',
  cash_flow: '/stocks/financials/v1/cash-flow-statements',
  financials: '/vX/reference/financials',
  vendor_ratios: '/stocks/financials/v1/ratios',
  dividends: '/stocks/v1/dividends',
  dividends_v3: '/v3/reference/dividends',
  splits: '/stocks/v1/splits',
  splits_v3: '/v3/reference/splits',
  ticker_events: '/vX/reference/tickers/{id}/events',
  related_tickers: '/v1/related-companies/{ticker}',
  tickers: '/v3/reference/tickers',
  ticker_types: '/v3/reference/tickers/types',
  ticker_details: '/v3/reference/tickers/{ticker}',
  exchanges: '/v3/reference/exchanges',
  exchanges_v1: '/stocks/v1/exchanges',
  conditions: '/v3/reference/conditions',
  news: '/v2/reference/news',
  short_interest: '/stocks/v1/short-interest',
  short_volume: '/stocks/v1/short-volume',
  float: '/stocks/vX/float',
  ipos: '/v1/reference/ipos',
  ipos_vx: '/vX/reference/ipos',
  holidays: '/v1/marketstatus/upcoming',
  market_status: '/v1/marketstatus/now',
} as const;

export type RestType = keyof typeof REST_PATHS;

export const REST_TYPES: readonly RestType[] = Object.keys(REST_PATHS).filter(isRestType);

export function isRestType(text: string): text is RestType {
  return Object.hasOwn(REST_PATHS, text);
}

/** The type at a path, and what stands in the place of its braces, unescaped. */
export function typeAt(path: string): { readonly type: RestType; readonly argument: string } | undefined {
  for (const type of REST_TYPES) {
    const [before = '', after] = REST_PATHS[type].split(/\{\w+\}/);
    if (after === undefined ? path === before : path.startsWith(before) && path.endsWith(after)) {
      const argument = after === undefined ? '' : path.slice(before.length, path.length - after.length);
      if (after === undefined || /^[^/]+$/.test(argument)) return { type, argument: unescaped(argument) };
    }
  }
  return undefined;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
