/**
 * npm run bench:large: a minute day of the vendor's true size (some 1.83 million rows, 137 MB of text) through barloom, beside the least that the
 * machine needs and DuckDB, in one run; and one ticker out of 20 such days.
 *
 *   options: --rounds N (default 3)
 *
 * Each case is a process of its own; time is from spawn to exit. Fails only where a case does not run or its result is wrong, never on timing.
 */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { instantOf } from '#market/calendar/zone.js';
import { openSource } from '#vendors/flatfiles/open-source.js';
import { BUCKET, LAST_DAY, lastSessions, NEW_TICKERS, TRACKED } from './market.js';
import { cleanEnvironment, median, runNode } from './measure.js';

const HERE = import.meta.dirname;
const BARLOOM = path.join(HERE, '..', '..', 'bin', 'barloom.js');
const DAYS = 20;
const KEY = keyOf(LAST_DAY);
const sessions = lastSessions(DAYS);
const MEGABYTE = 1e6;

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const rounds = Number(flags.rounds);
const say = (text) => process.stderr.write(`${text}\n`);

function check(right, what) {
  if (!right) throw new Error(`wrong result: ${what}`);
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const temporary = mkdtempSync(path.join(os.tmpdir(), 'barloom-bench-'));
let server;
try {
  server = fork(path.join(HERE, 'large-server.js'), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ endpoint, credentials }] = await once(server, 'message');
  await run(endpoint, credentials);
} finally {
  server?.disconnect();
  rmSync(temporary, { recursive: true, force: true });
}

async function run(endpoint, credentials) {
  const mirror = path.join(temporary, 'mirror');
  const file = path.join(mirror, KEY);
  await fetchTo(file, endpoint, credentials);
  makeOtherDays(mirror, file);
  // What was just made is not to be written to the disk while something is measured.
  spawnSync('sync');
  const env = cleanEnvironment(path.join(temporary, 'home'), credentials);
  const runs = new Map();
  const measured = async (name, args) => {
    const { stdout, ...one } = await runNode(args, {
      cwd: temporary,
      env,
      peakFile: path.join(temporary, 'peak'),
    });
    if (!runs.has(name)) runs.set(name, []);
    runs.get(name).push(one);
    say(
      `  ${name.padEnd(18)} ${one.seconds.toFixed(3).padStart(8)} s ${Math.round(one.peakBytes / MEGABYTE)} MB`,
    );
    return JSON.parse(stdout);
  };
  const script = (name, ...args) => [path.join(HERE, name), ...args];
  let rows = 0;
  let textBytes = 0;
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`);
    const data = path.join(temporary, `round-${round}`);
    mkdirSync(data);
    writeFileSync(path.join(data, 'stocks.txt'), `${TRACKED.join('\n')}\n`);
    ({ textBytes } = await measured('baseline', script('large-baseline.js', file, 'zlib')));
    await measured('baseline-own', script('large-baseline.js', file, 'own'));
    const range = ['--start', LAST_DAY, '--end', LAST_DAY];
    const where = ['-t', 'stocks_minute', '--data-dir', data, '--json'];
    const told = await measured('populate', [
      BARLOOM,
      'populate',
      ...range,
      ...where,
      '--endpoint',
      endpoint,
    ]);
    const [summary] = told.datasets;
    check(told.exit_code === 0 && summary.days.fetched === 1, `populate ended with ${told.exit_code}`);
    rows = progressOf(data).rows;
    check(rows > 1_500_000, `${rows} rows`);
    await measured(
      'duckdb-parquet',
      script('large-duck.js', 'parquet', file, path.join(data, 'day.parquet')),
    );

    const archive = path.join(data, 'massive_cache', 'stocks_minute');
    await runNode(
      [
        BARLOOM,
        'populate',
        '--start',
        sessions[0],
        '--end',
        LAST_DAY,
        ...where,
        '--endpoint',
        `file:${mirror}`,
        '--adopt-source',
      ],
      {
        cwd: temporary,
        env,
        peakFile: path.join(temporary, 'peak'),
      },
    );
    for (const ticker of NEW_TICKERS.add) {
      const added = await measured('add', [BARLOOM, 'add', ticker, ...where]);
      check(
        added.datasets[0].ticker_days.added === DAYS,
        `add ${ticker}: ${added.datasets[0].ticker_days.added} days`,
      );
      await measured(
        'duckdb-one',
        script('large-duck.js', 'one', path.join(archive, '*.csv.gz'), path.join(data, 'one.csv'), ticker),
      );
    }
    rmSync(data, { recursive: true });
  }
  report(runs, { rows, textBytes, bytes: statSync(file).size });
}

async function fetchTo(file, endpoint, credentials) {
  mkdirSync(path.dirname(file), { recursive: true });
  say('making a minute day of the true size ...');
  const source = await openSource({ endpoint, bucket: BUCKET, credentials, concurrency: 8 });
  // The server makes what it lists: not while something is measured.
  await source.list(path.posix.dirname(KEY));
  const { body } = await source.get(KEY);
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  source.close();
  writeFileSync(file, Buffer.concat(chunks));
}

/** The same bars on the sessions before, each stamped with its own day. */
function makeOtherDays(mirror, file) {
  say(`making ${DAYS - 1} days more of it ...`);
  const text = gunzipSync(readFileSync(file)).toString('latin1');
  const midnight = (day) => instantOf(day, 0, 'America/New_York').getTime() / 1000;
  for (const day of sessions.slice(0, -1)) {
    const later = midnight(LAST_DAY) - midnight(day);
    const moved = text.replace(/,(\d{10})(?=000000000,)/g, (_, second) => `,${second - later}`);
    const other = path.join(mirror, keyOf(day));
    mkdirSync(path.dirname(other), { recursive: true });
    writeFileSync(other, gzipSync(Buffer.from(moved, 'latin1'), { level: 1 }));
  }
}

function keyOf(day) {
  return `us_stocks_sip/minute_aggs_v1/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
}

