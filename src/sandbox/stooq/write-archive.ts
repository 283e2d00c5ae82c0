/**
 * Writes a synthetic Stooq archive and lists that fit it, for tests, measurements and a first try. What the
 * lists name has a history of true length; the rest has a few rows, unless all is asked for.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ArchiveFile, archiveFiles } from './archive-files.js';
import { brokerLists } from './broker-lists.js';
import { priceFileText, trueRows } from './price-file.js';

export interface ArchiveOptions {
  /**
   * The archive comes into data/stooq below it, the lists into tradeable_instruments: where `match` looks for
   * them.
   */
  readonly folder: string;
  /** About so many. */
  readonly files: number;
  /** Every file as long as real ones are: 150 kB each. */
  readonly trueSizes: boolean;
}

export interface WrittenArchive {
  readonly files: number;
  readonly instruments: number;
  readonly bytes: number;
}

const FEW_ROWS = 3;

/** Throws the disk's error. */
export function writeArchive({ folder, files: count, trueSizes }: ArchiveOptions): WrittenArchive {
  const root = path.join(folder, 'data', 'stooq');
  const files = archiveFiles(count);
  const lists = brokerLists(files);
  const named = trueSizes ? undefined : namesIn(lists.map(({ text }) => text));
  const made = new Set<string>();
  let bytes = 0;
  const write = (name: string, text: string): void => {
    const file = path.join(root, name);
    const parent = path.dirname(file);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(file, text);
    bytes += text.length;
  };
  for (const file of files) write(file.path, textOf(file, named));
  // What lies in the tree and is no ticker's file.
  write('d_us_txt/20251003_d.txt', priceFileText('AAPL.US', FEW_ROWS) + priceFileText('BRK-B.US', FEW_ROWS));
  write('d_us_txt/data/.unfinished/aapl.us.txt', '');
  const folderOfLists = path.join(folder, 'tradeable_instruments');
  mkdirSync(folderOfLists, { recursive: true });
  for (const { name, text } of lists) writeFileSync(path.join(folderOfLists, name), text);
  const instruments = lists.reduce((sum, { text }) => sum + text.trimEnd().split('\n').length - 1, 0);
  return { files: files.length, instruments, bytes };
}

function textOf({ ticker }: ArchiveFile, named: ReadonlySet<string> | undefined): string {
  const rows = trueRows(ticker);
  const isLong = named === undefined || named.has(ticker.replace(/\.\w+$/, ''));
  return priceFileText(ticker, isLong ? rows : Math.min(rows, FEW_ROWS));
}

/** Every word of the lists that may be a name, spelled as the archive spells classes. */
function namesIn(texts: readonly string[]): ReadonlySet<string> {
  const words = texts.flatMap((text) => text.match(/[A-Z0-9][A-Z0-9.-]*/g) ?? []);
  return new Set([...words.map((word) => word.replace('.', '-')), 'BAC_L', 'META']);
}
