/** The path and query that a window is asked for with. Tickers are escaped: `BRK.B`, `X:BTCUSD`, `a/b`. */
import type { TableType } from '#market/tables/table-type.js';
import type { TableWindow } from './window.js';

export function windowTarget(
  { path, query, sort, pageSize }: TableType,
  window: Pick<TableWindow, 'query'>,
): string {
  const parameters = new URLSearchParams({
    ...query,
    ...(sort ?? {}),
    ...(pageSize === undefined ? {} : { limit: String(pageSize) }),
    ...window.query,
  });
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

export function tickerTarget({ path }: TableType, ticker: string): string {
  return path.replace('{ticker}', encodeURIComponent(ticker));
}
