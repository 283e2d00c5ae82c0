/**
 * npm run bench:database: a symbol's quotes out of Parquet into PostgreSQL and SQLite, beside psql's \copy and the sqlite3 shell's .import of
 * the same rows into the same tables with the same indexes; and the ways of loading that people begin with, scaled from fewer rows.
 *
 *   options: --days N (of 36,976 quotes each; default: 252, which is 9.3 million), --rounds N (default: 1), --json (the figures on stdout)
 *
 * The PostgreSQL is one of its own (test/support/postgres), with its defaults but for fsync. Each run is a process of its own; time is from
 * spawn to exit. Fails only where a table does not hold what it should.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cleanEnvironment, median, runNode } from './measure.js';

const BARLOOM = path.join(import.meta.dirname, '..', '..', 'bin', 'barloom.js');
const BY_HAND = path.join(import.meta.dirname, 'database-by-hand.js');
const SUPPORT = path.join(import.meta.dirname, '..', 'support', 'postgres');
const A_DAY = 36_976;
const DAY_MS = 86_400_000;
const PASSWORD = 'bench';
const PORT = '54329';

const { values: flags } = parseArgs({
  options: {
    days: { type: 'string', default: '252' },
    rounds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const days = Array.from({ length: Number(flags.days) }, (_, i) =>
  new Date(Date.UTC(2024, 0, 2) + i * DAY_MS).toISOString().slice(0, 10),
);
const total = days.length * A_DAY;

const root = mkdtempSync(path.join(os.tmpdir(), 'barloom-bench-'));
chmodSync(root, 0o755);
const data = path.join(root, 'data');
const server = path.join(root, 'server');
const csv = path.join(root, 'quotes.csv');
const sqliteCsv = path.join(root, 'quotes-sqlite.csv');
const file = path.join(root, 'quotes.db');
const peakFile = path.join(root, 'peak');
const env = {
  ...cleanEnvironment(path.join(root, 'home'), { accessKeyId: 'none', secretAccessKey: 'none' }),
  PGHOST: '127.0.0.1',
  PGPORT: PORT,
  PGUSER: 'barloom',
  PGDATABASE: 'postgres',
  PGPASSWORD: PASSWORD,
};

const psql = (...statements) =>
  execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', ...statements.flatMap((sql) => ['-c', sql])], {
    env,
    encoding: 'utf8',
  }).trim();
const sqlite = (...statements) =>
  execFileSync('sqlite3', ['-batch', file, ...statements], { encoding: 'utf8' }).trim();

/** Files as an import leaves them, and the same rows as CSV. Quotes of a nanosecond come in twos. */
async function makeQuotes() {
  const { DuckDBInstance } = createRequire(import.meta.url)('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create()).connect();
  for (const [i, day] of days.entries()) {
    const folder = path.join(data, 'quotes', 'alpaca-sip', 'AAPL', day.slice(0, 4), day.slice(5, 7));
    mkdirSync(folder, { recursive: true });
    const facts = {
      schema_version: 1,
      symbol: 'AAPL',
      day,
      table: 'alpaca-sip',
      quotes: A_DAY,
      rows: A_DAY,
      from: 'bench',
    };
    const from = BigInt(Date.parse(`${day}T14:30:00Z`)) * 1_000_000n;
    await connection.run(
      `COPY (SELECT 'AAPL' AS symbol, DATE '${day}' AS date, make_timestamp(ts_ns // 1000) AS ts, ts_ns, ord, bid_price, bid_size, bid_exchange, ` +
        `round(bid_price + 0.01 * (1 + n % 3), 2) AS ask_price, (100 * (1 + n % 7))::DOUBLE AS ask_size, chr((75 + n % 9)::INTEGER) AS ask_exchange, ` +
        `'R' AS conditions, 'C' AS tape, n AS sequence_number FROM (SELECT i AS n, ${from} + (i // 2) * 1265467123 AS ts_ns, i % 2 AS ord, ` +
        `round(185 + ${i % 40} + (hash(i + ${i * A_DAY}) % 200) / 100.0, 2) AS bid_price, (100 * (1 + i % 5))::DOUBLE AS bid_size, chr((74 + i % 9)::INTEGER) AS bid_exchange FROM range(${A_DAY}) t(i))) ` +
        `TO '${folder}/${day}.parquet' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2, ROW_GROUP_SIZE 61440, KV_METADATA {barloom: '${JSON.stringify(facts)}'})`,
    );
  }
  const all = `read_parquet('${data}/quotes/alpaca-sip/AAPL/*/*/*.parquet', hive_partitioning = false)`;
  await connection.run(`COPY (SELECT * FROM ${all} ORDER BY ts_ns, ord) TO '${csv}' (HEADER false)`);
  await connection.run(
    `COPY (SELECT * EXCLUDE (ts) FROM ${all} ORDER BY ts_ns, ord) TO '${sqliteCsv}' (HEADER false)`,
  );
}

const load = (to, ...more) => [
  ...[BARLOOM, 'quotes', 'load', 'AAPL', days[0], days.at(-1), '--data-dir', data, '--json', '--quiet'],
  ...['--to', to, ...more],
];

/** A program of others: wall seconds alone, for its server or its own work is elsewhere or not Node's. */
function outside(command, args, input) {
  const begun = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, { env, input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(0, 500)}`);
  return { seconds: Number(process.hrtime.bigint() - begun) / 1e9 };
}

const postgresRows = () => Number(psql('SELECT count(*) FROM quotes'));
const sqliteRows = () => Number(sqlite('SELECT count(*) FROM quotes'));
const forget = () =>
  psql(
    'SET client_min_messages = warning',
    'DROP TABLE IF EXISTS quotes, barloom_tables, barloom_loads, barloom_indexes',
    'CHECKPOINT',
  );
/** The tables that barloom makes, empty. */
const madeByBarloom = () => {
  forget();
  psql(...schema.postgres);
};
const schema = { postgres: [], sqlite: '' };

const CASES = [
  {
    name: 'psql \\copy, same table and indexes',
    before: madeByBarloom,
    run: () => outside('psql', ['-Xq', '-c', `\\copy quotes FROM '${csv}' CSV`]),
    rows: postgresRows,
    base: 'psql',
  },
  {
    name: 'barloom quotes load, PostgreSQL',
    before: forget,
    args: load('postgres://', '--batch-size', '100000'),
    rows: postgresRows,
    to: 'psql',
    target: '1.5, 300 MB',
  },
  {
    name: '  with batches of 10,000',
    before: forget,
    args: load('postgres://'),
    rows: postgresRows,
    to: 'psql',
    target: '1.5, 300 MB',
  },
  {
    name: '  with the indexes kept',
    before: forget,
    args: load('postgres://', '--batch-size', '100000', '--indexes', 'keep'),
    rows: postgresRows,
    to: 'psql',
  },
  {
    name: '  half of the rows there, by staging',
    before: () =>
      psql(
        'DELETE FROM quotes WHERE ord = 1',
        "UPDATE barloom_loads SET fingerprint = 'old'",
        'VACUUM quotes',
      ),
    args: load('postgres://', '--batch-size', '100000', '--mode', 'append'),
    rows: postgresRows,
    to: 'psql',
    target: '3, 300 MB',
  },
  { name: '  again, nothing to do', args: load('postgres://'), rows: postgresRows },
  {
    name: 'sqlite3 .import, same table and index',
    before: () => {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
      sqlite(schema.sqlite);
    },
    run: () => outside('sqlite3', [file], `.import --csv ${sqliteCsv} quotes\n`),
    rows: sqliteRows,
    base: 'sqlite3',
  },
  {
    name: 'barloom quotes load, SQLite',
    before: () => {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
    },
    args: load(`sqlite:${file}`),
    rows: sqliteRows,
    to: 'sqlite3',
    target: '2.5, 300 MB',
  },
  ...[
    ['INSERT, one row a commit', 'single', 2_000],
    ['INSERT, 10,000 rows a commit, ON CONFLICT', 'batches', 200_000],
    ['INSERT, 10,000 rows a commit, no index', 'bare', 200_000],
  ].map(([name, way, most]) => ({
    name: `${name} (scaled)`,
    before: () => {
      madeByBarloom();
      if (way === 'bare') psql('DROP INDEX quotes_key', 'DROP INDEX quotes_date');
    },
    args: [BY_HAND, way, csv, String(Math.min(most, total))],
    scale: total / Math.min(most, total),
    to: 'psql',
  })),
];

try {
  mkdirSync(server);
  execFileSync(path.join(SUPPORT, 'up.sh'), [server, PORT, PASSWORD]);
  await makeQuotes();
  // An empty load makes the tables: what the others are measured with.
  await runNode(load('postgres://', '--keep-days', '1'), { cwd: root, env, peakFile });
  schema.postgres = [
    `CREATE TABLE quotes (${psql("SELECT string_agg(format('%I %s%s', attname, format_type(atttypid, NULL), CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'quotes'::regclass AND attnum > 0")})`,
    ...psql("SELECT indexdef FROM pg_indexes WHERE tablename = 'quotes'").split('\n'),
  ];
  await runNode(load(`sqlite:${file}`, '--keep-days', '1'), { cwd: root, env, peakFile });
  schema.sqlite = sqlite(
    "SELECT group_concat(sql, '; ') FROM sqlite_schema WHERE tbl_name = 'quotes' AND sql IS NOT NULL",
  );
  const figures = [];
  for (let round = 0; round < Number(flags.rounds); round++)
    for (const one of CASES) {
      one.before?.();
      const ended = one.run?.() ?? (await runNode(one.args, { cwd: root, env, peakFile }));
      const seconds = ended.seconds * (one.scale ?? 1);
      figures.push({ ...one, ...ended, seconds });
      if (one.rows !== undefined && one.rows() !== total)
        throw new Error(`${one.name}: ${one.rows()} rows, and not ${total}`);
      if (!flags.json) process.stderr.write(`${one.name}: ${seconds.toFixed(2)} s\n`);
    }
  const secondsOf = (name) => median(figures.filter((one) => one.name === name).map((one) => one.seconds));
  const baseOf = (base) => secondsOf(CASES.find((one) => one.base === base).name);
  const rows = CASES.map(({ name, to, target }) => {
    const own = figures.filter((one) => one.name === name);
    const peak = Math.max(...own.map(({ peakBytes }) => peakBytes ?? 0));
    return {
      name,
      seconds: secondsOf(name),
      cpu_seconds: own[0].cpuSeconds ?? null,
      peak_mb: peak === 0 ? null : Math.round(peak / 1e6),
      ratio: to === undefined ? null : secondsOf(name) / baseOf(to),
      target: target ?? null,
    };
  });
  if (flags.json) console.log(JSON.stringify({ rows: total, cases: rows }));
  else {
    const cell = (value, digits = 2) => (value === null ? '' : value.toFixed(digits)).padStart(8);
    console.log(
      `\n${total.toLocaleString('en-US')} quotes of ${days.length} days; rounds: ${flags.rounds}\n`,
    );
    console.log(`${'case'.padEnd(48)}|  wall s |   cpu s | peak MB |   ratio | target`);
    for (const one of rows)
      console.log(
        `${one.name.padEnd(48)}|${cell(one.seconds)} |${cell(one.cpu_seconds)} |${cell(one.peak_mb, 0)} |${cell(one.ratio)} | ${one.target ?? ''}`.trimEnd(),
      );
    console.log(
      `\nnode ${process.version}, ${os.cpus().length} x ${os.cpus()[0].model}; ${readFileSync(path.join(server, 'data', 'PG_VERSION'), 'utf8').trim()} is PostgreSQL's version`,
    );
  }
} finally {
  execFileSync(path.join(SUPPORT, 'down.sh'), [server, 'immediate']);
  rmSync(root, { recursive: true, force: true });
}
