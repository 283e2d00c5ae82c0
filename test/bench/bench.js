/**
 * npm run bench: barloom beside the least that Node can do, the usual csv-parse pipeline and DuckDB, on the same objects, in one run.
 *
 *   npm run bench                             504 days of about 11,500 tickers, 3 rounds, some minutes
 *   npm run bench -- --days 60 --quick        1 round
 *   options: --days N (at least 20), --rounds N, --quick (1 round), --tickers N (a smaller market), --json (the figures on stdout)
 *
 * Each case is a process of its own; time is from spawn to exit. The rounds alternate (A B C, A B C), and every population begins with an
 * empty data folder. Fails only where a case does not run or its result is wrong, never on timing.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openSource } from '#vendors/flatfiles/open-source.js';
import { BUCKET, daysIn, keyOf, lastSessions, NEW_TICKERS, PREFIX, TRACKED } from './market.js';
import { cleanEnvironment, median, runNode } from './measure.js';
import { sizesText } from './sizes.js';
import { CASES, renderTable } from './table.js';

const HERE = import.meta.dirname;
const BARLOOM = path.join(HERE, '..', '..', 'bin', 'barloom.js');
/** Sessions of the newest end that are not settled yet, and one more. */
const UNSETTLED = 11;
/** The csv-parse pipeline takes one day in so many. */
const PIPELINE_STEP = 8;
/** Sessions of the longer archive that `add` is measured on. */
const LONG_DAYS = 782;
const MEGABYTE = 1e6;

