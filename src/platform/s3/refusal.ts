/**
 * Turns whatever the SDK or the socket throws into a SourceError that the rest of the program can decide by.
 * An SDK error holds the response, and its neighbours the signed request: only name, status and code survive
 * here.
 */

import { connectionError, safeName } from '#platform/http/connection-error.js';
import { retryAfterMs } from '#platform/http/retry-after.js';
import { SourceError, type SourceErrorKind } from '#platform/http/source-error.js';
import { kindOfStatus } from '#platform/http/status-kind.js';
import { isBelieved, serverAheadMs } from './server-clock.js';

export interface S3Operation {
  readonly verb: 'LIST' | 'GET' | 'PUT' | 'HEAD' | 'DELETE';
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

/**
 * Names that speak about the request's date, which the next request takes from the server's clock
 * (server-clock.ts).
 */
const DATE_PROBLEMS: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestExpired']);

/**
 * @returns a SourceError; the signal's reason where our own signal ended the request; an error that came from
 *   neither the
 *   network nor the server unchanged, because it is a bug of ours.
 */
export function s3Error(error: unknown, operation: S3Operation, signal?: AbortSignal): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (!(error instanceof Error) || error instanceof SourceError) return error;
  const seen = observe(error);
  return seen.status === undefined
    ? connectionError(error, `${operation.verb} ${operation.name}`, operation.endpoint)
    : refused({ ...seen, status: seen.status }, operation);
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
    {
      status,
      retryAfterMs: retryAfterMs(headers),
      // The next request would be dated the same.
      final: kind === 'skewed' && !isBelieved(serverAheadMs(headers) ?? 0),
      cause: { name, status, code },
    },
  );
}

function judge(
  { name, status, headers }: Pick<Refused, 'name' | 'status' | 'headers'>,
  operation: S3Operation,
): readonly [SourceErrorKind, string] {
  const { endpoint, bucket } = operation;
  const keyProblem = KEY_PROBLEMS.get(name);
  if (keyProblem !== undefined) return ['unauthenticated', `${keyProblem} (${endpoint})`];
  if (DATE_PROBLEMS.has(name)) return ['skewed', `${clocks(headers)} (${endpoint})`];
  if (name === 'NoSuchBucket') return ['configuration', `${endpoint} has no bucket "${bucket}"`];
  if (name === 'SlowDown' || name === 'TooManyRequests') return ['throttled', ''];
  const kind = kindOfStatus(status);
  if (kind === 'throttled') return [kind, ''];
  if (name === 'RequestTimeout') return ['network', ''];
  // Two conditional writes of one key at once: one of them is told to come again.
  if (name === 'ConditionalRequestConflict') return ['server', ''];
  return [kind, meaningOf(status, operation)];
}

/** For the message; '' where the status says enough. */
function meaningOf(status: number, { verb, endpoint, bucket }: S3Operation): string {
  if (status === 401) return `the server asks for other keys (${endpoint})`;
  if (status === 403 && verb === 'LIST') return `these keys may not list "${bucket}"`;
  if (status === 403) return verb === 'GET' ? '' : `these keys may not write to "${bucket}"`;
  if (status === 404 || status === 408 || status >= 500) return '';
  if (status === 407)
    return 'a proxy in between asks for a user and a password: write them into HTTP_PROXY, http://USER:PASSWORD@HOST:PORT';
  if (status === 412) return 'the object has been replaced';
  if (status === 416) return 'the object is shorter than the part asked for';
  if (status >= 400) return `${endpoint} does not understand the request; is it an S3 server?`;
  if (status >= 300) return `${endpoint} redirects; name the server it redirects to as the endpoint`;
  return `${endpoint} answered with something that is not S3's XML`;
}

/** What the server's Date header says of the two clocks. */
function clocks(headers: Refused['headers']): string {
  const aheadMs = serverAheadMs(headers);
  if (aheadMs === undefined)
    return 'the server does not accept the date of the request; is the clock of this computer right?';
  const off = Math.round(Math.abs(aheadMs) / 60_000);
  return off === 0
    ? "the server does not accept the date of the request, although this computer's clock agrees with its own"
    : `this computer's clock is ${off} min ${aheadMs > 0 ? 'behind' : 'ahead of'} the server's` +
        (isBelieved(aheadMs) ? '' : ', more than a day: set it');
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

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function textHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
