/**
 * A series file's rows for those who need no more of a block of lines than its mark (series-blocks.ts): then
 * a file of any length costs little memory.
 */

import { isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import { readBytesIfThere } from '#platform/disk/read.js';
import { isUnended } from './cut-row.js';
import type { ParsedSeries } from './row.js';
import { type BlockRows, readBlockFile } from './series-blocks.js';
import { parseSeries } from './series-file.js';

export type ReadSeries = ParsedSeries & {
  /** Where the blocks stand, where the rows are marks. */
  readonly places?: BlockRows['places'];
  /** Whether the last line has no end, where a day is one line. */
  readonly unended?: boolean;
};

/** A file that is not there has no rows. Throws the disk's error. */
export async function readSeriesRows(file: string, form: SeriesForm): Promise<ReadSeries> {
  if (!isLineADay(form)) return readBlockFile(file, form);
  const bytes = await readBytesIfThere(file);
  if (bytes === undefined) return { ok: true, rows: [], canonical: true, lost: [] };
  return { ...parseSeries(bytes, form), unended: isUnended(bytes) };
}
