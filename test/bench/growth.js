/**
 * npm run bench:growth: how CPU time and peak memory grow with the years of data. A mirror of the sandbox's market lies in a folder (no
 * server is measured); for each length a data folder is begun anew, and every command runs on it as its own process.
 *
 *   npm run bench:growth -- --tickers 300,3000 --years 1,5,10,20
 *
 * Of a market of more than 1,000 tickers every ticker gets a series.
 */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { dayText } from '#sandbox/market/generator.js';
import { stockDays } from '#sandbox/market/stock-days.js';
import { BUCKET, keyOf, LAST_DAY, lastSessions, TRACKED } from './market.js';
import { cleanEnvironment, runNode } from './measure.js';

const BIN = path.resolve(import.meta.dirname, '../../bin/barloom.js');
const SESSIONS_A_YEAR = 251;
/** From so many on, each has a series. */
const MANY = 1000;

const { values } = parseArgs({
  options: {
    tickers: { type: 'string', default: '300,3000' },
    years: { type: 'string', default: '1,5,10,20' },
  },
});
const numbers = (text) => text.split(',').map(Number);
const years = numbers(values.years);
const root = mkdtempSync(path.join(tmpdir(), 'barloom-growth-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
const env = cleanEnvironment(path.join(root, 'home'), { accessKeyId: '', secretAccessKey: '' });

for (const tickers of numbers(values.tickers)) {
  const mirror = path.join(root, `mirror-${tickers}`);
  makeMirror(mirror, tickers, Math.max(...years) * SESSIONS_A_YEAR);
  const figures = [];
  for (const length of years) figures.push(await measured(length, { mirror, tickers }));
  const what = tickers >= MANY ? 'every ticker a series' : '53 tracked';
  console.log(
    `\n${tickers.toLocaleString('en-US')} tickers, ${what}; CPU seconds / peak MB\n\n${table(figures)}`,
  );
  rmSync(mirror, { recursive: true, force: true });
}
console.log(`\nnode ${process.version}, ${process.platform} ${process.arch}`);

function makeMirror(mirror, tickers, count) {
  const market = stockDays({ seed: 1, tickers });
  for (const day of lastSessions(count)) {
    const file = path.join(mirror, BUCKET, keyOf(day));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, gzipSync(dayText(market, day), { level: 1 }));
    const published = market.publishedAt(day);
    utimesSync(file, published, published);
  }
}

/** By command: CPU seconds and peak bytes. */
async function measured(length, { mirror, tickers }) {
  const data = path.join(root, 'data');
  const [start] = lastSessions(length * SESSIONS_A_YEAR);
  const range = `--start ${start} --end ${LAST_DAY} --endpoint file:${mirror}`;
  const all = tickers >= MANY ? '--all-tickers' : '';
  const steps = [
    ['populate', `populate ${range} ${all}`],
    ['rerun', `populate ${range} ${all}`],
    ['nightly', `nightly --endpoint file:${mirror}`],
    ['add', 'add CSCO'],
    ['status', 'status'],
    ['gaps', 'gaps'],
    ['verify', 'verify'],
    ['verify --deep', 'verify --deep'],
    ['rebuild', `rebuild ${all}`],
  ];
  mkdirSync(data);
  if (all === '') writeFileSync(path.join(data, 'stocks.txt'), `${TRACKED.join('\n')}\n`);
  const figures = new Map();
  for (const [name, command] of steps) {
    const args = [BIN, ...command.split(' ').filter(Boolean), '--data-dir', data];
    figures.set(name, await runNode(args, { cwd: root, env, peakFile: path.join(root, 'peak') }));
  }
  rmSync(data, { recursive: true, force: true });
  return figures;
}

/** The last two columns: of the longest, to the shortest, per year and in all. */
function table(figures) {
  const first = figures[0];
  const last = figures.at(-1);
  const longer = years.at(-1) / years[0];
  const head = ['command', ...years.map((n) => `${n} y`), 'CPU a year, ratio', 'peak, ratio'];
  const rows = [...first.keys()].map((name) => [
    name,
    ...figures.map((one) => {
      const { cpuSeconds, peakBytes } = one.get(name);
      return `${cpuSeconds.toFixed(2)} / ${Math.round(peakBytes / 1e6)}`;
    }),
    (last.get(name).cpuSeconds / first.get(name).cpuSeconds / longer).toFixed(2),
    (last.get(name).peakBytes / first.get(name).peakBytes).toFixed(2),
  ]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}
