/**
 * The pages that `quotes import` asks for, fetched by plain Node, so many days at once, and dropped; with `parse` each goes through JSON.parse first.
 * Arguments: URL, symbol, first and last day, days at once, `drop` or `parse`.
 */
import http from 'node:http';
import { boundsOf, quoteDays } from '../../dist/market/quotes/day.js';
import { before, stampOf } from '../../dist/vendors/alpaca/timestamp.js';

const [url, symbol, start, end, workers, how] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(workers) });
const headers = {
  'APCA-API-KEY-ID': process.env.APCA_API_KEY_ID,
  'APCA-API-SECRET-KEY': process.env.APCA_API_SECRET_KEY,
};
const days = [...quoteDays(start, end, 'sip')];
let [pages, bytes, quotes] = [0, 0, 0];

function get(path) {
  return new Promise((resolve, reject) => {
    const request = http.get(`${url}${path}`, { agent, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks)));
      answer.on('error', reject);
    });
    request.on('error', reject);
  });
}

async function work() {
  for (let day = days.shift(); day !== undefined; day = days.shift()) {
    const { fromNs, toNs } = boundsOf(day);
    const query = new URLSearchParams({ start: stampOf(fromNs), end: stampOf(before(toNs)), limit: '10000' });
    let token = null;
    do {
      if (token !== null) query.set('page_token', token);
      const page = await get(`/v2/stocks/${symbol}/quotes?${query}`);
      pages++;
      bytes += page.length;
      if (how === 'parse') quotes += JSON.parse(page.toString()).quotes?.length ?? 0;
      const tail = page.toString('latin1', page.lastIndexOf('"next_page_token"'));
      token = JSON.parse(`{${tail}`).next_page_token;
    } while (token !== null);
  }
}

await Promise.all(Array.from({ length: Number(workers) }, work));
agent.destroy();
process.stdout.write(JSON.stringify({ pages, bytes, quotes }));
