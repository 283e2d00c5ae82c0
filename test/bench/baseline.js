/**
 * The least that a Node program can do: GET the objects once, 8 at once over kept-alive connections, without signatures, gunzip each and
 * drop the text. `async` gunzips in libuv's thread pool, `sync` in the main thread.
 */
import http from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { keyOf, lastSessions } from './market.js';

const LANES = 8;
const CHUNK_BYTES = 1 << 20;
const inflate = promisify(gunzip);

const [way, port, days] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: LANES });

function get(day) {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: `/${keyOf(day)}`, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(Buffer.concat(chunks))
          : reject(new Error(`${day}: ${response.statusCode}`)),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

const waiting = lastSessions(Number(days));
let textBytes = 0;
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let day = waiting.shift(); day !== undefined; day = waiting.shift()) {
      const bytes = await get(day);
      const options = { chunkSize: CHUNK_BYTES };
      const text = way === 'sync' ? gunzipSync(bytes, options) : await inflate(bytes, options);
      textBytes += text.length;
    }
  }),
);
agent.destroy();
process.stdout.write(JSON.stringify({ textBytes }));
