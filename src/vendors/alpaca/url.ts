/** Which server of Alpaca's is asked: `--alpaca-url`, then APCA_API_DATA_URL, then the vendor's own. */
import { shownUrl } from '#platform/http/shown-url.js';
import { SourceError } from '#platform/http/source-error.js';

/** Source: https://docs.alpaca.markets/docs/historical-stock-data-1. */
export const ALPACA_URL = 'https://data.alpaca.markets';

/** One spelling for one server. Throws SourceError 'configuration', without what is secret in it. */
export function alpacaUrl(given: string | undefined): string {
  const text = given?.trim() || ALPACA_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw wrong(`"${shownUrl(text)}" is no URL such as ${ALPACA_URL}`);
  if (url.username !== '' || url.password !== '')
    throw wrong(
      `that at ${url.host} has a user name or password in it; keys belong in APCA_API_KEY_ID and APCA_API_SECRET_KEY`,
    );
  if (url.search !== '' || url.hash !== '') throw wrong(`that at ${url.host} has a query or a fragment`);
  // Some write the version with it.
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '').replace(/\/v2$/, '')}`;
}

function wrong(why: string): SourceError {
  return new SourceError('configuration', `Alpaca's URL (--alpaca-url, APCA_API_DATA_URL): ${why}.`);
}
