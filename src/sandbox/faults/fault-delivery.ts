/**
 * How each fault looks to a client. What leaves the connection usable is an altered reply; what does not
 * (resets, cuts, stalls, drips) is written to the socket by hand, since an HTTP server would not let it out.
 * Timers stop when the socket closes.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Reply, sendReply } from '#sandbox/s3/reply.js';
import { flipped, forged, wholeMembers } from './broken-gzip.js';
import type { FaultHit } from './faults.js';
import { spoiltListing } from './listing-faults.js';

const DRIP_BYTES = 16;
const DRIP_INTERVAL_MS = 250;
const SIGN_IN_PAGE = Buffer.from('<!doctype html><title>Sign in</title><p>Please sign in to continue.\n');
const GATEWAY_PAGE = Buffer.from(
  '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>\n',
);
/** Where a redirect leads: nobody's host (RFC 2606). */
const ELSEWHERE = 'http://elsewhere.invalid/';
/** Retry-Afters that say no wait. */
const NO_WAITS = ['-1', '-86400', 'soon', '', '0x10', 'Thu, 01 Jan 1970 00:00:00 GMT'];
/** What no HTTP parser takes. */
const NO_HEADS = [
  'SSH-2.0-OpenSSH_9.2\r\n\r\n',
  'HTTP/1.1 two hundred\r\n\r\n',
  'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello',
  `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
];
const ENDLESS = oneChunk(Buffer.alloc(64 * 1024, ' '));
const TAG_BEGIN = 60;
const TAG_END = 62;

export type ErrorReply = (status: number, code: string, message: string) => Reply;

export interface ReplySpoilt {
  readonly reply: Reply;
  readonly hit: FaultHit;
  readonly withoutBody: boolean;
  /** Makes the server's error document of a code. */
  readonly errorReply: ErrorReply;
}

/** Only a good answer can be spoilt: a 404 stays one. But for faults that need no object to spoil. */
export function canSpoil({ kind }: FaultHit, status: number): boolean {
  return (
    status < 300 ||
    /^(slowdown503|error500|gateway502|too-many429|redirect|skew403|expired403|html200|stall-head|hang-up|garbled)/.test(
      kind,
    )
  );
}

/** Sends `reply` spoilt by `hit`. */
export function deliverFault(
  response: ServerResponse,
  { reply, hit, withoutBody, errorReply }: ReplySpoilt,
): void {
  const altered = alteredReply(reply, hit, errorReply);
  if (altered !== undefined) sendReply(response, altered, withoutBody);
  else if (response.socket !== null) breakOff(response.socket, reply, hit);
}

/** What is sent in the place of the reply; undefined where the fault lies in how it is sent. */
function alteredReply(reply: Reply, { kind, where }: FaultHit, errorReply: ErrorReply): Reply | undefined {
  const { body } = reply;
  const slowDown = (retryAfter?: string): Reply => {
    const refusal = errorReply(503, 'SlowDown', 'Please reduce your request rate.');
    return retryAfter === undefined ? refusal : withHeaders(refusal, { 'Retry-After': retryAfter });
  };
  switch (kind) {
    case 'slowdown503':
      return slowDown();
    case 'slowdown503-retry-after':
      return slowDown('1');
    case 'slowdown503-date':
      return slowDown(new Date(Date.now() + 2000).toUTCString());
    case 'slowdown503-nonsense':
      return slowDown(NO_WAITS[where % NO_WAITS.length]);
    case 'slowdown503-tomorrow':
      return slowDown('86400');
    case 'too-many429':
      return withHeaders(errorReply(429, 'TooManyRequests', 'Too many requests.'), { 'Retry-After': '1' });
    case 'error500':
      return errorReply(500, 'InternalError', 'We encountered an internal error. Please try again.');
    case 'gateway502':
      return { status: 502, headers: { 'Content-Type': 'text/html' }, body: GATEWAY_PAGE };
    case 'error200':
      return { ...errorReply(200, 'InternalError', 'We encountered an internal error. Please try again.') };
    case 'redirect301':
      return withHeaders(errorReply(301, 'PermanentRedirect', 'Use another endpoint.'), {
        Location: ELSEWHERE,
      });
    case 'redirect307':
      return withHeaders(errorReply(307, 'TemporaryRedirect', 'Please re-send this request elsewhere.'), {
        Location: ELSEWHERE,
      });
    case 'skew403':
      return errorReply(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      );
    case 'expired403':
      return errorReply(403, 'ExpiredToken', 'The provided token has expired.');
    case 'denied403':
      return errorReply(403, 'AccessDenied', 'Access Denied');
    case 'gone404':
      return errorReply(404, 'NoSuchKey', 'The specified key does not exist.');
    case 'html200':
      return { status: 200, headers: { ...reply.headers, 'Content-Type': 'text/html' }, body: SIGN_IN_PAGE };
    case 'flip':
      return { ...reply, body: flipped(body, where) };
    case 'forged':
      return { ...reply, body: forged(body) };
    case 'garbage':
      return { ...reply, body: Buffer.concat([body, Buffer.alloc(64, 'garbage ')]) };
    case 'padding':
      return { ...reply, body: Buffer.concat([body, Buffer.alloc(64)]) };
    case 'member-cut':
      return { ...reply, body: wholeMembers(body, where) };
    case 'short-length':
      return { ...reply, body: body.subarray(0, Math.max(0, body.length - 1 - (where % 4096))) };
    case 'odd-etag':
    case 'multipart-etag':
      if (reply.headers['ETag'] !== undefined)
        return withHeaders(reply, { ETag: oddEtag(kind, reply.headers['ETag']) });
      return { ...reply, body: Buffer.from(spoiltListing(kind, text(body), where)) };
    case 'truncated-list':
    case 'list-loop':
    case 'list-endless':
    case 'list-no-token':
    case 'list-doubles':
    case 'list-foreign':
    case 'list-unsorted':
    case 'list-lacking':
    case 'list-huge':
    case 'list-no-size':
      return { ...reply, body: Buffer.from(spoiltListing(kind, text(body), where)) };
    case 'replaced':
      return reply;
    default:
      return undefined;
  }
}

/** Sends some of the reply and leaves the connection useless. */
function breakOff(socket: Socket, reply: Reply, { kind, where }: FaultHit): void {
  const { body } = reply;
  const announced = { 'Content-Length': String(body.length) };
  const end = () => socket.end();
  switch (kind) {
    case 'reset':
      writeRaw(socket, head(reply, announced), firstHalf(body), () => socket.resetAndDestroy());
      break;
    case 'fin':
      writeRaw(socket, head(reply, announced), firstHalf(body), end);
      break;
    case 'cut':
      writeRaw(socket, head(reply, { 'Transfer-Encoding': 'chunked' }), oneChunk(firstHalf(body)), end);
      break;
    case 'close-cut':
      writeRaw(socket, head(reply, { Connection: 'close' }), firstHalf(body), end);
      break;
    case 'long-length':
      writeRaw(socket, head(reply, { 'Content-Length': String(body.length + 100) }), body, end);
      break;
    case 'hang-up':
      end();
      break;
    case 'garbled':
      socket.end(NO_HEADS[where % NO_HEADS.length] ?? '');
      break;
    case 'bare':
      writeRaw(
        socket,
        head(withoutVersion(reply), { 'Transfer-Encoding': 'chunked' }),
        Buffer.concat([oneChunk(body), Buffer.from('0\r\n\r\n')]),
        end,
      );
      break;
    case 'endless':
      writeRaw(socket, head(reply, { 'Transfer-Encoding': 'chunked' }), oneChunk(firstTag(body)), () =>
        pour(socket),
      );
      break;
    case 'stall':
      writeRaw(socket, head(reply, announced), firstHalf(body), () => undefined);
      break;
    case 'drip':
      writeRaw(socket, head(reply, announced), new Uint8Array(0), () => drip(socket, body));
      break;
  }
}

function firstHalf(body: Uint8Array): Uint8Array {
  return body.subarray(0, body.length >> 1);
}

function withHeaders(reply: Reply, headers: Readonly<Record<string, string>>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function withoutVersion(reply: Reply): Reply {
  const { ETag: _etag, 'Last-Modified': _lastModified, ...headers } = reply.headers;
  return { ...reply, headers };
}

function oddEtag(kind: 'odd-etag' | 'multipart-etag', etag: string): string {
  return kind === 'odd-etag' ? `W/${etag}` : etag.replace(/"$/, '-2"');
}

function text(body: Uint8Array): string {
  return Buffer.from(body).toString();
}

/** An XML document's beginning, behind which white space may stand; half of any other body. */
function firstTag(body: Uint8Array): Uint8Array {
  const from = body.indexOf(TAG_END, body.indexOf(TAG_END) + 1);
  return body[0] === TAG_BEGIN ? body.subarray(0, from + 1) : firstHalf(body);
}

/** Chunks until the other side has had enough. */
function pour(socket: Socket): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(ENDLESS)) {}
  };
  socket.on('drain', more);
  more();
}

function head(reply: Reply, framing: Record<string, string>): string {
  const headers = Object.entries({ ...reply.headers, ...framing }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 ${reply.status} ${reply.status === 206 ? 'Partial Content' : 'OK'}\r\n${headers.join('')}\r\n`;
}

function oneChunk(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** `then` runs once all is handed to the operating system. */
function writeRaw(socket: Socket, head: string, body: Uint8Array, then: () => void): void {
  socket.write(head);
  socket.write(body, (error) => {
    if (!error) then();
  });
}

function drip(socket: Socket, body: Uint8Array): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at >= body.length) clearInterval(timer);
    else socket.write(body.subarray(at, at + DRIP_BYTES));
    at += DRIP_BYTES;
  }, DRIP_INTERVAL_MS);
  socket.once('close', () => clearInterval(timer));
}
