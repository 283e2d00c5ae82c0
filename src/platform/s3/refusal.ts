/**
 * Turns whatever the SDK or the socket throws into a SourceError that the rest of the program can decide by.
 * An SDK error holds the response, and its neighbours the signed request: only name, status and code survive here.
 */

import { retryAfterMs } from '#platform/http/retry-after.js';
import { SourceError, type SourceErrorKind } from '#platform/http/source-error.js';
import { serverAheadMs } from './server-clock.js';

export interface S3Operation {
  readonly verb: 'LIST' | 'GET';
  /** The key, or the prefix of a listing. */
  readonly name: string;
  readonly endpoint: string;
  readonly bucket: string;
}

/** Names that speak about the key pair, whatever the HTTP status; what each means, for the message. */
const KEY_PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['InvalidAccessKeyId', 'the server does not know this access key'],
  ['SignatureDoesNotMatch', 'the secret does not belong to this access key'],
  ['ExpiredToken', 'the session token has expired'],
  ['ExpiredTokenException', 'the session token has expired'],
  ['InvalidToken', 'the session token is not valid'],
  ['InvalidSecurity', 'the keys are not valid'],
  ['AuthorizationHeaderMalformed', 'the server does not accept the signature, perhaps because of its region'],
  ['UnrecognizedClientException', 'the server does not know this access key'],
]);

/** Names that speak about the request's date, which the next request takes from the server's clock (server-clock.ts). */
const DATE_PROBLEMS: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestExpired']);

/**
 * @returns a SourceError; the signal's reason where our own signal ended the request; an error that came from neither the
 *   wire nor the server unchanged, because it is a bug of ours.
 */
export function s3Error(error: unknown, operation: S3Operation, signal?: AbortSignal): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (!(error instanceof Error) || error instanceof SourceError) return error;
  const seen = observe(error);
  const what = `${operation.verb} ${operation.name}`;
  if (seen.status === undefined) {
    if (seen.code === undefined && !isConnectionTrouble(error)) return error;
    if (seen.code?.startsWith('ERR_INVALID') === true) return error;
    const garbled = seen.code?.startsWith('HPE_') === true;
    return new SourceError(
      garbled ? 'server' : 'network',
      `${what}: ${garbled ? 'no HTTP answer' : 'the connection failed'} at ${operation.endpoint} (${seen.code ?? seen.name}).`,
      { cause: { name: seen.name, status: undefined, code: seen.code } },
    );
  }
  return refused({ ...seen, status: seen.status }, operation);
}

/** What an answer that is no success means. `code`: what its XML says, if it does. */
export function refusal(
  status: number,
  code: string | undefined,
  headers: Readonly<Record<string, unknown>>,
  operation: S3Operation,
): SourceError {
  const name = code ?? (status === 404 ? 'NotFound' : 'Unknown');
  return refused(
    { name: safeName(name), code: code && safeName(code), status, headers: textHeaders(headers) },
    operation,
  );
}

interface Observed {
  readonly name: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

type Refused = Observed & { readonly status: number };

function refused({ name, code, status, headers }: Refused, operation: S3Operation): SourceError {
  const [kind, meaning] = judge({ name, status, headers }, operation);
  return new SourceError(
    kind,
    `${operation.verb} ${operation.name}: ${name} (HTTP ${status})${meaning === '' ? '' : `: ${meaning}`}.`,
    { status, retryAfterMs: retryAfterMs(headers), cause: { name, status, code } },
  );
}

function judge(
  { name, status, headers }: Pick<Refused, 'name' | 'status' | 'headers'>,
  { verb, endpoint, bucket }: S3Operation,
): readonly [SourceErrorKind, string] {
  const keyProblem = KEY_PROBLEMS.get(name);
  if (keyProblem !== undefined) return ['unauthenticated', `${keyProblem} (${endpoint})`];
  if (DATE_PROBLEMS.has(name)) return ['skewed', `${clocks(headers)} (${endpoint})`];
  if (name === 'NoSuchBucket') return ['configuration', `${endpoint} has no bucket "${bucket}"`];
  if (name === 'SlowDown' || name === 'TooManyRequests' || status === 429 || status === 503)
    return ['throttled', ''];
  if (name === 'RequestTimeout' || status === 408) return ['network', ''];
  if (status === 401) return ['unauthenticated', `the server asks for other keys (${endpoint})`];
  if (status === 403) return ['denied', verb === 'LIST' ? `these keys may not list "${bucket}"` : ''];
  if (status === 404) return ['not-found', ''];
  if (status === 412) return ['changed', 'the object has been replaced'];
  if (status === 416) return ['changed', 'the object is shorter than the part asked for'];
  if (status >= 500) return ['server', ''];
  if (status >= 300 && status < 400) {
    // 302, 303 and 307 may be of the moment, 301 and 308 are for good (RFC 9110, section 15.4).
    const kind = status === 301 || status === 308 ? 'configuration' : 'server';
    return [kind, `${endpoint} redirects; name the server it redirects to as the endpoint`];
  }
  if (status >= 400)
    return ['configuration', `${endpoint} does not understand the request; is it an S3 server?`];
  return ['server', `${endpoint} answered with something that is not S3's XML`];
}

/** What the server's Date header says of the two clocks. */
function clocks(headers: Refused['headers']): string {
  const aheadMs = serverAheadMs(headers);
  if (aheadMs === undefined)
    return 'the server does not accept the date of the request; is the clock of this computer right?';
  const off = Math.round(Math.abs(aheadMs) / 60_000);
  return off === 0
    ? "the server does not accept the date of the request, although this computer's clock agrees with its own"
    : `this computer's clock is ${off} min ${aheadMs > 0 ? 'behind' : 'ahead of'} the server's`;
}

function observe(error: Error): Observed {
  const metadata = field(error, '$metadata');
  const response = field(error, '$response');
  const status = field(metadata, 'httpStatusCode') ?? field(response, 'statusCode');
  const code = field(error, 'code') ?? field(error, 'Code');
  const headers = field(response, 'headers');
  return {
    name: safeName(error.name),
    code: typeof code === 'string' ? safeName(code) : undefined,
    status: typeof status === 'number' ? status : undefined,
    headers: typeof headers === 'object' && headers !== null ? textHeaders(headers) : {},
  };
}

/** A name from the server's XML reaches the terminal: letters, digits and a little punctuation, at most 64 of them. */
function safeName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '').slice(0, 64) || 'Error';
}

function isConnectionTrouble(error: Error): boolean {
  return error.name === 'TimeoutError' || /aborted|socket hang up|premature close/i.test(error.message);
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function textHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
