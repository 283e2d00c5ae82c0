/** What stands in the data folder, read with nothing of the program's. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SERIES_HEADER } from '../../support/workdir.js';
import { type Day, FILE_STEMS, TICKERS, type Values } from './market.js';

export interface SeriesSeen {
  readonly rows: ReadonlyMap<Day, Values>;
  /** `foreign`: rows that can be read, in another form than barloom's. */
  readonly form: 'own' | 'foreign' | 'unreadable';
}

export interface FolderSeen {
  readonly series: ReadonlyMap<string, SeriesSeen>;
  /** The text of each day; undefined where it is not to be had. */
  readonly archive: ReadonlyMap<Day, string | undefined>;
  readonly tracked: readonly string[];
  readonly names: readonly string[];
  /** What was moved aside or kept beside a file, by name: the SHA-256 of its bytes. */
  readonly asides: ReadonlyMap<string, string>;
}

const LINE = /^(\d{4}-\d\d-\d\d),(\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?){4})$/;

export function look(dataDir: string): FolderSeen {
  const series = new Map<string, SeriesSeen>();
  for (const ticker of TICKERS) {
    const bytes = readIfThere(seriesPath(dataDir, ticker));
    if (bytes !== undefined) series.set(ticker, parseSeries(bytes.toString('utf8')));
  }
  const archive = new Map<Day, string | undefined>();
  const names = namesIn(dataDir);
  for (const name of names) {
    const [, day] = /^massive_cache\/(\d{4}-\d\d-\d\d)\.csv\.gz$/.exec(name) ?? [];
    if (day !== undefined) archive.set(day, textOf(path.join(dataDir, name)));
  }
  const tracked = (readIfThere(path.join(dataDir, 'tracked.txt'))?.toString('utf8') ?? '')
    .split('\n')
    .filter(Boolean);
  const asides = new Map(
    names
      .filter((name) => /\.(?:unreadable|original|damaged)-/.test(name))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(path.join(dataDir, name)))
          .digest('hex'),
      ]),
  );
  return { series, archive, tracked, names, asides };
}

export function seriesPath(dataDir: string, ticker: string): string {
  return path.join(dataDir, 'data_cache', `${FILE_STEMS[ticker]}_1d_data.csv`);
}

function parseSeries(text: string): SeriesSeen {
  const unreadable = { rows: new Map<Day, Values>(), form: 'unreadable' } as const;
  const plain = text.replaceAll('\r\n', '\n');
  if (!plain.startsWith(SERIES_HEADER) || !plain.endsWith('\n')) return unreadable;
  const rows = new Map<Day, Values>();
  let before = '';
  for (const line of plain.slice(SERIES_HEADER.length).split('\n').slice(0, -1)) {
    const [, day = '', values = ''] = LINE.exec(line) ?? [];
    if (day <= before) return unreadable;
    rows.set(day, values);
    before = day;
  }
  return { rows, form: plain === text ? 'own' : 'foreign' };
}

export function renderSeries(rows: Iterable<readonly [Day, Values]>): string {
  const lines = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, values]) => `${day},${values}\n`);
  return SERIES_HEADER + lines.join('');
}

function textOf(file: string): string | undefined {
  try {
    return gunzipSync(readFileSync(file)).toString('utf8');
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}

function namesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
