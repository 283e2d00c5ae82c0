/**
 * Transfer and JSON.parse alone, for bench:rest: the pages of every target, eight targets at a time, gzip, over kept connections; what was
 * parsed is dropped. Arguments: endpoint, key, file with the targets as JSON. Prints requests, records and bytes of text as JSON.
 */
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import pLimit from 'p-limit';

const [endpoint, key, file] = process.argv.slice(2);
const targets = JSON.parse(readFileSync(file, 'utf8'));
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const inflate = promisify(gunzip);
const totals = { requests: 0, records: 0, bytes: 0 };

function page(url) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'accept-encoding': 'gzip' };
    get(url, { agent, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        if (answer.statusCode !== 200) reject(new Error(`${url}: HTTP ${answer.statusCode} ${body}`));
        else if (answer.headers['content-encoding'] === 'gzip') inflate(body).then(resolve, reject);
        else resolve(body);
      });
    }).on('error', reject);
  });
}

async function list(target) {
  for (let url = `${endpoint}${target}`; url !== undefined; ) {
    const text = (await page(url)).toString('utf8');
    const { results = [], next_url: next } = JSON.parse(text);
    totals.requests++;
    totals.records += results.length;
    totals.bytes += text.length;
    url = next;
  }
}

const limit = pLimit(8);
await Promise.all(targets.map((target) => limit(() => list(target))));
agent.destroy();
console.log(JSON.stringify(totals));
