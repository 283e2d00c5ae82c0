/**
 * The benchmark's server, a process of its own: makes the days once, as the sandbox's market at full size and gzip level 6 like a vendor's,
 * keeps them in memory and serves them on loopback, through the sandbox's real S3 server (signatures checked) and, for the
 * baseline, through a plain one that asks for none. The same objects are written to a folder for DuckDB. Lives as long as its parent.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { dayText } from '#sandbox/market/generator.js';
import { stockDays } from '#sandbox/market/stock-days.js';
import { SANDBOX_CREDENTIALS } from '#sandbox/options.js';
import { createS3Server } from '#sandbox/s3/s3-server.js';
import { BUCKET, keyOf, lastSessions } from './market.js';

const compress = promisify(gzip);
const LANES = 4;

const { days, tickers, folder } = JSON.parse(process.argv[2]);
process.on('disconnect', () => process.exit(0));

const market = stockDays({ seed: 1, tickers });
const sessions = lastSessions(days);
const objects = new Map();
const totals = { rows: 0, textBytes: 0, bytes: 0 };

async function make(day) {
  const text = dayText(market, day);
  const bytes = await compress(text, { level: 6 });
  for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) totals.rows++;
  totals.rows--;
  totals.textBytes += text.length;
  totals.bytes += bytes.length;
  const etag = createHash('md5').update(bytes).digest('hex');
  const facts = { key: keyOf(day), size: bytes.length, etag, lastModified: market.publishedAt(day) };
  objects.set(facts.key, { facts, content: bytes });
  writeFileSync(path.join(folder, `${day}.csv.gz`), bytes);
}

mkdirSync(folder, { recursive: true });
const waiting = [...sessions];
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let day = waiting.shift(); day !== undefined; day = waiting.shift()) await make(day);
  }),
);

const keys = [...objects.keys()].sort();
const changeless = () => {
  throw new Error('the objects of the benchmark do not change');
};
const s3 = createS3Server({
  bucket: {
    keys: () => keys,
    describe: async (key) => objects.get(key)?.facts,
    read: async (key) => objects.get(key),
    has: (key) => objects.has(key),
    denies: () => false,
    replace: changeless,
    remove: changeless,
  },
  bucketName: BUCKET,
  credentials: SANDBOX_CREDENTIALS,
  pageSize: 1000,
  clock: undefined,
  faults: undefined,
});
const plain = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const object = objects.get(request.url.slice(1));
  response.writeHead(object === undefined ? 404 : 200, { 'Content-Length': object?.content.length ?? 0 });
  response.end(object?.content);
});

async function portOf(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

const s3Port = await portOf(s3.http);
const plainPort = await portOf(plain);
process.send({ s3Port, plainPort, credentials: SANDBOX_CREDENTIALS, totals });
