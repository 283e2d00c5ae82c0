/**
 * restore: the files of a backup, back into a data folder. All are written under temporary names and compared
 * with the backup's checksums first; then they get their names, each whole. A file that is newer than the
 * backup's stays, unless it is told to be replaced.
 */
import { rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDurable, makeFolder, syncFolder, temporaryName } from '#platform/disk/durable.js';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { newSha256 } from '#platform/disk/sha256.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { RUN_FILE } from '#store/ledger/run-file.js';
import { CHECKSUMS, checksumLine } from './checksums.js';
import { TarDamage, type TarEntry, tarEntries } from './tar-entries.js';

export interface RestoreRequest {
  readonly layout: FolderLayout;
  /** Where imported quotes lie. */
  readonly quotes: string;
  readonly tar: AsyncIterable<Uint8Array>;
  /** Newer files go too. */
  readonly force: boolean;
  /** Nothing is written: what would be. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  /** Bytes of content so far. */
  readonly progress: (bytes: number) => void;
  /** Throws where the right to write is gone. */
  readonly checkLock: () => Promise<void>;
}

export interface Restored {
  /** Names in the backup. */
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Newer here than in the backup. */
  readonly kept: readonly string[];
  readonly bytes: number;
  /** Whether the backup has checksums; an older barloom's has none. */
  readonly checked: boolean;
}

/** Throws TarDamage, with nothing changed, and the disk's error. Undefined where it was stopped. */
export async function restoreBackup(request: RestoreRequest): Promise<Restored | undefined> {
  const { dryRun, signal, checkLock } = request;
  const waiting: Waiting[] = [];
  try {
    const read = await readAll(request, waiting);
    if (read === undefined) return undefined;
    const names = (fate: Waiting['fate']) =>
      waiting.filter((one) => one.fate === fate).map(({ name }) => name);
    const restored = {
      written: names('written'),
      unchanged: names('unchanged'),
      kept: names('kept'),
      bytes: waiting.reduce((sum, { fate, size }) => (fate === 'written' ? sum + size : sum), 0),
      checked: read.checked,
    };
    if (dryRun) return restored;
    const written = waiting.filter(({ fate }) => fate === 'written');
    await makeDurable(written.map(({ file }) => temporaryName(file)));
    if (signal.aborted) return undefined;
    await checkLock();
    // What is recorded comes last: until then the folder knows less than it holds, never more.
    const inOrder = [...written].sort((a, b) => Number(isRecord(a)) - Number(isRecord(b)));
    for (const { name, file } of inOrder) {
      if (name === 'progress.json') await rm(path.join(path.dirname(file), JOURNAL), { force: true });
      await rename(temporaryName(file), file);
    }
    for (const folder of new Set(written.map(({ file }) => path.dirname(file)))) await syncFolder(folder);
    return restored;
  } finally {
    if (!dryRun)
      for (const { fate, file } of waiting)
        if (fate === 'written') await rm(temporaryName(file), { force: true });
  }
}

const JOURNAL = 'progress.ndjson';

function isRecord({ name }: Waiting): boolean {
  return name === 'progress.json' || name === JOURNAL;
}

interface Waiting {
  readonly name: string;
  readonly file: string;
  readonly size: number;
  readonly fate: 'written' | 'unchanged' | 'kept';
}

/** Undefined where it was stopped. Throws TarDamage where a file is not what its checksum says. */
async function readAll(
  request: RestoreRequest,
  waiting: Waiting[],
): Promise<{ readonly checked: boolean } | undefined> {
  const { signal, progress } = request;
  const sums = new Map<string, string>();
  let told: string | undefined;
  let bytes = 0;
  for await (const entry of tarEntries(request.tar)) {
    if (signal.aborted) return undefined;
    if (entry.name === CHECKSUMS) {
      told = await textOf(entry);
      continue;
    }
    const file = fileOf(entry.name, request);
    const hash = newSha256();
    const content = async function* (): AsyncGenerator<Uint8Array> {
      for await (const part of entry.content()) {
        hash.update(part);
        bytes += part.length;
        progress(bytes);
        yield part;
      }
    };
    const fate = await fateOf(entry, file, request.force);
    waiting.push({ name: entry.name, file, size: entry.size, fate });
    if (fate === 'written' && !request.dryRun) await writeTemporary(entry, file, content());
    else for await (const _ of content());
    sums.set(entry.name, hash.digest());
  }
  if (sums.size === 0) throw new TarDamage("it holds no file: it is no backup of barloom's");
  if (told === undefined) return { checked: false };
  const lines = new Set(told.split('\n'));
  const wrong = [...sums].find(([name, sum]) => !lines.has(checksumLine(name, sum).slice(0, -1)));
  if (wrong !== undefined) throw new TarDamage(`${wrong[0]} is not what its checksum says`);
  if (lines.size - 1 !== sums.size) throw new TarDamage('it lacks files that its checksums name');
  return { checked: true };
}

const MOST_CHECKSUM_BYTES = 1 << 28;

async function textOf({ size, content }: TarEntry): Promise<string> {
  if (size > MOST_CHECKSUM_BYTES) throw new TarDamage('its list of checksums is too long');
  const parts: Uint8Array[] = [];
  for await (const part of content()) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** Where it goes. Throws TarDamage for a name that is none of a backup's: it might lead anywhere. */
function fileOf(name: string, { layout, quotes }: RestoreRequest): string {
  const steps = name.split('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const isOdd = (step: string): boolean => step === '' || /^\.(?!toc$|source\.json$)|[\\:\0-\x1f]/.test(step);
  if (name !== RUN_FILE && steps.some(isOdd))
    throw new TarDamage(`${JSON.stringify(name)} is no file of a backup of barloom's`);
  const [first = '', ...below] = steps;
  if (first === 'massive_cache' && below.length > 0) return path.join(layout.archiveDir, ...below);
  if (first === 'quotes' && below.length > 0) return path.join(quotes, ...below);
  return path.join(layout.dataDir, ...steps);
}

/** Throws the disk's error. */
async function fateOf(entry: TarEntry, file: string, force: boolean): Promise<Waiting['fate']> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return 'written';
  const mtimeMs = Math.floor(found.mtimeMs);
  if (found.isFile() && found.size === entry.size && mtimeMs === entry.mtimeMs) return 'unchanged';
  return mtimeMs > entry.mtimeMs && !force ? 'kept' : 'written';
}

async function writeTemporary(
  { mtimeMs, mode }: TarEntry,
  file: string,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  await makeFolder(path.dirname(file));
  const temporary = temporaryName(file);
  await rm(temporary, { force: true });
  try {
    // `wx` follows no link that waits under the name.
    await writeFile(temporary, content, { flag: 'wx', mode: mode === 0 ? FILE_MODE : mode });
    // In seconds a millisecond is not exact: within it is.
    await utimes(temporary, (mtimeMs + 0.5) / 1000, (mtimeMs + 0.5) / 1000);
  } catch (error) {
    if (error instanceof TarDamage) throw error;
    throw about(error, file);
  }
}
