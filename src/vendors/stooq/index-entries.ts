/** What a price file's path tells: ticker, region, category. */
import type { IndexEntry } from '#market/instruments/instrument.js';
import type { StooqTree } from './scan-tree.js';

const ENDING = '.txt'.length;

/**
 * `d_us_txt/data/daily/us/nasdaq stocks/1/aapl.us.txt` is AAPL.US of region us, category `nasdaq stocks/1`.
 * Without a folder `daily`, the region is the first folder and the category the rest.
 */
export function indexEntries({ folders }: Pick<StooqTree, 'folders'>): readonly IndexEntry[] {
  return folders.flatMap(({ path, names }) => {
    const place = placeOf(path);
    const folder = path === '' ? '' : `${path}/`;
    return names.map((name) => ({ ticker: tickerOf(name), path: `${folder}${name}`, ...place }));
  });
}

/** Of one price file, by its path from the root. */
export function indexEntry(path: string): IndexEntry {
  const slash = path.lastIndexOf('/');
  return { ticker: tickerOf(path.slice(slash + 1)), path, ...placeOf(path.slice(0, Math.max(0, slash))) };
}

function tickerOf(name: string): string {
  return name.slice(0, -ENDING).toUpperCase();
}

function placeOf(folder: string): Pick<IndexEntry, 'region' | 'category'> {
  const parts = folder === '' ? [] : folder.split('/');
  const from = parts.indexOf('daily') + 1;
  return { region: parts[from] ?? '', category: parts.slice(from + 1).join('/') };
}
