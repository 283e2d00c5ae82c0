/**
 * `tracked.txt` in the data folder: the tickers that `add`, `remove` and `--tickers` track besides the lists.
 * barloom writes it, the user may edit it, and lines and comments of theirs stay. This module reads and
 * composes its text; writing it durably is the caller's.
 */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseTickerList } from './list-file.js';
import { readTextFile } from './text-file.js';
import { TickerListError } from './ticker-list-error.js';

export const trackedFileName = 'tracked.txt';

export interface Tracked {
  /** The file as it is; undefined where there is none. */
  readonly text: string | undefined;
  readonly tickers: readonly string[];
}

/** Where it is written: behind a link of the user's, not in the place of the link. */
export function trackedPath(dataDir: string): string {
  const file = join(dataDir, trackedFileName);
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** Throws TickerListError where the file is there and cannot be read. */
export async function readTracked(dataDir: string): Promise<Tracked> {
  const text = await readTextFile(join(dataDir, trackedFileName), 'refuse');
  return { text, tickers: tickersOf(text) };
}

/**
 * The text of tracked.txt once `add` is tracked too: the existing lines as they are, then a line for each
 * ticker that was not there. Where none is new, the existing text itself ('' for none), so that nothing has
 * to be written. Throws TickerListError for a ticker that could not be read back from a line of its own
 * (`A,B`, `#A`, `"A"`, blanks).
 */
export function renderTracked(existingText: string | undefined, add: readonly string[]): string {
  const existing = existingText ?? '';
  const known = new Set(tickersOf(existingText));
  const lacking = [...new Set(add)].filter((ticker) => !known.has(ticker));
  for (const ticker of lacking) {
    const [read, ...rest] = tickersOf(ticker);
    if (read !== ticker || rest.length > 0 || ticker.includes('"')) {
      throw new TickerListError(ticker, `${JSON.stringify(ticker)} cannot be tracked: it is not a ticker.`);
    }
  }
  if (lacking.length === 0) return existing;
  const gap = existing === '' || /[\r\n]$/.test(existing) ? '' : '\n';
  return `${existing}${gap}${lacking.join('\n')}\n`;
}

/**
 * The text of tracked.txt once none of `remove` is tracked: their lines go, comments behind them too; of a
 * line with others as well, those stay, a line each. Every other line stays as it is.
 */
export function renderUntracked(existingText: string, remove: ReadonlySet<string>): string {
  const lines = existingText.split(/(?<=\n|\r(?!\n))/);
  return lines
    .map((line) => {
      const tickers = tickersOf(line);
      const left = tickers.filter((ticker) => !remove.has(ticker));
      return left.length === tickers.length ? line : left.map((ticker) => `${ticker}\n`).join('');
    })
    .join('');
}

/** A line `SYMBOL` is a ticker here, not a title: barloom wrote it. */
function tickersOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : parseTickerList(text, { header: false });
}
