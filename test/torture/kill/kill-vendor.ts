/**
 * A vendor in a folder and the data folders that killed commands begin with, made once a test file and copied
 * for each kill.
 */
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { HEADER, keyOf, Workdir } from '../../support/workdir.js';

export const FIRST = '2024-05-20';
/** What the folder holds before the killed command begins. */
export const HERE = { start: '2024-05-28', end: '2024-06-07' };
export const LAST = '2024-06-13';
/** Replaced by the vendor after the folder had them. */
const REPLACED = ['2024-06-04', '2024-06-06'];
export const TRACKED = ['AAPL', 'BRK.B', 'BApA'];
const OTHERS = Array.from({ length: 320 }, (_, i) => `T${String(i).padStart(3, '0')}`);
const MARKET = [...TRACKED, 'NA', ...OTHERS].sort();
/** A row of a day that no archive has, in the user's own file. */
export const USERS_ROW = '2023-01-03,1.5,2.5,1,2,300\n';

export interface Folders {
  readonly vendor: string;
  /** Populated with HERE before the vendor replaced days; with an archive, and without. */
  readonly filled: Workdir;
  readonly bare: Workdir;
  readonly empty: Workdir;
}

/** The price of a bar, different for each ticker and day; `version` 1 is the replaced file's. */
function dayText(day: string, version: 0 | 1): string {
  const date = Number(day.replaceAll('-', '')) % 10_000;
  const lines = MARKET.flatMap((ticker, i) => {
    // Not every ticker trades every day, and the replaced file has other ones.
    if (i % 7 === (date + version) % 7 && ticker.startsWith('T')) return [];
    const open = 10 + i + (date % 89) / 8 + (i % 3 === 0 ? version : 0);
    return [
      `${ticker},${1000 + i * date + version},${open},${open + 0.5},${open + 1.25},${open - 1},1718251200000000000,${i + 1}\n`,
    ];
  });
  return HEADER + lines.join('');
}

function publish(vendor: string, day: string, version: 0 | 1): void {
  const file = path.join(vendor, 'flatfiles', keyOf(day));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, gzipSync(dayText(day, version)));
  const at = Date.parse(`${day}T21:00:00Z`) / 1000 + 86_400 * version;
  utimesSync(file, at, at);
}

async function populated(
  vendor: string,
  more: string,
  whenOver: (remove: () => Promise<void>) => void,
): Promise<Workdir> {
  const work = await Workdir.make({ endpoint: `file:${vendor}` }, whenOver);
  await work.write('stocks.txt', '# mine\nAAPL\n');
  await work.write('data_cache/AAPL_1d_data.csv', `Date,Open,High,Low,Close,Volume\n${USERS_ROW}`);
  const range = `--start ${HERE.start} --end ${HERE.end}`;
  const { code, stderr } = await work.populate(`${range} --tickers BRK.B,BApA ${more}`);
  if (code !== 0) throw new Error(stderr);
  return work;
}

/** As in `Workdir.make`: `whenOver` is told how to remove what was made. */
async function killFolders(whenOver: (remove: () => Promise<void>) => void): Promise<Folders> {
  const empty = await Workdir.make(undefined, whenOver);
  const vendor = path.join(empty.root, 'vendor');
  for (const day of nyse.sessions(FIRST, LAST)) publish(vendor, day, 0);
  empty.endpoint = `file:${vendor}`;
  mkdirSync(empty.data);
  writeFileSync(empty.at('stocks.txt'), '# mine\nAAPL\n');
  const filled = await populated(vendor, '', whenOver);
  const bare = await populated(vendor, '--no-save-others', whenOver);
  for (const day of REPLACED) publish(vendor, day, 1);
  return { vendor, filled, bare, empty };
}

/** A copy with folders for what a command writes elsewhere. */
export async function copyOf(
  work: Workdir,
  whenOver: (remove: () => Promise<void>) => void,
): Promise<Workdir> {
  const copy = await work.copy(whenOver);
  mkdirSync(path.join(copy.root, 'tmp'));
  mkdirSync(path.join(copy.root, 'out'));
  return copy;
}

/** Rewrites a file of the folder in place. */
export function change(work: Workdir, name: string, how: (bytes: Buffer) => Buffer | string): void {
  writeFileSync(work.at(name), how(readFileSync(work.at(name))));
}

export function flip(bytes: Buffer): Buffer {
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

export function namesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).map((entry) =>
    path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
  );
}

/**
 * The folders of a test file, made before its tests; what `whenOver` is told is removed when all are over.
 */
export function sharedKillFolders(): {
  readonly folders: () => Folders;
  readonly whenOver: (remove: () => Promise<void>) => void;
} {
  const removals: (() => Promise<void>)[] = [];
  let made: Folders | undefined;
  const whenOver = (remove: () => Promise<void>): void => {
    removals.push(remove);
  };
  beforeAll(async () => {
    made = await killFolders(whenOver);
  }, 300_000);
  afterAll(async () => {
    for (const remove of removals) await remove();
  });
  return { folders: () => made ?? expect.unreachable(), whenOver };
}