const { values: flags } = parseArgs({
  options: {
    days: { type: 'string', default: '504' },
    rounds: { type: 'string', default: '3' },
    tickers: { type: 'string', default: '11500' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const days = count('days', 20);
const rounds = flags.quick ? 1 : count('rounds', 1);
const tickers = count('tickers', 100);
const sessions = lastSessions(days);
const settled = sessions.slice(0, -UNSETTLED);
const say = (text) => process.stderr.write(`${text}\n`);

function count(name, least) {
  const value = Number(flags[name]);
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`--${name} takes a whole number from ${least} on`);
  return value;
}

function check(right, what) {
  if (!right) throw new Error(`wrong result: ${what}`);
}

// Of no use here: https://a.co/c895JFp
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const temporary = mkdtempSync(path.join(os.tmpdir(), 'barloom-bench-'));
const objectFolder = path.join(temporary, 'objects');
let server;
try {
  server = await startServer();
  await warmUp(server);
  const runs = await runRounds(server);
  report(server, runs);
} finally {
  server?.child.disconnect();
  rmSync(temporary, { recursive: true, force: true });
}

async function startServer() {
  say(`making ${days} days of about ${tickers.toLocaleString('en-US')} tickers ...`);
  const order = JSON.stringify({ days, tickers, folder: objectFolder });
  const child = fork(path.join(HERE, 'server.js'), [order], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the server ended with ${code}`);
  });
  ended.catch(() => undefined);
  const [ready] = await Promise.race([once(child, 'message'), ended]);
  return { child, ...ready, endpoint: `http://127.0.0.1:${ready.s3Port}` };
}

/** Lets the server's code get hot, and sees that it answers quickly and rightly. */
async function warmUp({ endpoint, credentials, totals }) {
  const source = await openSource({ endpoint, bucket: BUCKET, credentials, concurrency: 8 });
  let bytes = 0;
  for (let pass = 0; pass < 2; pass++) {
    bytes = 0;
    for (const day of sessions) {
      const { body } = await source.get(keyOf(day));
      for await (const chunk of body) bytes += chunk.length;
    }
  }
  const begun = performance.now();
  const listed = await source.list(`${PREFIX}/`);
  const listMs = performance.now() - begun;
  source.close();
  check(bytes === totals.bytes, `${bytes} bytes served of ${totals.bytes}`);
  check(listed.length === days, `${listed.length} objects listed of ${days}`);
  check(listMs < 1000, `a listing took ${Math.round(listMs)} ms`);
}

async function runRounds({ endpoint, plainPort, credentials, totals }) {
  const peakFile = path.join(temporary, 'peak');
  const env = cleanEnvironment(path.join(temporary, 'home'), credentials);
  const runs = new Map();
  const measured = async (name, args) => {
    const { stdout, ...run } = await runNode(args, { cwd: temporary, env, peakFile });
    if (!runs.has(name)) runs.set(name, []);
    runs.get(name).push(run);
    say(
      `  ${name.padEnd(16)} ${run.seconds.toFixed(3).padStart(8)} s ${Math.round(run.peakBytes / MEGABYTE)} MB`,
    );
    return JSON.parse(stdout);
  };
  const script = (name, ...args) => [path.join(HERE, name), ...args.map(String)];

  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`);
    const folder = path.join(temporary, `round-${round}`);
    const data = path.join(folder, 'data');
    mkdirSync(data, { recursive: true });
    writeFileSync(path.join(data, 'stocks.txt'), `${TRACKED.join('\n')}\n`);
    const populate = (name, range, ...more) => {
      const dates = ['--start', range[0], '--end', range.at(-1)];
      return measured(name, [
        BARLOOM,
        'populate',
        ...dates,
        '--data-dir',
        data,
        '--endpoint',
        endpoint,
        '--json',
        ...more,
      ]);
    };

    for (const way of ['async', 'sync']) {
      const { textBytes } = await measured(`baseline-${way}`, script('baseline.js', way, plainPort, days));
      check(
        textBytes === totals.textBytes,
        `the baseline saw ${textBytes} bytes of text, not ${totals.textBytes}`,
      );
    }
    const cold = told(await populate('populate', sessions));
    check(
      cold.days.fetched === days && cold.requests.get === days,
      `populate fetched ${cold.days.fetched} days`,
    );
    check(cold.bytes.downloaded === totals.bytes, `populate downloaded ${cold.bytes.downloaded} bytes`);
    check(cold.tickers.never_seen.length === 0, `never seen: ${cold.tickers.never_seen.join(' ')}`);
    check(daysIn(path.join(data, 'massive_cache')).length === days, 'files in the archive');
    check(seriesFiles(data) === TRACKED.length, `${seriesFiles(data)} series`);

    const again = told(await populate('rerun', sessions));
    check(again.days.unchanged === days && again.requests.get === 0, 'the rerun found something to do');
    const settledAgain = told(await populate('rerun-settled', settled));
    check(
      settledAgain.days.unchanged === settled.length && settledAgain.requests.list === 0,
      'the settled rerun',
    );

    const grown = told(await populate('new-ticker', sessions, '--tickers', NEW_TICKERS.full));
    check(
      grown.days.from_archive === days && grown.ticker_days.added === days,
      'the new ticker over all days',
    );
    check(grown.requests.get === 0, 'the new ticker needed a GET');
    const more = told(await populate('new-ticker-settled', settled, '--tickers', NEW_TICKERS.settled));
    check(
      more.days.from_archive === settled.length && more.ticker_days.added === settled.length,
      'the settled new ticker',
    );
    check(more.requests.list === 0, 'the settled new ticker needed the network');

    const piped = await measured(
      'csv-pipeline',
      script('csv-pipeline.js', plainPort, days, PIPELINE_STEP, path.join(folder, 'piped')),
    );
    check(piped.days === Math.ceil(days / PIPELINE_STEP), `the pipeline took ${piped.days} days`);
    check(piped.tickers === TRACKED.length, `the pipeline found ${piped.tickers} tickers`);

    const duck = path.join(folder, 'duck');
    await measured('duckdb', script('duck.js', 'tracked', objectFolder, duck));
    check(readdirSync(duck).length === TRACKED.length, 'tickers in DuckDB');
    for (const ticker of ['AAPL', 'BRK.B', 'MTTR']) {
      const file = readdirSync(path.join(duck, `ticker=${ticker}`))[0];
      sameHistory(data, ticker, path.join(duck, `ticker=${ticker}`, file));
    }
    const archive = path.join(data, 'massive_cache');
    const verb = (name, dir, ...args) => measured(name, [BARLOOM, ...args, '--data-dir', dir, '--json']);
    // Which is quicker, side by side: barloom, DuckDB, barloom, DuckDB …
    for (const ticker of NEW_TICKERS.add) {
      const { ticker_days: added } = told(await verb('add', data, 'add', ticker));
      check(added.added === days, `add ${ticker}: ${added.added} rows`);
      const one = path.join(folder, `${ticker}.csv`);
      await measured('duckdb-archive', script('duck.js', 'one', archive, one, ticker));
      sameHistory(data, ticker, one);
    }

    const long = longerArchive(folder, archive);
    await runNode([BARLOOM, 'add', NEW_TICKERS.full, '--data-dir', long], { cwd: temporary, env, peakFile });
    for (const ticker of NEW_TICKERS.add) {
      const { ticker_days: added } = told(await verb('add-long', long, 'add', ticker));
      check(added.added === LONG_DAYS, `add ${ticker} over ${LONG_DAYS} days: ${added.added} rows`);
      await measured(
        'duckdb-long',
        script('duck.js', 'one', path.join(long, 'massive_cache'), path.join(folder, 'long.csv'), ticker),
      );
    }
    rmSync(long, { recursive: true });

    await lakeCases({ data, archive, folder, totals, measured, script });

    const whole = path.join(folder, 'whole');
    mkdirSync(whole);
    renameSync(archive, path.join(whole, 'massive_cache'));
    const rebuilt = told(await verb('rebuild-all', whole, 'rebuild', '--all-tickers'));
    check(
      rebuilt.ticker_days.added === totals.rows,
      `rebuild: ${rebuilt.ticker_days.added} of ${totals.rows} rows`,
    );
    const market = path.join(folder, 'market');
    await measured('duckdb-market', script('duck.js', 'market', path.join(whole, 'massive_cache'), market));
    check(readdirSync(market).length === rebuilt.tickers, 'tickers in DuckDB');
    rmSync(folder, { recursive: true });
  }
  return runs;
}

/** Each command of the lake, and DuckDB alone doing the same, beside each other. */
async function lakeCases({ data, archive, folder, totals, measured, script }) {
  const run = (name, ...args) => measured(name, [BARLOOM, ...args, '--data-dir', data, '--json']);
  const duck = (name, task, from, target = '') => measured(name, script('lake-duck.js', task, from, target));
  const built = told(await run('lake-build', 'lake', 'build'));
  check(built.rows === totals.rows && built.lossy === 0, `lake build: ${built.rows} of ${totals.rows} rows`);
  const copied = await duck(
    'duckdb-copy',
    'copy',
    path.join(archive, '*.csv.gz'),
    path.join(folder, 'copy.parquet'),
  );
  check(copied.rows === totals.rows, `DuckDB's copy: ${copied.rows} rows`);
  check(
    told(await run('lake-again', 'lake', 'build')).files === 0,
    'the second lake build had something to do',
  );
  const newest = path.join(archive, `${sessions.at(-1)}.csv.gz`);
  const away = path.join(folder, 'newest.csv.gz');
  renameSync(newest, away);
  rmSync(path.join(data, 'lake'), { recursive: true });
  await runNode([BARLOOM, 'lake', 'build', '--data-dir', data], {
    cwd: temporary,
    env: process.env,
    peakFile: path.join(temporary, 'peak'),
  });
  renameSync(away, newest);
  check(told(await run('lake-day', 'lake', 'build')).days.built === 1, 'one day more');
  const files = path.join(data, 'lake', 'bronze', 'stocks_daily', 'year=*', 'month=*', '*.parquet');
  const one = await run('sql-one', 'sql', "SELECT * FROM stocks_daily WHERE ticker = 'AAPL' ORDER BY date");
  check(one.rows.length === days, `sql: ${one.rows.length} rows of AAPL`);
  check((await duck('duckdb-one', 'one', files)).rows === days, 'DuckDB has other rows of AAPL');
  const grouped = await run(
    'sql-group',
    'sql',
    'SELECT ticker, avg(close), sum(volume) FROM stocks_daily GROUP BY 1 ORDER BY 1',
  );
  check((await duck('duckdb-group', 'group', files)).rows === grouped.rows.length, 'DuckDB has other groups');
  check(told(await run('features', 'features', 'build')).rows === totals.rows, 'rows of features build');
  await duck('duckdb-features', 'features', files, path.join(folder, 'features.parquet'));
  const qlib = told(await run('qlib', 'qlib', 'export', path.join(folder, 'qlib')));
  check(qlib.days === days, `qlib export: ${qlib.days} days`);
  rmSync(path.join(data, 'lake'), { recursive: true });
}

/** The same archive made longer: its oldest days again under the names of the sessions before. */
function longerArchive(folder, archive) {
  const long = path.join(folder, 'long');
  mkdirSync(path.join(long, 'massive_cache'), { recursive: true });
  const file = (day) => path.join(archive, `${day}.csv.gz`);
  for (const [i, day] of lastSessions(LONG_DAYS).entries()) {
    copyFileSync(
      file(sessions.includes(day) ? day : sessions[i % days]),
      path.join(long, 'massive_cache', `${day}.csv.gz`),
    );
  }
  return long;
}

function told(document) {
  check(document.exit_code === 0 && document.datasets.length === 1, `exit code ${document.exit_code}`);
  return document.datasets[0];
}

function seriesFiles(data) {
  return readdirSync(path.join(data, 'data_cache')).filter((name) => name.endsWith('_1d_data.csv')).length;
}

/** barloom's series and DuckDB's history: the same days and, as numbers, the same values. */
function sameHistory(data, ticker, duckFile) {
  const rows = (file) =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) =>
        line
          .split(',')
          .map((value, i) => (i === 0 ? value : Number(value)))
          .join(),
      );
  const ours = rows(path.join(data, 'data_cache', `${ticker}_1d_data.csv`));
  const theirs = rows(duckFile);
  check(
    ours.length > 0 && ours.length === theirs.length,
    `${ticker}: ${ours.length} rows, DuckDB has ${theirs.length}`,
  );
  check(ours.join('\n') === theirs.join('\n'), `${ticker}: not what DuckDB has`);
}

function report({ totals }, runs) {
  const wall = (name) => median(runs.get(name).map(({ seconds }) => seconds));
  const fastest = wall('baseline-async') <= wall('baseline-sync') ? 'baseline-async' : 'baseline-sync';
  const scaled = days / Math.ceil(days / PIPELINE_STEP);
  const figures = CASES.map(({ name, ...about }) => {
    const factor = name === 'csv-pipeline' ? scaled : 1;
    const seconds = runs.get(name).map((run) => run.seconds * factor);
    return {
      name,
      ...about,
      seconds,
      median: median(seconds),
      cpuSeconds: median(runs.get(name).map((run) => run.cpuSeconds * factor)),
      peakBytes: Math.max(...runs.get(name).map((run) => run.peakBytes)),
      ratio: median(seconds) / wall(fastest),
      ratioToMainThread: median(seconds) / wall('baseline-sync'),
    };
  });
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch} ${os.release()}`,
    cpus: `${os.availableParallelism()} x ${os.cpus()[0]?.model ?? 'unknown'}`,
    memoryBytes: os.totalmem(),
  };
  const command = [
    'npm run bench',
    ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
  ].join(' ');
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ command, machine, days, rounds, totals, fastest, cases: figures }, null, 2)}\n`,
    );
    return;
  }
  const times = (slow, quick) => (wall(slow) / wall(quick)).toFixed(1);
  const millions = (bytes) => `${Math.round(bytes / MEGABYTE)} MB`;
  const lines = [
    `${days} days, ${sessions[0]} to ${sessions.at(-1)}; ${Math.round(totals.rows / days).toLocaleString('en-US')} rows a day; ` +
      `${millions(totals.bytes)} compressed, ${millions(totals.textBytes)} of text; ${TRACKED.length} tickers tracked; rounds: ${rounds}`,
    '',
    renderTable(figures, fastest),
    '',
    'wall: spawn to exit of the whole process, median (min..max). peak MB (10^6 bytes): the highest of the rounds, by VmHWM of',
    'the process, threads included. cpu: its user and system time, which busy neighbours disturb least. ratio: of wall, to the faster',
    'baseline; to sync: to the one in the main thread. The server, in a process of its own, shares the processors.',
    `barloom add is ${times('duckdb-archive', 'add')} times as fast as DuckDB on the same files, over ${LONG_DAYS} days ${times('duckdb-long', 'add-long')} times.`,
    `rebuild and DuckDB's export both end with a sync of the file system inside the time.`,
    `csv-pipeline: one day in ${PIPELINE_STEP}, its time (start-up included) multiplied by ${scaled.toFixed(2)}. duckdb reads local files: no GET, no check, no archive.`,
    '',
    sizesText(),
    '',
    command,
    `node ${machine.node}, ${machine.platform}, ${machine.cpus}, ${Math.round(machine.memoryBytes / 2 ** 30)} GiB`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
