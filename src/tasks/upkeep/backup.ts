/**
 * backup: a data folder as one tar file that any tar unpacks into a working folder again: same bytes, same
 * times to the millisecond, so that nothing has to be learnt again. Memory does not grow with the files.
 */
import path from 'node:path';
import { Header } from 'tar/header';
import { Pax } from 'tar/pax';
import { about } from '#platform/disk/errors.js';
import { openToRead, partsOf, readBytes } from '#platform/disk/read.js';
import { newSha256 } from '#platform/disk/sha256.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { ACCEPTED_FILE } from '#store/ledger/accepted.js';
import { RUN_FILE } from '#store/ledger/run-file.js';
import { defaultListNames } from '#store/lists/lists.js';
import { trackedFileName } from '#store/lists/tracked.js';
import { CHECKSUMS, checksumLine } from './checksums.js';
import { type FileFact, fileFact, LocalStorageError } from './files.js';
import { archiveFiles, quoteFiles, restTableFiles, seriesFiles } from './own-files.js';

const BLOCK = 512;
/** Read and written at a time. */
const CHUNK = 1 << 20;

export interface BackupEntry extends FileFact {
  readonly kind: 'folder' | 'series' | 'archive' | 'tables' | 'quotes';
  /** In the place of what stands in the file. */
  readonly content?: Uint8Array;
}

export interface BackupPlan {
  readonly entries: readonly BackupEntry[];
  /** Of the whole tar file, at most a little less. */
  readonly bytes: number;
  /**
   * Whether barloom.json names an archive folder, which the copy in the backup does not: there it lies in
   * massive_cache.
   */
  readonly withoutArchiveDir: boolean;
  /** The same of the folder of imported quotes, which there are in quotes. */
  readonly withoutQuotesPath: boolean;
}

/**
 * What cannot be had again, and nothing of somebody else's: progress, settings, holes that were accepted,
 * ticker lists, series, tables of the REST API, imported quotes (`quotes`: their folder), and the archive, under massive_cache wherever
 * it lies. `lists`: ticker files that settings name; those in the data folder are taken along.
 */
export async function planBackup(
  layout: FolderLayout,
  quotes: string,
  lists: readonly string[],
): Promise<BackupPlan> {
  const { dataDir, archiveDir } = layout;
  const names = new Set([
    'progress.json',
    'progress.ndjson',
    ACCEPTED_FILE,
    RUN_FILE,
    SETTINGS_FILE,
    ...defaultListNames,
    trackedFileName,
    ...lists.flatMap((list) => belowFolder(dataDir, list)),
  ]);
  const entries: BackupEntry[] = [];
  let [withoutArchiveDir, withoutQuotesPath] = [false, false];
  for (const name of [...names].sort()) {
    const fact = await fileFact(path.join(dataDir, name), name);
    if (fact === undefined) continue;
    const kept = name === SETTINGS_FILE ? await settingsToKeep(fact.file) : undefined;
    withoutArchiveDir ||= kept?.archiveDir !== undefined;
    withoutQuotesPath ||= kept?.quotesPath !== undefined;
    const content = kept?.content;
    entries.push({
      ...fact,
      kind: 'folder',
      ...(content === undefined ? {} : { content, size: content.length }),
    });
  }
  for (const fact of await seriesFiles(path.join(dataDir, 'data_cache')))
    entries.push({ ...fact, kind: 'series', name: `data_cache/${fact.name}` });
  for (const fact of await archiveFiles(archiveDir))
    entries.push({ ...fact, kind: 'archive', name: `massive_cache/${fact.name}` });
  for (const fact of await restTableFiles(layout))
    entries.push({ ...fact, kind: 'tables', name: `tables/${fact.name}` });
  for (const fact of await quoteFiles(quotes))
    entries.push({ ...fact, kind: 'quotes', name: `quotes/${fact.name}` });
  const withSums = [...entries, checksumsOf(entries.map(({ name }) => checksumLine(name, NO_SUM)).join(''))];
  const bytes = withSums.reduce(
    (sum, entry) => sum + headersOf(entry).length + padded(entry.size),
    2 * BLOCK,
  );
  return { entries, bytes, withoutArchiveDir, withoutQuotesPath };
}

/** As long as one. */
const NO_SUM = '0'.repeat(64);

/** The last file of the tar, of the lines of all the others. */
function checksumsOf(lines: string): BackupEntry {
  const content = Buffer.from(lines);
  const [name, file] = [CHECKSUMS, CHECKSUMS];
  return { kind: 'folder', name, file, content, size: content.length, mtimeMs: 0, mode: 0o644 };
}

const SETTINGS_FILE = 'barloom.json';

