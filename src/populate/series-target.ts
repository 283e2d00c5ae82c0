/** Where a dataset's series of an open folder are written, and what is known of them. */
import type { DataFolder } from '../datafolder/open.js';
import { seriesFolder } from '../disk/layout.js';
import type { Dataset } from '../flatfile/dataset.js';
import type { SeriesTarget } from './series-writer.js';

/** For who writes out of the archive: nothing has to be announced. */
export function seriesTarget(folder: DataFolder, dataset: Dataset, now: Date): SeriesTarget {
  return {
    folder: seriesFolder(folder.layout, dataset),
    form: dataset.series,
    now,
    known: folder.known(dataset).series,
    checkLock: folder.progress.checkLock,
    announce: undefined,
  };
}
