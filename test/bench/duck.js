/**
 * DuckDB over a folder of day files, one statement: `tracked` writes the tracked tickers' histories, a folder a ticker; `one` writes one
 * ticker's; `market` every ticker's, a folder each, synced. Every column is read as text, which is the fastest, and keeps the vendor's digits.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { TRACKED } from './market.js';

const [task, folder, target, ticker] = process.argv.slice(2);
const names = ['ticker', 'volume', 'open', 'close', 'high', 'low', 'window_start', 'transactions'];
const text = (value) => `'${value.replaceAll("'", "''")}'`;
const columns = names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
const source =
  `read_csv(${text(`${folder}/*.csv.gz`)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', ` +
  `columns = {${columns}}, filename = true, compression = 'gzip')`;
const select = 'SELECT right(filename, 17)[:10] AS "Date", open, high, low, close, volume';

const connection = await (await DuckDBInstance.create(':memory:')).connect();
if (task === 'tracked') {
  mkdirSync(target, { recursive: true });
  await connection.run(
    `COPY (${select}, ticker FROM ${source} WHERE ticker IN (${TRACKED.map(text).join(', ')}) ORDER BY ticker, "Date") ` +
      `TO ${text(target)} (FORMAT csv, HEADER, PARTITION_BY (ticker), OVERWRITE_OR_IGNORE)`,
  );
} else if (task === 'market') {
  mkdirSync(target, { recursive: true });
  await connection.run(
    `COPY (${select}, ticker FROM ${source} ORDER BY ticker, "Date") TO ${text(target)} (FORMAT csv, HEADER, PARTITION_BY (ticker), OVERWRITE_OR_IGNORE)`,
  );
  // As durable as what it is compared with.
  if (process.platform === 'linux') execFileSync('sync', ['-f', target]);
} else {
  await connection.run(
    `COPY (${select} FROM ${source} WHERE ticker = ${text(ticker)} ORDER BY "Date") TO ${text(target)} (FORMAT csv, HEADER)`,
  );
}
const version = (await (await connection.run('SELECT version()')).getRows())[0][0];
connection.closeSync();
process.stdout.write(JSON.stringify({ version }));