function belowFolder(dataDir: string, list: string): readonly string[] {
  const name = path.relative(dataDir, path.resolve(dataDir, list));
  return name === '' || name.startsWith('..') || path.isAbsolute(name)
    ? []
    : [name.split(path.sep).join('/')];
}

interface KeptSettings {
  readonly content: Uint8Array;
  /** What it named, and does not any more. */
  readonly archiveDir: unknown;
  readonly quotesPath: unknown;
}

/** Undefined where it can stay as it is. */
async function settingsToKeep(file: string): Promise<KeptSettings | undefined> {
  const text = (await readBytes(file)).toString('utf8').replace(/^\uFEFF/, '');
  const { archiveDir, historicalData, ...rest } = JSON.parse(text) as Record<string, unknown>;
  const { 'historicalData.path': flat, ...others } = rest;
  const { path: nested, ...historical } = Object(historicalData) as Record<string, unknown>;
  const quotesPath = nested ?? flat;
  if (archiveDir === undefined && quotesPath === undefined) return undefined;
  const kept = historicalData === undefined ? others : { ...others, historicalData: historical };
  return { content: Buffer.from(`${JSON.stringify(kept, null, 2)}\n`), archiveDir, quotesPath };
}

export interface TarSink {
  readonly write: (bytes: Uint8Array) => Promise<unknown>;
  /** Told of all bytes so far. */
  readonly progress?: (bytes: number) => void;
  /**
   * Asked once all files are written, before the end that makes a whole tar of it: throws where they do not
   * belong together.
   */
  readonly check?: () => Promise<void>;
}

/**
 * Writes the tar. False where the signal stopped it. Throws LocalStorageError where a file is not any more
 * what the plan says, the disk's error, and what the sink throws.
 */
export async function writeBackup(
  { entries }: Pick<BackupPlan, 'entries'>,
  sink: TarSink,
  signal: AbortSignal,
): Promise<boolean> {
  let waiting: Uint8Array[] = [];
  let gathered = 0;
  let written = 0;
  const flush = async (): Promise<void> => {
    await sink.write(Buffer.concat(waiting));
    written += gathered;
    sink.progress?.(written);
    waiting = [];
    gathered = 0;
  };
  const put = async (bytes: Uint8Array): Promise<void> => {
    waiting.push(bytes);
    gathered += bytes.length;
    if (gathered >= CHUNK) await flush();
  };
  const putEntry = async (entry: BackupEntry): Promise<string | undefined> => {
    const hash = newSha256();
    await put(headersOf(entry));
    for await (const bytes of contentOf(entry)) {
      if (signal.aborted) return undefined;
      hash.update(bytes);
      await put(bytes);
    }
    await put(Buffer.alloc(padded(entry.size) - entry.size));
    return hash.digest();
  };
  let lines = '';
  for (const entry of entries) {
    if (signal.aborted) return false;
    const sum = await putEntry(entry);
    if (sum === undefined) return false;
    lines += checksumLine(entry.name, sum);
  }
  await sink.check?.();
  if ((await putEntry(checksumsOf(lines))) === undefined) return false;
  await put(Buffer.alloc(2 * BLOCK));
  await flush();
  return true;
}

/**
 * Throws LocalStorageError where the folder does not hold any more what was planned, for a backup without the
 * lock.
 */
export function checkSamePlan(before: BackupPlan, after: BackupPlan): void {
  const facts = new Map(after.entries.map((entry) => [entry.name, entry]));
  const other = before.entries.find(({ name, size, mtimeMs }) => {
    const now = facts.get(name);
    facts.delete(name);
    return now?.size !== size || now.mtimeMs !== mtimeMs;
  });
  const [fresh] = facts.values();
  const file = other?.file ?? fresh?.file;
  if (file !== undefined) throw changed(file);
}

/** A pax header for the name, whatever its length, and the time with its fraction; then the plain one. */
function headersOf({ name, size, mtimeMs, mode }: BackupEntry): Uint8Array {
  const facts = { path: name, size, mtime: new Date(mtimeMs), mode };
  const block = Buffer.alloc(BLOCK);
  new Header({ ...facts, type: 'File' }).encode(block);
  return Buffer.concat([new Pax(facts).encode(), block]);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

async function* contentOf({ file, size, content }: BackupEntry): AsyncGenerator<Uint8Array> {
  if (content !== undefined) {
    yield content;
    return;
  }
  const handle = await openToRead(file);
  try {
    let done = 0;
    for await (const part of partsOf(handle, { length: size })) {
      done += part.length;
      yield part;
    }
    if (done < size || (await handle.stat()).size !== size) throw changed(file);
  } catch (error) {
    throw about(error, file);
  } finally {
    await handle.close();
  }
}

function changed(file: string): LocalStorageError {
  return new LocalStorageError(
    `${file} was changed while it was being read, by another run or a program that takes no lock: run the same command again`,
  );
}
