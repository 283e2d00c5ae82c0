/**
 * Checks AWS Signature Version 4 on requests, in the Authorization header or, presigned, in the query
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html). It recomputes the
 * signature and compares; a request without one is refused like any other stranger's.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Credentials } from '#sandbox/options.js';

/** How far a signature's date may be from the clock: 15 minutes, in ms. */
const MAX_SKEW_MS = 15 * 60_000;
const ALGORITHM = 'AWS4-HMAC-SHA256';

/** An S3 error code; all of them are sent with status 403. */
export type Refusal =
  | 'AccessDenied'
  | 'InvalidAccessKeyId'
  | 'RequestTimeTooSkewed'
  | 'SignatureDoesNotMatch';

interface Claim {
  readonly accessKeyId: string;
  /** date, region, service */
  readonly scope: readonly [string, string, string];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20261120T165850Z` */
  readonly timestamp: string;
  readonly payloadHash: string;
  /** Seconds that a presigned URL holds. */
  readonly expires: number | undefined;
}

/** undefined: the request is signed with these credentials. Without a `clock` its date is not checked. */
export function checkSignature(
  request: IncomingMessage,
  credentials: Credentials,
  clock: (() => Date) | undefined,
): Refusal | undefined {
  const parameters = parseQuery(splitOnce(request.url ?? '/', '?')[1] ?? '');
  const claim = claimOfHeader(request) ?? claimOfQuery(parameters);
  if (claim === undefined) return 'AccessDenied';
  if (claim.accessKeyId !== credentials.accessKeyId) return 'InvalidAccessKeyId';
  const skew = clock === undefined ? undefined : checkDate(claim, clock());
  if (skew !== undefined) return skew;
  const expected = Buffer.from(signatureOf(request, parameters, claim, credentials.secretAccessKey));
  const given = Buffer.from(claim.signature);
  return expected.length === given.length && timingSafeEqual(expected, given)
    ? undefined
    : 'SignatureDoesNotMatch';
}

function checkDate(claim: Claim, now: Date): Refusal | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(claim.timestamp) ?? [];
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signed)) return 'AccessDenied';
  const age = now.getTime() - signed;
  if (claim.expires !== undefined)
    return age > claim.expires * 1000 || age < -MAX_SKEW_MS ? 'AccessDenied' : undefined;
  return Math.abs(age) > MAX_SKEW_MS ? 'RequestTimeTooSkewed' : undefined;
}

function claimOfHeader(request: IncomingMessage): Claim | undefined {
  const header = request.headers.authorization;
  if (header === undefined || !header.startsWith(ALGORITHM)) return undefined;
  const fields = new Map(
    header
      .slice(ALGORITHM.length)
      .split(',')
      .map((field) => splitOnce(field.trim(), '=')),
  );
  return claim(fields.get('Credential'), fields.get('SignedHeaders'), fields.get('Signature'), {
    timestamp: headerText(request, 'x-amz-date'),
    payloadHash: headerText(request, 'x-amz-content-sha256') || sha256(''),
    expires: undefined,
  });
}

function claimOfQuery(parameters: readonly Parameter[]): Claim | undefined {
  const field = (name: string) => parameters.find((parameter) => parameter.name === name)?.value;
  if (field('X-Amz-Algorithm') !== ALGORITHM) return undefined;
  return claim(field('X-Amz-Credential'), field('X-Amz-SignedHeaders'), field('X-Amz-Signature'), {
    timestamp: field('X-Amz-Date') ?? '',
    payloadHash: 'UNSIGNED-PAYLOAD',
    expires: Number(field('X-Amz-Expires') ?? Number.NaN),
  });
}

function claim(
  credential: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
  rest: Pick<Claim, 'timestamp' | 'payloadHash' | 'expires'>,
): Claim | undefined {
  const [accessKeyId, date, region, service] = credential?.split('/') ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature) return undefined;
  return {
    accessKeyId,
    scope: [date, region, service],
    signedHeaders: signedHeaders.split(';'),
    signature,
    ...rest,
  };
}

function signatureOf(
  request: IncomingMessage,
  parameters: readonly Parameter[],
  claim: Claim,
  secret: string,
): string {
  const canonicalQuery = parameters
    .filter((parameter) => parameter.name !== 'X-Amz-Signature')
    .map(({ name, value }) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const canonicalPath = splitOnce(request.url ?? '/', '?')[0]
    .split('/')
    .map((segment) => encode(decode(segment)))
    .join('/');
  const headers = claim.signedHeaders.map((name) => `${name}:${headerText(request, name)}\n`).join('');
  const canonical = [
    ...[request.method ?? 'GET', canonicalPath, canonicalQuery, headers],
    ...[claim.signedHeaders.join(';'), claim.payloadHash],
  ].join('\n');
  const scope = [...claim.scope, 'aws4_request'];
  const text = [ALGORITHM, claim.timestamp, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce((above: string | Buffer, part) => hmac(above, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** The decoded parameters of a raw query string, in its order. */
export function parseQuery(query: string): Parameter[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name, value = ''] = splitOnce(part, '=');
      return { name: decode(name), value: decode(value) };
    });
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function headerText(request: IncomingMessage, name: string): string {
  const values = request.headersDistinct[name] ?? [];
  return values.map((value) => value.trim().replace(/ +/g, ' ')).join(',');
}

/** Percent-decodes; text that is not well encoded stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 3986: all but letters, digits, `-`, `.`, `_` and `~` become %XX. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
