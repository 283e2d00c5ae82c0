/**
 * An archive in a bucket, made of a folder's: its day files and tables of contents as one attempt each, and
 * manifests that name them. Written with nothing but PUTs, as whoever fills a bucket does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sha256 } from '#platform/disk/sha256.js';
import { parseMonthToc, renderMonthToc } from '#store/archive/toc.js';
import { attemptKeys, manifestKey } from '#store/bucket/keys.js';
import { type DayManifest, renderManifest } from '#store/bucket/manifest.js';

export type Put = (key: string, bytes: Uint8Array) => void | Promise<void>;

export interface PutDay {
  readonly archiveDir: string;
  readonly day: string;
  readonly prefix: string;
  readonly dataset?: string;
  readonly generation?: number;
  readonly attempt?: string;
}

/** The days of a folder of stock days, ascending. */
export function daysOfFolder(archiveDir: string): readonly string[] {
  return readdirSync(archiveDir)
    .filter((name) => /^\d{4}-\d\d-\d\d\.csv\.gz$/.test(name))
    .map((name) => name.slice(0, 10))
    .sort();
}

/** Puts one day there, its manifest last. */
export async function putDay(put: Put, of: PutDay): Promise<DayManifest> {
  const { archiveDir, day, prefix, dataset = 'stocks_daily', generation = 1, attempt = 'aaaa' } = of;
  const bytes = readFileSync(path.join(archiveDir, `${day}.csv.gz`));
  const table = parseMonthToc(readFileSync(path.join(archiveDir, '.toc', day.slice(0, 7))))?.get(day);
  if (table === undefined) throw new RangeError(`no table of contents of ${day} in ${archiveDir}`);
  const toc = renderMonthToc(new Map([[day, table]]));
  const text = gunzipSync(bytes);
  const lines = text.toString('utf8').trimEnd().split('\n').slice(1);
  const tickerOf = (line = ''): string => line.slice(0, line.indexOf(','));
  const { file, toc: tocKey } = attemptKeys(prefix, dataset, day, attempt);
  const manifest: DayManifest = {
    format: 1,
    dataset,
    day,
    generation,
    vendor: { key: `vendor/${day}.csv.gz`, etag: 'etag', size: bytes.length },
    archive: {
      key: file,
      bytes: bytes.length,
      sha256: sha256(bytes),
      tocKey,
      tocBytes: toc.length,
      tocSha256: sha256(toc),
      textBytes: text.length,
      textSha256: sha256(text),
    },
    tickers: { first: tickerOf(lines[0]), last: tickerOf(lines.at(-1)) },
    records: lines.length,
    writtenBy: 'barloom test',
    writtenAt: '2024-06-14T00:00:00.000Z',
  };
  await put(file, bytes);
  await put(tocKey, toc);
  await put(manifestKey(prefix, dataset, day, generation), Buffer.from(renderManifest(manifest)));
  return manifest;
}
