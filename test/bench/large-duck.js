/** DuckDB on minute days: `parquet` writes one day as zstd Parquet, `one` one ticker's minutes out of all days of a folder. Every column as text. */
import { DuckDBInstance } from '@duckdb/node-api';

const [task, files, target, ticker] = process.argv.slice(2);
const names = ['ticker', 'volume', 'open', 'close', 'high', 'low', 'window_start', 'transactions'];
const text = (value) => `'${value.replaceAll("'", "''")}'`;
const columns = names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
const source =
  `read_csv(${text(files)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', ` +
  `columns = {${columns}}, compression = 'gzip')`;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(
  task === 'parquet'
    ? `COPY (SELECT * FROM ${source}) TO ${text(target)} (FORMAT parquet, COMPRESSION zstd)`
    : `COPY (SELECT * FROM ${source} WHERE ticker = ${text(ticker)} ORDER BY window_start) TO ${text(target)} (FORMAT csv, HEADER)`,
);
connection.closeSync();
process.stdout.write('{}');
