/** Series mended from the archive. What barloom cannot be sure of is kept beside the file; the user's rows of other days stay in it. */
import path from 'node:path';
import { isIsoDay } from '../calendar/iso-day.js';
import type { DataFolder } from '../datafolder/open.js';
import { keepAs, keepOriginal, replaceFile } from '../disk/durable.js';
import { readBytesIfThere } from '../disk/read.js';
import { rebuildSeries } from '../fill/rebuild.js';
import type { Dataset } from '../flatfile/dataset.js';
import { parseSeries, renderSeries } from '../series/series-file.js';
import { soundRows } from './compare-series.js';
import { seriesFile, shownFile } from './files.js';
import { sha256Of } from './month-work.js';
import type { Damage } from './result.js';

export interface MendContext {
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Told what was done, and to which file. */
  readonly did: (file: string, what: string) => void;
}

/** What was found of each series, and tickers whose series are to be looked at besides. */
export interface BrokenSeries {
  readonly ticker: string;
  readonly found: Partial<Pick<Damage, 'kind' | 'wrong' | 'misdated'>> | undefined;
}

/** Under the lock. Throws the disk's error, or the signal's reason. */
export async function mendSeries(
  folder: DataFolder,
  dataset: Dataset,
  broken: readonly BrokenSeries[],
  context: MendContext,
): Promise<void> {
  if (broken.length === 0) return;
  const { now, signal, did } = context;
  const before = new Map<string, string | undefined>();
  const lost: string[] = [];
  for (const { ticker, found } of broken) {
    signal.throwIfAborted();
    const file = seriesFile(folder.layout, dataset, ticker);
    const bytes = await readBytesIfThere(file);
    before.set(ticker, bytes === undefined ? undefined : sha256Of(bytes));
    if (bytes === undefined) continue;
    if ((await prepare({ folder, dataset, file, bytes, found }, context)) === 'lost') lost.push(ticker);
  }
  const notes: string[] = [];
  const tickers = broken.map(({ ticker }) => ticker);
  const rebuild = (some: readonly string[]) =>
    rebuildSeries(folder, dataset, some, { now, signal, emit: (note) => notes.push(note) });
  await rebuild(tickers);
  if (lost.length > 0) {
    // Days that were looked up without an archive may have stood in the lines that are lost. Until all else is done, what is known tells the
    // next repair what is lacking.
    await folder.progress.record([{ step: 'forget', dataset: dataset.name, tickers: lost }]);
    await rebuild(lost);
  }
  for (const ticker of tickers) {
    const file = seriesFile(folder.layout, dataset, ticker);
    const bytes = await readBytesIfThere(file);
    if (bytes !== undefined && sha256Of(bytes) === before.get(ticker)) continue;
    const name = `${path.basename(file)} `;
    const said = notes.find((note) => note.startsWith(name));
    did(shownFile(folder.layout, file), said?.slice(name.length) ?? 'made again from the archive');
  }
}

/** Leaves a file that the archive can be merged into, and everything that stood in it, there or beside it. 'lost': lines could not be read. */
async function prepare(
  {
    folder,
    dataset,
    file,
    bytes,
    found,
  }: Pick<BrokenSeries, 'found'> & {
    readonly folder: DataFolder;
    readonly dataset: Dataset;
    readonly file: string;
    readonly bytes: Uint8Array;
  },
  { now, did }: MendContext,
): Promise<'whole' | 'lost'> {
  const shown = shownFile(folder.layout, file);
  const parsed = parseSeries(bytes, dataset.series);
  if (!parsed.ok) {
    const rows = soundRows(bytes, isIsoDay);
    if (rows.length === 0) return 'lost';
    const aside = path.basename(await keepAs(file, 'unreadable', now));
    await replaceFile(file, renderSeries(rows, dataset.series));
    did(shown, `cannot be read; it was moved to ${aside}, and its ${rows.length} rows that can be are here`);
    return 'lost';
  }
  const misdated = new Set(found?.misdated?.map(({ day }) => day));
  if ((found?.wrong?.length ?? 0) + misdated.size === 0) return 'whole';
  did(shown, `kept as it was as ${await keepOriginal(file, now)}`);
  if (misdated.size > 0)
    await replaceFile(
      file,
      renderSeries(
        parsed.rows.filter(({ day }) => !misdated.has(day)),
        dataset.series,
      ),
    );
  return 'whole';
}
