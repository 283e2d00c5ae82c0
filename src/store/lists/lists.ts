/**
 * The user's ticker lists: the six that barloom looks for in the data folder, or those that were named
 * instead. They are the user's; nothing here writes.
 */
import { join, resolve } from 'node:path';
import { readTickerList } from './list-file.js';
import { isTickerLike } from './list-lines.js';
import { readTextFile } from './text-file.js';
import { TickerListError } from './ticker-list-error.js';

/** Read from the data folder, those that exist, where no list is named. */
export const defaultListNames: readonly string[] = [
  'stocks.txt',
  'ibd.txt',
  'ibd20.txt',
  'ltl.txt',
  'cmb.txt',
  'short.txt',
];

export interface TickerList {
  /** As the user named it. */
  readonly file: string;
  /** Where it was found. */
  readonly path: string;
  /** Each once. */
  readonly tickers: readonly string[];
  /** How many they are. */
  readonly count: number;
  /** Why there are none, where the file looks like a list: `is an HTML page`. */
  readonly barren: string | undefined;
}

export interface TickerLists {
  /** The union, each ticker once, in the order of the lists and of the lines in them. */
  readonly tickers: readonly string[];
  readonly lists: readonly TickerList[];
}

/**
 * `files` undefined: the default six in `dataDir`, those that exist (none may; no ticker is then no error
 * here). Otherwise exactly `files`, each looked for from `cwd` and then in `dataDir`. Throws TickerListError
 * for a named file that exists in neither place, and for one that cannot be read or is over 64 MiB.
 */
export async function readTickerLists(
  dataDir: string,
  files: readonly string[] | undefined,
  cwd: string,
): Promise<TickerLists> {
  const tickers = new Set<string>();
  const lists: TickerList[] = [];
  for (const file of files ?? defaultListNames) {
    const places =
      files === undefined ? [join(dataDir, file)] : [resolve(cwd, file), resolve(cwd, dataDir, file)];
    const found = await readFirst(places, files === undefined ? 'refuse' : 'wait');
    if (found !== undefined) {
      const { tickers: listed, isBlank, insteadOfList } = readTickerList(found.text);
      for (const ticker of listed) tickers.add(ticker);
      const barren =
        isBlank || listed.length > 0
          ? undefined
          : insteadOfList === undefined
            ? 'names no ticker'
            : `is ${insteadOfList}`;
      lists.push({ file, path: found.path, tickers: listed, count: listed.length, barren });
    } else if (files !== undefined) {
      const hint = isTickerLike(file)
        ? ` If ${file} is a ticker, put it before --ticker-files, which takes all that follows.`
        : '';
      throw new TickerListError(
        file,
        `There is no ticker list ${[...new Set(places)].join(' nor ')}.${hint}`,
      );
    }
  }
  return { tickers: [...tickers], lists };
}

async function readFirst(
  paths: readonly string[],
  pipes: 'refuse' | 'wait',
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (const path of paths) {
    const text = await readTextFile(path, pipes);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}
