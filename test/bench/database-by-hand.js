/**
 * What a program does that knows no COPY: INSERT. `node database-by-hand.js single|batches|bare CSV ROWS`: one row a commit, 10,000 a commit
 * with the check for duplicates, or without the check and without indexes. For the benchmark alone.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import pg from 'pg';

const [way, csv, most] = process.argv.slice(2);
const BATCH = 10_000;
/** Of a statement: PostgreSQL takes 65,535 values. */
const TOGETHER = 1_000;
const COLUMNS = 14;

const client = new pg.Client();
await client.connect();
const conflict = way === 'bare' ? '' : ' ON CONFLICT (symbol, ts_ns, ord) DO NOTHING';

async function insert(rows) {
  const values = rows.map(
    (_, i) => `(${Array.from({ length: COLUMNS }, (_, k) => `$${i * COLUMNS + k + 1}`).join(', ')})`,
  );
  await client.query(`INSERT INTO quotes VALUES ${values.join(', ')}${conflict}`, rows.flat());
}

let waiting = [];
let done = 0;
async function commit() {
  await client.query('BEGIN');
  for (let at = 0; at < waiting.length; at += TOGETHER) await insert(waiting.slice(at, at + TOGETHER));
  await client.query('COMMIT');
  waiting = [];
}
for await (const line of createInterface({ input: createReadStream(csv) })) {
  if (done++ >= Number(most)) break;
  const row = line.split(',').map((field) => (field === '' ? null : field));
  if (way === 'single') await insert([row]);
  else if (waiting.push(row) === BATCH) await commit();
}
if (waiting.length > 0) await commit();
await client.end();
