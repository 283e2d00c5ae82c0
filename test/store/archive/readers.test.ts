/** A day of the whole market as other programs read it: each gets the vendor's text, byte for byte. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createGunzip, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { indexDay } from '#market/records/day-index.js';
import { dayText } from '#sandbox/market/generator.js';
import { stockDays } from '#sandbox/market/stock-days.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { describeWith } from '../../support/others.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-readers-'));
const file = path.join(folder, '2026-03-02.csv.gz');
let text: Buffer = Buffer.alloc(0);
let rows = 0;
beforeAll(() => {
  text = dayText(stockDays({ seed: 1, tickers: 11_500 }), '2026-03-02');
  const index = indexDay(text);
  rows = index.records;
  writeFileSync(file, buildArchive(index, stocksDaily.memberForm).bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function run(command: string, ...args: string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync(command, args, { maxBuffer: 1 << 26 });
  if (error !== undefined) throw error;
  expect(`${command} ${args.join(' ')}: ${status} ${stderr.toString()}`).toBe(
    `${command} ${args.join(' ')}: 0 `,
  );
  return stdout;
}

const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

test('it is a day of about 11,500 rows, sorted, and of many members', () => {
  expect(rows).toBeGreaterThan(9_000);
  expect(indexDay(text).sorted).toBe(true);
});

test('Node: gunzipSync and createGunzip', async () => {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { highWaterMark: 1000 }).pipe(createGunzip()))
    chunks.push(chunk as Buffer);
  expect(sha256(Buffer.concat(chunks))).toBe(sha256(text));
  expect(sha256(gunzipSync(run('cat', file)))).toBe(sha256(text));
});

describe.skipIf(!has('gzip', '--version'))('gzip (skipped where it is not installed)', () => {
  test('gzip -t and zcat', () => {
    run('gzip', '-t', file);
    expect(sha256(run('gzip', '-dc', file))).toBe(sha256(text));
    expect(sha256(run('zcat', file))).toBe(sha256(text));
  });
});

describeWith('htslib', () => {
  test('bgzip tests it with threads, indexes it, and starts in the middle', () => {
    run('bgzip', '-@2', '-t', file);
    expect(sha256(run('bgzip', '-@2', '-dc', file))).toBe(sha256(text));
    run('bgzip', '-r', file);
    expect(existsSync(`${file}.gzi`)).toBe(true);
    expect(run('bgzip', '-b', '500001', '-s', '70001', file).equals(text.subarray(500_001, 570_002))).toBe(
      true,
    );
  });
});

describe.skipIf(!has('python3', '--version'))('Python (skipped where python3 is not installed)', () => {
  test('the gzip module', () => {
    const script =
      'import gzip,hashlib,sys; print(hashlib.sha256(gzip.open(sys.argv[1]).read()).hexdigest())';
    expect(run('python3', '-c', script, file).toString().trim()).toBe(sha256(text));
  });
});

const duckdb = await import('@duckdb/node-api').catch(() => undefined);
describe.skipIf(duckdb === undefined)('DuckDB (skipped where @duckdb/node-api does not load)', () => {
  test('read_csv on the .csv.gz: all rows, and the values of one', async () => {
    if (duckdb === undefined) return;
    const instance = await duckdb.DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const source = `read_csv('${file}', all_varchar = true, header = true)`;
    const counted = await connection.runAndReadAll(
      `select count(*)::int, count(distinct ticker)::int from ${source}`,
    );
    expect(counted.getRows()).toEqual([[rows, rows]]);
    const apple = await connection.runAndReadAll(`select * from ${source} where ticker = 'AAPL'`);
    const line = text
      .toString('latin1')
      .split('\n')
      .find((one) => one.startsWith('AAPL,'));
    expect(apple.getRows()).toEqual([line?.split(',')]);
    connection.closeSync();
    instance.closeSync();
  });
});
