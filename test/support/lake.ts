/** Hand-made days in an archive, and the lake's files read by a reader that has nothing to do with DuckDB. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Workdir } from './workdir.js';

export const BARS = 'ticker,volume,open,close,high,low,window_start,transactions';

/** `folder`: of the dataset in massive_cache; '' for stock days. */
export function archived(
  workdir: Workdir,
  folder: string,
  day: string,
  lines: readonly string[],
  header = BARS,
): Promise<string> {
  const text = `${[header, ...lines].join('\n')}\n`;
  return workdir.write(path.join('massive_cache', folder, `${day}.csv.gz`), gzipSync(text));
}

/** Midnight in New York of a winter day, ns. */
export function midnight(day: string): string {
  return `${BigInt(Date.parse(`${day}T05:00:00Z`)) * 1_000_000n}`;
}

export type Row = Readonly<Record<string, unknown>>;

/** Rows of a Parquet file below lake/, read by hyparquet; 64 bits are bigint, days and moments ISO text. */
export async function parquetRows(workdir: Workdir, ...names: readonly string[]): Promise<readonly Row[]> {
  const file = await asyncBufferFromFile(workdir.at('lake', ...names));
  const rows = await parquetReadObjects({ file, compressors });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
    ),
  );
}

export function lakeJson(stdout: string): {
  readonly datasets: readonly Readonly<Record<string, unknown>>[];
} {
  return JSON.parse(stdout) as { readonly datasets: readonly Readonly<Record<string, unknown>>[] };
}

export function bytesOf(file: string): Promise<Buffer> {
  return readFile(file);
}
