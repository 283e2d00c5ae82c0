/**
 * npm run bench:rest: `barloom fetch` of ten years of statements, dividends and splits of a whole market, from the sandbox with 50 ms before
 * each answer; beside it transfer and JSON.parse of the same pages alone, and the usual way, a call a ticker and type (of some tickers, scaled).
 *
 *   options: --tickers N (default: 10070), --years N (default: 10), --latency MS (default: 50), --sample N (default: 200), --json
 *
 * Each run is a process of its own; time is from spawn to exit. What is asked has been asked once before (rest-replay.js), so that the server, a process
 * of its own too, only hands it out; it shares the processors.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cleanEnvironment, runNode } from './measure.js';
import { bulkTargets, TYPES, tickerTargets } from './rest-plan.js';

const BARLOOM = path.join(import.meta.dirname, '..', '..', 'bin', 'barloom.js');
const REPLAY = path.join(import.meta.dirname, 'rest-replay.js');
const BASELINE = path.join(import.meta.dirname, 'rest-baseline.js');
const NOW = '2026-11-20T18:00:00Z';
const TODAY = NOW.slice(0, 10);

/** How long the sandbox may take for all of a market's statements, ms. */
const MAKING_MS = 3_600_000;

const { values: flags } = parseArgs({
  options: {
    tickers: { type: 'string', default: '10070' },
    years: { type: 'string', default: '10' },
    latency: { type: 'string', default: '50' },
    sample: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});
const tickers = Number(flags.tickers);
const sample = Math.min(Number(flags.sample), tickers);
const root = mkdtempSync(path.join(os.tmpdir(), 'barloom-bench-'));
const env = {
  ...cleanEnvironment(path.join(root, 'home'), { accessKeyId: 'none', secretAccessKey: 'none' }),
  BARLOOM_NOW: NOW,
};

/** Resolves to its endpoint and key once it serves. */
function startServer() {
  const args = ['sandbox', '--port', '0', '--rest-port', '0', '--tickers', String(tickers)];
  const child = spawn(process.execPath, [BARLOOM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
        const endpoint = /MASSIVE_API_URL=(\S+)/.exec(said)?.[1];
        const key = /MASSIVE_API_KEY=(\S+)/.exec(said)?.[1];
        if (endpoint !== undefined && key !== undefined) resolve({ child, endpoint, key });
      });
    child.on('exit', (code) => reject(new Error(`the sandbox ended with ${code}: ${said}`)));
  });
}

/** Resolves to its endpoint. */
function startReplay(behind) {
  const folder = path.join(root, 'answers');
  mkdirSync(folder);
  const child = spawn(process.execPath, [REPLAY, behind, flags.latency, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text) => resolve({ child, endpoint: text.trim() }));
    child.on('exit', (code) => reject(new Error(`the replaying server ended with ${code}`)));
  });
}

const sandbox = await startServer();
const { key } = sandbox;
const replay = await startReplay(sandbox.endpoint);
const { endpoint } = replay;
const server = { ...env, MASSIVE_API_KEY: key, MASSIVE_API_URL: endpoint };
const data = path.join(root, 'data');
const run = (args, longestMs) =>
  runNode(args, { cwd: root, env: server, peakFile: path.join(root, 'peak'), longestMs });

async function parsedAlone(targets, longestMs) {
  const file = path.join(root, 'targets.json');
  writeFileSync(file, JSON.stringify(targets));
  const ended = await run([BASELINE, endpoint, key, file], longestMs);
  return { ...ended, ...JSON.parse(ended.stdout) };
}

async function fetched(...args) {
  const ended = await run([
    BARLOOM,
    'fetch',
    ...TYPES,
    '--backfill-years',
    flags.years,
    '--data-dir',
    data,
    '--json',
    '--quiet',
    ...args,
  ]);
  const { requests, types } = JSON.parse(ended.stdout);
  return { ...ended, requests, records: types.reduce((sum, { rows }) => sum + rows, 0) };
}

async function tickerNames() {
  const answer = await fetch(
    `${endpoint}/v3/reference/tickers?market=stocks&active=true&type=CS&limit=1000`,
    {
      headers: { authorization: `Bearer ${key}` },
    },
  );
  const { results } = await answer.json();
  return results.slice(0, sample).map(({ ticker }) => ticker);
}

try {
  const targets = bulkTargets(TODAY, Number(flags.years));
  // The sandbox makes what it serves when it is asked first: that is not measured.
  await parsedAlone(targets, MAKING_MS);
  const named = await tickerNames();
  await parsedAlone(tickerTargets(named));
  const alone = await parsedAlone(targets);
  const load = await fetched();
  const update = await fetched();
  const usual = await parsedAlone(tickerTargets(named));
  const times = tickers / named.length;
  const cases = [
    { name: 'transfer and JSON.parse of the same pages', ...alone },
    { name: 'barloom fetch, empty folder', ...load },
    { name: 'barloom fetch again, the newest', ...update },
    {
      name: `a call a ticker and type, ${named.length} tickers x ${times.toFixed(1)}`,
      ...usual,
      seconds: usual.seconds * times,
      cpuSeconds: usual.cpuSeconds * times,
      requests: usual.requests * times,
      records: usual.records * times,
    },
  ].map(({ name, seconds, cpuSeconds, peakBytes, requests, records }) => ({
    name,
    seconds,
    cpuSeconds,
    peakBytes,
    requests: Math.round(requests),
    records: Math.round(records),
  }));
  if (flags.json) console.log(JSON.stringify({ tickers, years: Number(flags.years), cases }, null, 2));
  else {
    console.log(
      `${tickers} tickers, ${flags.years} years, ${flags.latency} ms before each answer; ${TYPES.join(', ')}\n`,
    );
    for (const { name, seconds, cpuSeconds, peakBytes, requests, records } of cases)
      console.log(
        `${name.padEnd(54)} ${seconds.toFixed(1).padStart(7)} s ${cpuSeconds.toFixed(1).padStart(7)} s cpu ${Math.round(peakBytes / 1e6)} MB  ${requests} requests, ${records} records`,
      );
    console.log(
      `\nfetch to transfer and parse: ${(load.seconds / alone.seconds).toFixed(2)} (aim 2.5); peak ${Math.round(load.peakBytes / 1e6)} MB (aim 400); ` +
        `the usual way takes ${((usual.seconds * times) / load.seconds).toFixed(1)} times as long (aim 10) and ${((usual.requests * times) / load.requests).toFixed(0)} times the requests (aim 100)`,
    );
    console.log(
      `\nnode ${process.version}, ${os.platform()} ${os.arch()}, ${os.cpus().length} x ${os.cpus()[0]?.model}`,
    );
  }
} finally {
  for (const { child } of [replay, sandbox]) {
    child.removeAllListeners('exit');
    child.kill();
  }
  rmSync(root, { recursive: true, force: true });
}
