/**
 * Connections through an HTTP proxy: CONNECT for https, the whole URL in the request for http, as RFC 9110
 * (9.3.6) and RFC 9112 (3.2.2) have it. To be loaded only where there is a proxy. What goes wrong at the
 * proxy is said to be the proxy's; its password is in no error.
 */
import type { Agent, AgentOptions, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { shownProxy } from './shown-proxy.js';
import { SourceError } from './source-error.js';

export interface Agents {
  readonly httpAgent: Agent;
  readonly httpsAgent: Agent;
}

/** `proxy`: its URL, with user and password where it asks for them. */
export function proxyAgents(proxy: string, pool: AgentOptions): Agents {
  return { httpAgent: new Forwarded(proxy, pool), httpsAgent: new Tunnelled(proxy, pool) };
}

class Forwarded extends HttpProxyAgent<string> {
  override async connect(
    ...asked: Parameters<HttpProxyAgent<string>['connect']>
  ): ReturnType<HttpProxyAgent<string>['connect']> {
    return super.connect(...asked).catch((error: unknown) => {
      throw unreachable(error, this.proxy);
    });
  }
}

class Tunnelled extends HttpsProxyAgent<string> {
  override async connect(
    request: ClientRequest,
    options: Parameters<HttpsProxyAgent<string>['connect']>[1],
  ): Promise<Socket> {
    let status = 200;
    request.once('proxyConnect', (answer: { readonly statusCode: number }) => {
      status = answer.statusCode;
    });
    const socket = await super.connect(request, options).catch((error: unknown) => {
      throw unreachable(error, this.proxy);
    });
    if (status === 200) return socket;
    socket.destroy();
    throw refusedByProxy(status, this.proxy);
  }
}

function unreachable(error: unknown, proxy: URL): SourceError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no HTTP answer';
  return new SourceError('network', `the proxy ${shownProxy(proxy)} cannot be reached (${code}).`);
}

/**
 * 407 and 403 stay as they are until somebody changes a setting; what is behind the proxy may only be down
 * (502 to 504).
 */
export function refusedByProxy(status: number, proxy: URL): SourceError {
  const why =
    status === 407
      ? 'asks for a user and a password: write them into the variable, http://USER:PASSWORD@HOST:PORT'
      : 'does not let the request through';
  const kind = status >= 500 ? 'network' : 'configuration';
  return new SourceError(kind, `the proxy ${shownProxy(proxy)} ${why} (HTTP ${status}).`, { status });
}
