/**
 * What show and export begin with: the folder, open for reading, and who the tickers are that they do not
 * find.
 */

import { count } from '#cli/output/quantities.js';
import { safeText } from '#cli/output/safe-text.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { nearestTickers } from '#market/tickers/near.js';
import type { DataFolder } from '#store/folder/open.js';
import { type DamagedDay, knownTickers, type ReadContext } from '#tasks/history/history.js';

export function readContextOf(folder: DataFolder, dataset: Dataset): ReadContext {
  return { layout: folder.layout, dataset, archive: folder.archive(dataset) };
}

/** Tickers named in one sentence; a list of thousands that is not there at all is given by its number. */
const NAMED = 10;

/** The sentence for tickers that neither a series nor the archive holds, with near ones. */
export function unknownTickers(tickers: readonly string[], readContext: ReadContext): UsageError {
  const market = knownTickers(readContext);
  const named = tickers.slice(0, NAMED).map((ticker) => {
    const near = nearestTickers(ticker, market);
    return near.length === 0 ? ticker : `${ticker} (did you mean ${orOf(near)}?)`;
  });
  const more = tickers.length > NAMED ? ` and ${tickers.length - NAMED} more` : '';
  return new UsageError(
    `No series and no day of the archive holds ${named.join(', ')}${more}. barloom tickers lists them.`,
  );
}

/** Said of tickers that are shown although they have no series; '' of none. */
export function archiveNote(tickers: readonly string[]): string {
  if (tickers.length === 0) return '';
  const [first = ''] = tickers;
  return tickers.length === 1
    ? `${safeText(`${first} has no series: read from the archive; barloom add ${first} keeps it.`)}\n`
    : `${count(tickers.length)} tickers have no series: read from the archive; barloom add keeps them.\n`;
}

export function damageNotes(damaged: readonly DamagedDay[]): string {
  return damaged
    .map(
      ({ day, reason }) =>
        `${safeText(`barloom: ${day} cannot be read from the archive (${reason}): run barloom verify.`)}\n`,
    )
    .join('');
}

function orOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
