/** Where a dataset's series of an open folder are written, and what is known of them. */

import type { Dataset } from '#market/datasets/dataset.js';
import { seriesFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
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
