/**
 * How each fault looks on the wire. What leaves the connection usable is an altered reply; what does not (resets, cuts, stalls, drips) is
 * written to the socket by hand, since an HTTP server would not let it out. Timers stop when the socket closes.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FaultHit } from './faults.js';
import { type Reply, sendReply } from './reply.js';

const DRIP_BYTES = 16;
const DRIP_INTERVAL_MS = 250;
const LINE_END = 10;
const SIGN_IN_PAGE = Buffer.from('<!doctype html><title>Sign in</title><p>Please sign in to continue.\n');

export type ErrorReply = (status: number, code: string, message: string) => Reply;

/** Sends `reply` spoilt by `hit`. `errorReply` makes the S3 error document of a code. */
export function deliverFault(
  response: ServerResponse,
  reply: Reply,
  hit: FaultHit,
  withoutBody: boolean,
  errorReply: ErrorReply,
): void {
  const altered = alteredReply(reply, hit, errorReply);
  if (altered !== undefined) sendReply(response, altered, withoutBody);
  else if (response.socket !== null) breakOff(response.socket, reply, hit.kind);
}

/** What is sent in the place of the reply; undefined where the fault lies in how it is sent. */
function alteredReply(reply: Reply, { kind, where }: FaultHit, errorReply: ErrorReply): Reply | undefined {
  const { body } = reply;
  switch (kind) {
    case 'slowdown503':
      return errorReply(503, 'SlowDown', 'Please reduce your request rate.');
    case 'slowdown503-retry-after':
      return withHeader(errorReply(503, 'SlowDown', 'Please reduce your request rate.'), 'Retry-After', '1');
    case 'too-many429':
      return withHeader(errorReply(429, 'TooManyRequests', 'Too many requests.'), 'Retry-After', '1');
    case 'error500':
      return errorReply(500, 'InternalError', 'We encountered an internal error. Please try again.');
    case 'skew403':
      return errorReply(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      );
    case 'expired403':
      return errorReply(403, 'ExpiredToken', 'The provided token has expired.');
    case 'html200':
      return { status: 200, headers: { ...reply.headers, 'Content-Type': 'text/html' }, body: SIGN_IN_PAGE };
    case 'flip':
      return { ...reply, body: flipped(body, where) };
    case 'garbage':
      return { ...reply, body: Buffer.concat([body, Buffer.alloc(64, 'garbage ')]) };
    case 'member-cut':
      return { ...reply, body: firstMember(body) };
    case 'short-length':
      return { ...reply, body: body.subarray(0, Math.max(0, body.length - 1 - (where % 4096))) };
    case 'truncated-list':
      return { ...reply, body: firstHalf(body) };
    case 'replaced':
      return reply;
    default:
      return undefined;
  }
}

/** Sends some of the reply and leaves the connection useless. */
function breakOff(socket: Socket, reply: Reply, kind: FaultHit['kind']): void {
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

function withHeader(reply: Reply, name: string, value: string): Reply {
  return { ...reply, headers: { ...reply.headers, [name]: value } };
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

function flipped(body: Uint8Array, where: number): Uint8Array {
  if (body.length === 0) return body;
  const damaged = Uint8Array.from(body);
  const at = where % body.length;
  damaged[at] = (damaged[at] ?? 0) ^ (1 << (where >>> 29));
  return damaged;
}

/** The gzip of the first half of the text, up to a line's end; the bytes as they are where they are no gzip. */
function firstMember(body: Uint8Array): Uint8Array {
  try {
    const text = gunzipSync(body);
    return gzipSync(text.subarray(0, text.lastIndexOf(LINE_END, text.length >> 1) + 1), { level: 1 });
  } catch {
    return body;
  }
}
