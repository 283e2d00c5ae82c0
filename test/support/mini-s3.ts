/**
 * The least that answers like an S3 server, for tests of what goes over the wire: objects in memory,
 * ListObjectsV2 with pages, GET with Range and If-Match, one known access key. `intercept` may answer a
 * request in any wrong way instead.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { compareKeys } from '#platform/s3/key-order.js';

export const MINI_KEYS = { accessKeyId: 'MINIKEY', secretAccessKey: 'minisecret' } as const;
export const MINI_BUCKET = 'flatfiles';

export interface MiniS3 {
  readonly endpoint: string;
  readonly requests: readonly string[];
  put(key: string, bytes: Uint8Array): void;
  /** Return true where the request has been dealt with. */
  intercept: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
  openConnections(): number;
  close(): Promise<void>;
}

export async function startMiniS3(): Promise<MiniS3> {
  const objects = new Map<string, { bytes: Uint8Array; modified: Date }>();
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mini');
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    if (mini.intercept(request, response, url)) return;
    const key = decodeURIComponent(url.pathname).slice(`/${MINI_BUCKET}/`.length);
    const authorization = request.headers.authorization ?? '';
    if (!authorization.includes(`Credential=${MINI_KEYS.accessKeyId}/`)) {
      error(response, 403, 'InvalidAccessKeyId');
    } else if (!url.pathname.startsWith(`/${MINI_BUCKET}`)) error(response, 404, 'NoSuchBucket');
    else if (key === '') list(response, url);
    else get(request, response, key);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  function list(response: ServerResponse, url: URL): void {
    const prefix = url.searchParams.get('prefix') ?? '';
    const after = url.searchParams.get('continuation-token') ?? '';
    const size = Number(url.searchParams.get('max-keys') ?? 1000);
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
    const rest = keys.filter((key) => after === '' || compareKeys(key, after) > 0);
    const page = rest.slice(0, size);
    const truncated = rest.length > page.length;
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      listingXml(
        page.map((key) => contentsXml(key)).join(''),
        page.length,
        truncated ? page.at(-1) : undefined,
      ),
    );
  }

  function contentsXml(key: string): string {
    const object = objects.get(key);
    return `<Contents><Key>${escapeXml(key)}</Key><LastModified>${object?.modified.toISOString()}</LastModified><ETag>&quot;${md5(object?.bytes)}&quot;\n</ETag><Size>${object?.bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  }

  function get(request: IncomingMessage, response: ServerResponse, key: string): void {
    const object = objects.get(key);
    if (object === undefined) return void error(response, 404, 'NoSuchKey');
    const etag = `"${md5(object.bytes)}"`;
    if (![undefined, etag].includes(request.headers['if-match']))
      return void error(response, 412, 'PreconditionFailed');
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    if (start > 0 && start >= object.bytes.length) return void error(response, 416, 'InvalidRange');
    const size = object.bytes.length;
    const end = Math.min(size, Number(range?.[2] || size - 1) + 1);
    response.writeHead(range === null ? 200 : 206, {
      etag,
      'content-length': end - start,
      'last-modified': object.modified.toUTCString(),
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    });
    response.end(object.bytes.subarray(start, end));
  }

  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  const mini: MiniS3 = {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    put: (key, bytes) => {
      objects.set(key, { bytes, modified: new Date(Math.floor(Date.now() / 1000) * 1000) });
    },
    intercept: () => false,
    openConnections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return mini;
}

/** A page of a listing; truncated where there is a token. */
export function listingXml(contents: string, keyCount: number, nextToken?: string): string {
  const more =
    nextToken === undefined ? '' : `<NextContinuationToken>${escapeXml(nextToken)}</NextContinuationToken>`;
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${MINI_BUCKET}</Name>${more}<IsTruncated>${nextToken !== undefined}</IsTruncated>${contents}<KeyCount>${keyCount}</KeyCount></ListBucketResult>`;
}

export function error(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message></Message></Error>`);
}

function md5(bytes: Uint8Array = new Uint8Array()): string {
  return createHash('md5').update(bytes).digest('hex');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
