/**
 * An S3-compatible server over a bucket, read-only: GET, HEAD, ranges, If-Match, If-None-Match, ListObjectsV2
 * (and the older form), path style, signatures really checked, errors as S3's XML. Semantics follow
 * https://docs.aws.amazon.com/AmazonS3/latest/API/.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { canSpoil, deliverFault } from '#sandbox/faults/fault-delivery.js';
import type { FaultOperation } from '#sandbox/faults/fault-kinds.js';
import { createFaultPicker, type FaultPlan } from '#sandbox/faults/faults.js';
import type { Credentials } from '#sandbox/options.js';
import type { Bucket, ObjectFacts } from './bucket.js';
import { listPage, type PageRequest } from './list-page.js';
import { bodyLength, inMemory, type Reply, sendReply } from './reply.js';
import { createRequestLog, type RequestLogbook } from './request-log.js';
import { bucketsXml, errorXml, listingXml, locationXml } from './s3-xml.js';
import { checkSignature, decode, parseQuery } from './signature.js';

const EMPTY = new Uint8Array(0);

const REFUSALS = {
  AccessDenied: 'Access Denied',
  InvalidAccessKeyId: 'The AWS access key Id you provided does not exist in our records.',
  RequestTimeTooSkewed: 'The difference between the request time and the current time is too large.',
  SignatureDoesNotMatch:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
} as const;

export interface S3ServerOptions {
  readonly bucket: Bucket;
  readonly bucketName: string;
  readonly credentials: Credentials;
  readonly pageSize: number;
  readonly clock: (() => Date) | undefined;
  readonly faults: FaultPlan | undefined;
}

export interface S3Server {
  /** Not listening yet. */
  readonly http: Server;
  readonly log: RequestLogbook;
  setFaults(plan: FaultPlan | undefined): void;
}

