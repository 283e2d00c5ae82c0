/**
 * An S3 server for tests of whoever fills a bucket: objects in memory, LIST, GET with Range, HEAD, PUT with
 * `If-None-Match: *`, multipart uploads (which overwrite, as on the real ones), DELETE. Signatures are not
 * looked at. `before` may hold a request back; `ignoresConditions` makes a store of no use; what `refuses` is
 * answered as by a store that is full.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface StoreServer {
  readonly endpoint: string;
  /** By `bucket/key`. */
  readonly objects: Map<string, Buffer>;
  /** `PUT bucket/key`, in order. */
  readonly requests: readonly string[];
  /** Awaited before a request is carried out. */
  before: (request: string) => Promise<void> | void;
  refuses: (request: string) => boolean;
  ignoresConditions: boolean;
}

/** Closed when the test ends. */
export async function startStore(): Promise<StoreServer> {
  const objects = new Map<string, Buffer>();
  const times = new Map<string, Date>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const requests: string[] = [];
  const put = (name: string, bytes: Buffer): void => {
    objects.set(name, bytes);
    times.set(name, new Date());
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://store');
    const name = decodeURIComponent(url.pathname).slice(1);
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    const line = `${request.method} ${name}`;
    requests.push(line);
    await store.before(line);
    const { searchParams: query } = url;
    const upload = uploads.get(query.get('uploadId') ?? '');
    const refuse = (status: number, code: string): void => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(request.method === 'HEAD' ? '' : `<Error><Code>${code}</Code></Error>`);
    };
    if (store.refuses(line)) return refuse(403, 'QuotaExceeded');
    if (request.method === 'GET' && query.has('list-type')) {
      const prefix = `${name.replace(/\/$/, '')}/${query.get('prefix') ?? ''}`;
      response.end(listing(prefix, objects, times));
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      const bytes = objects.get(name);
      if (bytes === undefined) return refuse(404, 'NoSuchKey');
      const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
      const start = Number(from ?? 0);
      const end = to === undefined || to === '' ? bytes.length : Math.min(bytes.length, Number(to) + 1);
      response.writeHead(from === undefined ? 200 : 206, {
        etag: etagOf(bytes),
        'content-length': end - start,
        ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` }),
      });
      response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start, end));
    } else if (request.method === 'POST' && query.has('uploads')) {
      const id = `upload${uploads.size}`;
      uploads.set(id, new Map());
      response.end(
        `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      );
    } else if (request.method === 'POST' && upload !== undefined) {
      const parts = [...upload].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
      put(name, Buffer.concat(parts));
      response.end('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>');
    } else if (request.method === 'PUT') {
      const md5 = request.headers['content-md5'];
      if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
        return refuse(400, 'BadDigest');
      if (upload !== undefined) upload.set(Number(query.get('partNumber')), body);
      else if (request.headers['if-none-match'] === '*' && objects.has(name) && !store.ignoresConditions)
        return refuse(412, 'PreconditionFailed');
      else put(name, body);
      response.writeHead(200, { etag: etagOf(body) });
      response.end();
    } else if (request.method === 'DELETE') {
      objects.delete(name);
      response.writeHead(204);
      response.end();
    } else refuse(400, 'InvalidRequest');
  };
  const server = createServer((request, response) => void serve(request, response));
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const store: StoreServer = {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    requests,
    before: () => undefined,
    refuses: () => false,
    ignoresConditions: false,
  };
  return store;
}

function listing(
  prefix: string,
  objects: ReadonlyMap<string, Buffer>,
  times: ReadonlyMap<string, Date>,
): string {
  const bucket = prefix.slice(0, prefix.indexOf('/'));
  const found = [...objects].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  const contents = found.map(
    ([name, bytes]) =>
      `<Contents><Key>${encodeURIComponent(name.slice(bucket.length + 1))}</Key><LastModified>${(times.get(name) ?? new Date()).toISOString()}</LastModified>` +
      `<ETag>${etagOf(bytes).replaceAll('"', '&quot;')}</ETag><Size>${bytes.length}</Size></Contents>`,
  );
  return `<ListBucketResult><Name>${bucket}</Name><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${contents.join('')}<KeyCount>${found.length}</KeyCount></ListBucketResult>`;
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
