/**
 * The usual way in Node: for each day GET, pipe through gunzip and csv-parse, pick the tracked tickers' rows, and write their files at
 * the end. Nothing is verified and nothing kept. Takes one day in `step`, since it is slow.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { keyOf, lastSessions, TRACKED } from './market.js';

const LANES = 8;
const [port, days, step, folder] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: LANES });
const tracked = new Set(TRACKED);
const histories = new Map();

function open(day) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: `/${keyOf(day)}`, agent }, resolve).on('error', reject);
  });
}

async function take(day) {
  const rows = (await open(day)).pipe(createGunzip()).pipe(parse({ columns: true }));
  for await (const row of rows) {
    if (!tracked.has(row.ticker)) continue;
    const line = `${day},${row.open},${row.high},${row.low},${row.close},${row.volume}`;
    const history = histories.get(row.ticker);
    if (history === undefined) histories.set(row.ticker, [line]);
    else history.push(line);
  }
}

const waiting = lastSessions(Number(days)).filter((_, i) => i % Number(step) === 0);
const taken = waiting.length;
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let day = waiting.shift(); day !== undefined; day = waiting.shift()) await take(day);
  }),
);
mkdirSync(folder, { recursive: true });
let rows = 0;
for (const [ticker, lines] of histories) {
  rows += lines.length;
  writeFileSync(
    path.join(folder, `${encodeURIComponent(ticker)}.csv`),
    `Date,Open,High,Low,Close,Volume\n${lines.sort().join('\n')}\n`,
  );
}
agent.destroy();
process.stdout.write(JSON.stringify({ days: taken, tickers: histories.size, rows }));