export function createS3Server(options: S3ServerOptions): S3Server {
  const { bucket, bucketName, credentials, clock } = options;
  const log = createRequestLog();
  let pickFault = createFaultPicker(options.faults);
  let requestNumber = 0;

  const http = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (clock !== undefined) response.setHeader('Date', clock().toUTCString());
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    answer(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendReply(response, refuse({ path: '', requestId: '' }, 500, 'InternalError', message), false);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requestNumber += 1;
    const requestId = requestNumber.toString(16).toUpperCase().padStart(16, '0');
    const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const [name = '', ...rest] = path.slice(1).split('/');
    const asked: Asked = {
      request,
      requestId,
      path,
      bucketName: decode(name),
      key: decode(rest.join('/')),
      query: new Map(parseQuery(query).map((parameter) => [parameter.name, parameter.value])),
    };
    const withoutBody = request.method === 'HEAD';
    const refusal = checkSignature(request, credentials, clock);
    const operation = refusal === undefined ? operationOf(asked) : undefined;
    const subject = operation === 'list' ? (asked.query.get('prefix') ?? '') : asked.key;
    const hit = operation && pickFault(operation, subject);
    if (hit?.kind === 'replaced' && !bucket.denies(asked.key) && bucket.has(asked.key))
      bucket.replace(asked.key, 'recompressed');
    const reply =
      refusal === undefined ? await replyTo(asked) : refuse(asked, 403, refusal, REFUSALS[refusal]);
    log.add(
      { operation: operation ?? 'other', key: subject, status: reply.status, fault: hit?.kind },
      bodyLength(reply),
    );
    if (response.destroyed) return;
    if (hit === undefined || !canSpoil(hit, reply.status)) return sendReply(response, reply, withoutBody);
    deliverFault(response, {
      reply: await inMemory(reply),
      hit,
      withoutBody,
      errorReply: (status, code, message) => refuse(asked, status, code, message),
    });
  }

  function operationOf({ request, bucketName: name, key, query }: Asked): FaultOperation | undefined {
    if (name !== bucketName) return undefined;
    if (key !== '') return request.method === 'HEAD' ? 'head' : request.method === 'GET' ? 'get' : undefined;
    return request.method === 'GET' && !query.has('location') ? 'list' : undefined;
  }

  async function replyTo(asked: Asked): Promise<Reply> {
    const { request, bucketName: name, key, query } = asked;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      request.resume();
      return refuse(
        asked,
        405,
        'MethodNotAllowed',
        'The specified method is not allowed against this resource.',
      );
    }
    if (name === '') return xml(asked, bucketsXml(bucketName));
    if (name !== bucketName) return refuse(asked, 404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (key !== '') return replyObject(asked);
    if (request.method === 'HEAD')
      return { status: 200, headers: commonHeaders(asked.requestId), body: EMPTY };
    return query.has('location') ? xml(asked, locationXml()) : replyListing(asked);
  }

  async function replyListing(asked: Asked): Promise<Reply> {
    const { query } = asked;
    const versionOne = query.get('list-type') !== '2';
    const wanted = query.get('max-keys') ?? '1000';
    if (!/^\d{1,9}$/.test(wanted))
      return refuse(asked, 400, 'InvalidArgument', 'Argument maxKeys must be an integer');
    const request: PageRequest = {
      prefix: query.get('prefix') ?? '',
      delimiter: query.get('delimiter') ?? '',
      startAfter: query.get(versionOne ? 'marker' : 'start-after') ?? '',
      token: versionOne ? undefined : query.get('continuation-token'),
      maxKeys: Math.min(Number(wanted), options.pageSize),
    };
    try {
      const page = listPage(bucket.keys(), request);
      const described = await Promise.all(page.keys.map((key) => bucket.describe(key)));
      const objects = described.filter((facts) => facts !== undefined);
      const urlEncoded = query.get('encoding-type') === 'url';
      return xml(asked, listingXml({ bucket: bucketName, request, page, objects, urlEncoded, versionOne }));
    } catch (error) {
      if (error instanceof RangeError) return refuse(asked, 400, 'InvalidArgument', error.message);
      throw error;
    }
  }

  async function replyObject(asked: Asked): Promise<Reply> {
    const { key, request } = asked;
    if (bucket.denies(key)) return refuse(asked, 403, 'AccessDenied', REFUSALS.AccessDenied);
    const stored = request.method === 'HEAD' ? undefined : await bucket.read(key);
    const facts = stored?.facts ?? (await bucket.describe(key));
    if (facts === undefined) return refuse(asked, 404, 'NoSuchKey', 'The specified key does not exist.');
    const headers = objectHeaders(facts, asked.requestId);
    if (fails(request.headers['if-match'], facts.etag)) {
      return refuse(
        asked,
        412,
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
      );
    }
    const noneMatch = request.headers['if-none-match'];
    if (noneMatch !== undefined && !fails(noneMatch, facts.etag)) {
      return { status: 304, headers, body: EMPTY };
    }
    const range = parseRange(request.headers.range, facts.size);
    if (range === 'unsatisfiable')
      return refuse(asked, 416, 'InvalidRange', 'The requested range is not satisfiable');
    const { start, end } = range ?? { start: 0, end: facts.size };
    const ranged = range && { 'Content-Range': `bytes ${start}-${end - 1}/${facts.size}` };
    const status = range === undefined ? 200 : 206;
    if (stored === undefined) {
      return {
        status,
        headers: { ...headers, ...ranged, 'Content-Length': String(end - start) },
        body: EMPTY,
      };
    }
    const described = { status, headers: { ...headers, ...ranged } };
    return typeof stored.content === 'string'
      ? { ...described, body: EMPTY, part: { path: stored.content, start, end } }
      : { ...described, body: stored.content.subarray(start, end) };
  }

  return {
    http,
    log,
    setFaults(plan) {
      pickFault = createFaultPicker(plan);
    },
  };
}

interface Asked {
  readonly request: IncomingMessage;
  readonly requestId: string;
  /** As it was sent, escaped. */
  readonly path: string;
  readonly bucketName: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

function commonHeaders(requestId: string): Record<string, string> {
  return { Server: 'barloom-sandbox', 'x-amz-request-id': requestId };
}

function objectHeaders(facts: ObjectFacts, requestId: string): Record<string, string> {
  return {
    ...commonHeaders(requestId),
    'Accept-Ranges': 'bytes',
    'Content-Type': 'application/gzip',
    ETag: `"${facts.etag}"`,
    'Last-Modified': facts.lastModified.toUTCString(),
  };
}

function xml(asked: Asked, document: string): Reply {
  const headers = { ...commonHeaders(asked.requestId), 'Content-Type': 'application/xml' };
  return { status: 200, headers, body: Buffer.from(document) };
}

function refuse(
  { path, requestId }: Pick<Asked, 'path' | 'requestId'>,
  status: number,
  code: string,
  message: string,
): Reply {
  const headers = { ...commonHeaders(requestId), 'Content-Type': 'application/xml' };
  return { status, headers, body: Buffer.from(errorXml(code, message, path, requestId)) };
}

/** Whether a list of ETags, or `*`, leaves out this one. */
function fails(header: string | undefined, etag: string): boolean {
  if (header === undefined || header.trim() === '*') return false;
  return !header.split(',').some((one) => one.trim().replace(/^W\//, '').replaceAll('"', '') === etag);
}

/** One byte range, end exclusive; undefined where there is none or one that RFC 9110 lets a server ignore. */
function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '')
    return Number(last) === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(last)), end: size };
  const start = Number(first);
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}
