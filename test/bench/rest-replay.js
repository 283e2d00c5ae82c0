/**
 * A server for bench:rest that gives again what the sandbox answered when it was asked the same before, compressed as it came, after the latency: to
 * make a market's statements costs more than to load them, and is not what is measured. Arguments: the sandbox's endpoint, milliseconds, a folder.
 * Prints its own endpoint.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { Agent, createServer, get } from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [endpoint, latency, folder] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const HEADERS = ['content-type', 'content-encoding'];

/** What the sandbox says, the links in it with the host that is asked here. */
function ask(url, { host, authorization }) {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization, 'accept-encoding': 'gzip' };
    get(`${endpoint}${url}`, { agent, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const kept = HEADERS.flatMap((name) =>
          name in answer.headers ? [[name, answer.headers[name]]] : [],
        );
        resolve({
          status: answer.statusCode,
          headers: Object.fromEntries(kept),
          body: Buffer.concat(chunks),
        });
      });
    }).on('error', reject);
  });
}

async function answerTo(url, headers) {
  const file = path.join(folder, createHash('sha256').update(url).digest('hex'));
  if (existsSync(`${file}.json`))
    return { ...JSON.parse(readFileSync(`${file}.json`, 'utf8')), body: await readFile(file) };
  const { body, ...head } = await ask(url, headers);
  if (head.status === 200) {
    await writeFile(file, body);
    await writeFile(`${file}.new`, JSON.stringify(head));
    await rename(`${file}.new`, `${file}.json`);
  }
  return { ...head, body };
}

const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  try {
    const [{ status, headers, body }] = await Promise.all([
      answerTo(request.url, request.headers),
      pause(Number(latency)),
    ]);
    response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
