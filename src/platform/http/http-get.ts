/**
 * One GET over node:http or node:https with the caller's agent: bounded waits for a connection and for bytes,
 * an AbortSignal, and no other work. Errors are the socket's; whatever ends a transfer early reaches the
 * reader of its body as an error.
 */
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpGet {
  readonly endpoint: URL;
  /** Escaped, as it is sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the endpoint's protocol. */
  readonly agent: Agent;
  /** Longest wait for a new connection, in ms. */
  readonly connectionTimeoutMs: number;
  /** Longest silence on the connection, in ms. */
  readonly socketTimeoutMs: number;
  /** Not aborted yet. */
  readonly signal: AbortSignal | undefined;
}

/** Nothing of it has been read. Must be read to its end or destroyed. */
export type HttpAnswer = IncomingMessage & { readonly statusCode: number };

/** Resolves with any answer, whatever its status. */
export function httpGet(get: HttpGet): Promise<HttpAnswer> {
  const { endpoint, path, headers, agent, socketTimeoutMs, signal } = get;
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const request = (endpoint.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: endpoint.hostname.replace(/^\[|\]$/g, ''),
      port: endpoint.port,
      path,
      headers,
      agent,
      timeout: socketTimeoutMs,
    });
    const end = (error: Error) => (answer ?? request).destroy(error);
    const onAbort = () => end(new Error('aborted'));
    request.on('response', (response) => {
      answer = response;
      response.on('error', () => {}); // whoever reads the body gets it; nobody else needs to
      resolve(response as HttpAnswer);
    });
    request.on('error', reject);
    request.on('timeout', () => {
      // All of the answer may be here already, and only wait to be read.
      if (answer?.complete === true) request.socket?.destroy();
      else end(timeout(`no byte for ${socketTimeoutMs} ms`));
    });
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      const late = () => end(timeout(`no connection within ${get.connectionTimeoutMs} ms`));
      const timer = setTimeout(late, get.connectionTimeoutMs).unref();
      const settled = () => clearTimeout(timer);
      socket.once('connect', settled).once('close', settled);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    request.once('close', () => signal?.removeEventListener('abort', onAbort));
    request.end();
  });
}

function timeout(why: string): Error {
  return Object.assign(new Error(why), { name: 'TimeoutError', code: 'ETIMEDOUT' });
}
