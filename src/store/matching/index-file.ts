/**
 * The index of the archive as a CSV, a line a price file, sorted by path. Written for people and other
 * programs: it is never read back.
 */
import type { IndexEntry } from '#market/instruments/instrument.js';
import { csvRow } from './csv-row.js';

export function indexCsv(entries: readonly IndexEntry[]): string {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const rows = sorted.map(({ ticker, path, region, category }) =>
    csvRow([ticker, ticker, path, region, category]),
  );
  return `ticker,stem,relative_path,region,category\n${rows.join('')}`;
}
