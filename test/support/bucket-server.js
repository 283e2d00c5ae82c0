// An S3 server of a folder's files, for tests of readers that wait for it synchronously: in a process of its own. Lists, and answers GETs with
// ranges; knows nothing of keys. Tells its port, then every request, as messages.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const [root] = process.argv.slice(2);
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const etagOf = (bytes) => createHash('md5').update(bytes).digest('hex');

function listing(bucket, prefix) {
  const folder = path.join(root, bucket);
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const contents = files
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((key) => key.startsWith(prefix))
    .sort()
    .map((key) => {
      const bytes = readFileSync(path.join(folder, key));
      return `<Contents><Key>${escaped(key)}</Key><ETag>&quot;${etagOf(bytes)}&quot;</ETag><Size>${bytes.length}</Size></Contents>`;
    });
  return `<?xml version="1.0"?><ListBucketResult><Name>${bucket}</Name><IsTruncated>false</IsTruncated>${contents.join('')}<KeyCount>${contents.length}</KeyCount></ListBucketResult>`;
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, bucket = '', ...names] = decodeURIComponent(url.pathname).split('/');
  const key = names.join('/');
  process.send?.({
    bucket,
    key,
    prefix: url.searchParams.get('prefix'),
    range: request.headers.range,
  });
  if (key === '') return void response.end(listing(bucket, url.searchParams.get('prefix') ?? ''));
  const file = path.join(root, bucket, key);
  if (!existsSync(file)) {
    response.writeHead(404, { 'content-type': 'application/xml' });
    return void response.end('<Error><Code>NoSuchKey</Code></Error>');
  }
  const bytes = readFileSync(file);
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) {
    response.writeHead(200, { etag: `"${etagOf(bytes)}"`, 'content-length': bytes.length });
    return void response.end(bytes);
  }
  const start = Number(from);
  const end = Math.min(bytes.length, to === '' ? bytes.length : Number(to) + 1);
  if (start >= bytes.length) return void response.writeHead(416).end();
  response.writeHead(206, {
    'content-range': `bytes ${start}-${end - 1}/${bytes.length}`,
    'content-length': end - start,
  });
  response.end(bytes.subarray(start, end));
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit());
