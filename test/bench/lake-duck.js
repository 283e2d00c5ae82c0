/**
 * DuckDB alone, beside the lake's commands: `copy` reads the archive's days with their types and writes one Parquet file, unsorted and unproved; `one` and
 * `group` ask the lake's own files; `features` computes what features build does, in one query over all days with DuckDB's own aggregates.
 */
import { createRequire } from 'node:module';

const { DuckDBInstance } = createRequire(import.meta.url)('@duckdb/node-api');

const [task, from, target] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const types = {
  ticker: 'VARCHAR',
  volume: 'DOUBLE',
  open: 'DOUBLE',
  close: 'DOUBLE',
  high: 'DOUBLE',
  low: 'DOUBLE',
};
const columns = Object.entries({ ...types, window_start: 'BIGINT', transactions: 'BIGINT' })
  .map(([name, type]) => `'${name}': '${type}'`)
  .join(', ');
const parquet = `read_parquet('${from}', hive_partitioning = false)`;
const parquetOptions = '(FORMAT parquet, COMPRESSION zstd)';

const near = (n, value) => `CASE WHEN wd - lag(wd, ${n}) OVER t <= ${2 * n} THEN ${value} END`;
const back = (n, name) =>
  `${near(n, `ln(close / lag(close, ${n}) OVER t)`)} AS r${n}, ${near(n, `close / lag(close, ${n}) OVER t - 1`)} AS ${name}${n}`;
const weekday =
  "(((date - DATE '1970-01-01') + 3) // 7) * 5 + least(((date - DATE '1970-01-01') + 3) % 7, 5)";
const window = 'WINDOW t AS (PARTITION BY ticker ORDER BY date, ts_ns)';
const features =
  `SELECT ticker, date, ts_ns, r1, r5, r20, s1, s5, s20, CASE WHEN near20 THEN volume / nullif(avg(volume) OVER (t ROWS BETWEEN 20 PRECEDING AND 1 PRECEDING), 0) END AS vr, ` +
  'high - low AS pr, (close - open) / nullif(open, 0) AS dr, gap, (high + low + close) / 3 AS tp, close * volume AS dv, ' +
  'CASE WHEN count(r1) OVER (t ROWS BETWEEN 19 PRECEDING AND CURRENT ROW) = 20 THEN stddev_samp(r1) OVER (t ROWS BETWEEN 19 PRECEDING AND CURRENT ROW) END AS v, v * sqrt(252) AS va ' +
  `FROM (SELECT *, ${[1, 5, 20].map((n) => back(n, 's')).join(', ')}, ${near(1, 'open / lag(close, 1) OVER t - 1')} AS gap, wd - lag(wd, 20) OVER t <= 40 AS near20 ` +
  `FROM (SELECT *, ${weekday} AS wd FROM ${parquet}) ${window}) ${window}`;

const statements = {
  copy: () =>
    `COPY (FROM read_csv('${from}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${columns}}, compression = 'gzip')) TO '${target}' ${parquetOptions}`,
  one: () => `SELECT * FROM ${parquet} WHERE ticker = 'AAPL' ORDER BY date`,
  group: () => `SELECT ticker, avg(close), sum(volume) FROM ${parquet} GROUP BY 1 ORDER BY 1`,
  features: () => `COPY (${features}) TO '${target}' ${parquetOptions}`,
};
const result = await connection.runAndReadAll(statements[task]());
process.stdout.write(
  JSON.stringify({
    rows: task === 'copy' || task === 'features' ? Number(result.getRows()[0][0]) : result.currentRowCount,
  }),
);
