/**
 * One unsigned HEAD to an endpoint on a connection of its own: does the name resolve, does somebody answer,
 * how soon, and what time is it there.
 */
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { certificateTrouble } from '#platform/http/certificate-trouble.js';
import { SourceError } from '#platform/http/source-error.js';

export interface EndpointAnswer {
  /** IP address. */
  readonly address: string | undefined;
  /** From the beginning to a connection, TLS included, and to the answer's headers, in ms. */
  readonly connectMs: number;
  readonly answerMs: number;
  /**
   * How far the server's clock is ahead of ours, in ms, to about a second; undefined where it gives no time.
   */
  readonly aheadMs: number | undefined;
}

export interface ProbeClocks {
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** The computer's own clock, whatever the program takes for now. */
  readonly wall: () => Date;
}

export interface ProbeTools extends ProbeClocks {
  /** Of a proxy; undefined: straight there. */
  readonly agent: Agent | undefined;
}

/** Longest silence, in ms. */
const SILENCE_MS = 10_000;

/** Throws SourceError 'network' that says what is wrong and what to look at. */
export function probeEndpoint(
  endpoint: string,
  { clock, wall, agent }: ProbeTools,
  signal: AbortSignal,
): Promise<EndpointAnswer> {
  const url = new URL(endpoint);
  const secure = url.protocol === 'https:';
  const begun = clock();
  const asked = wall().getTime();
  let address: string | undefined;
  let connected = begun;
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(url, {
      method: 'HEAD',
      agent: agent ?? false,
      timeout: SILENCE_MS,
      signal,
      headers: { 'user-agent': 'barloom' },
    });
    request.on('socket', (socket) => {
      if (!socket.connecting) connected = clock();
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = clock();
        address = socket.remoteAddress;
      });
    });
    request.on('response', (answer) => {
      const answered = clock();
      answer.destroy();
      if (answer.statusCode === 407) {
        reject(new SourceError('configuration', 'the proxy asks for a user and a password', { status: 407 }));
        return;
      }
      resolve({
        address,
        connectMs: connected - begun,
        answerMs: answered - begun,
        aheadMs: aheadOf(answer, asked + (answered - begun) / 2),
      });
    });
    request.on('timeout', () =>
      request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(error instanceof SourceError ? error : failed(error, url)),
    );
    request.end();
  });
}

/** `ours`: the time here when the answer was given. An answer out of a cache says nothing. */
function aheadOf({ headers }: IncomingMessage, ours: number): number | undefined {
  const theirs = headers.age === undefined ? Date.parse(headers.date ?? '') : Number.NaN;
  return Number.isNaN(theirs) ? undefined : theirs - ours;
}

function failed(error: NodeJS.ErrnoException, url: URL): SourceError {
  const untrusted = certificateTrouble(error.code ?? '', url.host);
  const kind = untrusted === undefined ? 'network' : 'configuration';
  return new SourceError(kind, untrusted ?? trouble(error, url), { cause: error.code });
}

function trouble({ code = 'unknown' }: NodeJS.ErrnoException, { host, protocol }: URL): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `the name of ${host} cannot be resolved (${code}): is it spelt right, and is there a network?`;
  if (code === 'ECONNREFUSED') return `nobody listens at ${host} (${code}): are host and port right?`;
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return `${host} does not answer (${code}): is there a network, or a firewall in between?`;
  if (code === 'EPROTO' || /^(HPE|ERR_SSL)_/.test(code)) {
    const other = protocol === 'https:' ? 'http' : 'https';
    return `${host} does not speak ${protocol.slice(0, -1)} (${code}): is it ${other}://?`;
  }
  return `the connection to ${host} failed (${code})`;
}
