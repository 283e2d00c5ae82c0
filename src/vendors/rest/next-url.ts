/**
 * Where a list goes on. `next_url` is complete and opaque, with the server's own idea of its name: samples show
 * a port (`https://api.massive.com:443/…`) and another path. Only its path and query are taken, to the server
 * that was asked: the key goes nowhere else.
 */
import { SourceError } from '#platform/http/source-error.js';

/** The vendor's, under its old name too: a mirror or proxy passes their answers on as they are. */
const VENDOR_HOSTS = new Set(['api.massive.com', 'api.polygon.io']);

/** Throws SourceError 'server' for what is no URL, or another server's. */
export function nextTarget(url: string, endpoint: string): string {
  const asked = new URL(endpoint);
  const next = URL.canParse(url, endpoint) ? new URL(url, endpoint) : undefined;
  if (next === undefined || !/^https?:$/.test(next.protocol))
    throw new SourceError('server', 'the answer goes on at what is no URL', { final: true });
  const isSame =
    next.hostname === asked.hostname && (next.port === asked.port || /^(|80|443)$/.test(next.port));
  if (!isSame && !VENDOR_HOSTS.has(next.hostname))
    throw new SourceError(
      'server',
      `the answer goes on at ${next.host.slice(0, 100)}, which is not ${asked.host}: the key is not sent there`,
      { final: true },
    );
  // The key is in the header; where the server wrote it into the URL, it leaves it.
  if (next.searchParams.has('apiKey')) next.searchParams.delete('apiKey');
  const base = asked.pathname.replace(/\/+$/, '');
  const path =
    base !== '' && next.pathname.startsWith(`${base}/`) ? next.pathname.slice(base.length) : next.pathname;
  return path + next.search;
}
