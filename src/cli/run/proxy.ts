/** The proxy that HTTPS_PROXY, HTTP_PROXY and ALL_PROXY name for an endpoint, unless NO_PROXY spares it. */
import type { Environment } from '#cli/environment.js';
import { shownProxy } from '#platform/http/shown-proxy.js';
import { SourceError } from '#platform/http/source-error.js';

export interface Proxy {
  /** With user and password: for the connection, and for nobody's eyes. */
  readonly url: string;
  readonly shown: string;
}

const VARIABLES = ['https_proxy', 'http_proxy', 'all_proxy'] as const;

/**
 * Throws SourceError 'configuration' for a proxy of another kind, without its value. Nothing is loaded where
 * no variable is set.
 */
export async function proxyFor(
  endpoint: string,
  { env }: Pick<Environment, 'env'>,
): Promise<Proxy | undefined> {
  const isSet = VARIABLES.some((name) => env[name] || env[name.toUpperCase()]);
  if (!isSet || endpoint.startsWith('file:')) return undefined;
  const { getProxyForUrl } = await import('proxy-from-env');
  const named = getProxyForUrl(endpoint);
  if (named === '') return undefined;
  const url = URL.canParse(named) ? new URL(named) : undefined;
  if (url === undefined) throw wrong('is no URL such as http://HOST:PORT');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw wrong(`names a proxy of another kind (${url.protocol}//): barloom goes through HTTP proxies`);
  // Without a scheme it is http, as curl has it, whatever the endpoint's.
  const isBare = !VARIABLES.some((name) => (env[name] || env[name.toUpperCase()])?.includes(named));
  if (isBare) url.protocol = 'http:';
  if (url.password !== '' && /\*|proxy-agent/.test(env['DEBUG'] ?? ''))
    throw wrong('has a password, which DEBUG would have written to stderr: unset DEBUG');
  return { url: url.href, shown: shownProxy(url) };
}

function wrong(why: string): SourceError {
  return new SourceError(
    'configuration',
    `The variable HTTPS_PROXY, HTTP_PROXY or ALL_PROXY ${why}; NO_PROXY spares hosts.`,
  );
}