function progressOf(data) {
  const text = readFileSync(path.join(data, 'progress.json'), 'utf8');
  return { rows: Number(/"rows":\s*(\d+)/.exec(text)?.[1] ?? 0) };
}

function report(runs, { rows, textBytes, bytes }) {
  const of = (name) => {
    const seconds = runs.get(name).map((run) => run.seconds);
    const peak = Math.max(...runs.get(name).map((run) => run.peakBytes));
    const cpu = median(runs.get(name).map((run) => run.cpuSeconds));
    return { wall: median(seconds), least: Math.min(...seconds), most: Math.max(...seconds), peak, cpu };
  };
  const about = [
    ['baseline', 'gunzip + zlib level 6 of the same bytes'],
    ['baseline-own', 'gunzip + our deflate of the same bytes'],
    ['populate', `barloom populate, ${TRACKED.length} series and the archive`],
    ['duckdb-parquet', 'DuckDB, the file into zstd Parquet'],
    ['add', `barloom add, one ticker out of ${DAYS} days`],
    ['duckdb-one', 'DuckDB, the same'],
  ];
  const lines = about.map(([name, what]) => {
    const { wall, least, most, peak, cpu } = of(name);
    const span = `${wall.toFixed(3)} (${least.toFixed(3)}..${most.toFixed(3)})`;
    return `${what.padEnd(52)} ${span.padStart(23)} s ${cpu.toFixed(2).padStart(6)} s cpu ${String(Math.round(peak / MEGABYTE)).padStart(5)} MB`;
  });
  const ratio = (a, b) => (of(a).wall / of(b).wall).toFixed(2);
  process.stdout.write(
    `${[
      `a minute day of ${rows.toLocaleString('en-US')} rows, ${Math.round(bytes / MEGABYTE)} MB compressed, ${Math.round(textBytes / MEGABYTE)} MB of text; rounds: ${rounds}`,
      '',
      ...lines,
      '',
      `populate to gunzip + zlib: ${ratio('populate', 'baseline')} (at most 1.3, aim 0.8); to DuckDB: ${ratio('populate', 'duckdb-parquet')} (aim 1.5)`,
      `add: ${of('add').wall.toFixed(3)} s (aim 0.2), ${ratio('duckdb-one', 'add')} times as fast as DuckDB`,
      '',
      `npm run bench:large${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
      `node ${process.version}, ${process.platform} ${process.arch} ${os.release()}, ${os.availableParallelism()} x ${os.cpus()[0]?.model ?? 'unknown'}`,
    ].join('\n')}\n`,
  );
}
