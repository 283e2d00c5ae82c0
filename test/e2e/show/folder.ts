/**
 * A data folder made by hand, as far as show and export read it: series files, and days as any other tool
 * would have gzipped them.
 */
import { gzipSync } from 'node:zlib';
import { stocksDaily } from '#market/datasets/all.js';
import { seriesFileName } from '#store/series/file-name.js';
import { HEADER, SERIES_HEADER, Workdir } from '../../support/workdir.js';

/** `series`: lines by ticker. `days`: the vendor's lines by day. */
export async function folderOf(
  series: Readonly<Record<string, string>>,
  days: Readonly<Record<string, string>> = {},
): Promise<Workdir> {
  const work = await Workdir.make();
  for (const [ticker, lines] of Object.entries(series))
    await work.write(`data_cache/${seriesFileName(ticker, stocksDaily.series)}`, SERIES_HEADER + lines);
  for (const [day, lines] of Object.entries(days))
    await work.write(`massive_cache/${day}.csv.gz`, gzipSync(HEADER + lines));
  return work;
}
