/**
 * progress.json and its journal. A step is in the journal, durable, before anyone hears of it; progress.json is rewritten
 * atomically only when the journal is folded in (at the end of a run, or when it grows), so a long run costs no quadratic writes.
 */
import type { FileHandle } from 'node:fs/promises';
import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { SessionCalendar } from '#market/calendar/sessions.js';
import { moveAside, replaceFiles, syncFolder } from '#platform/disk/durable.js';
import { about, isFull } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import { ProgressFileError, parseProgress, renderProgress } from './file.js';
import { emptyProgress, type Progress } from './model.js';
import { isStep } from './records.js';
import { applyStep, type Step } from './steps.js';

/** Journal bytes at which it is folded in although the run goes on. */
const FOLD_BYTES = 8 << 20;
/** Many times what the largest market's takes; a text much longer than that Node cannot hold. */
export const MOST_PROGRESS_BYTES = 256 << 20;
/** A journal that may wait for the next run, bytes. */
const SMALL_BYTES = 64 << 10;

export interface ProgressStore {
  readonly progress: Progress;
  /** What was found amiss while loading, for the user. */
  readonly warnings: readonly string[];
  /** Makes the steps durable, then applies them. Calls are carried out one after another. */
  record(steps: readonly Step[]): Promise<void>;
  /** For who is about to give files their final names: throws LockedError where the lock is not this run's any more. `record` does it too. */
  checkLock(): Promise<void>;
  /**
   * Folds the journal into progress.json and closes it. `small`: a journal of a few steps stays as it is, for the next run to fold: two
   * barriers less for a command that is over in a moment.
   */
  close(small?: 'keep' | 'fold'): Promise<void>;
}

export interface ProgressOptions {
  readonly dataDir: string;
  readonly calendarOf: (dataset: string) => SessionCalendar;
  /** Readers change nothing: a damaged file stays where it is, and steps are refused. */
  readonly readOnly: boolean;
  readonly now: Date;
  /** Throws LockedError where the folder's lock is not held any more. Readers hold none. */
  readonly checkLock?: () => Promise<void>;
}

/** Throws ProgressFileError only where a newer barloom wrote the file; anything else that is unreadable is moved aside. */
export async function openProgress(options: ProgressOptions): Promise<ProgressStore> {
  const { dataDir, calendarOf, readOnly, checkLock = async () => undefined } = options;
  const file = path.join(dataDir, 'progress.json');
  const journalFile = path.join(dataDir, 'progress.ndjson');
  const { progress, warnings, replayed } = await readBoth(file, journalFile, options);
  if (replayed.ignored > 0) {
    const lines = replayed.ignored === 1 ? '1 line' : `${replayed.ignored} lines`;
    warnings.push(
      `progress.ndjson: ${lines} could not be read and ${replayed.ignored === 1 ? 'is' : 'are'} ignored`,
    );
  }
  let journal: FileHandle | undefined;
  let journalBytes = replayed.bytes;
  // Whether the journal ends in the middle of a line, or holds what cannot be read: then nothing is written behind it.
  let torn = replayed.torn || replayed.ignored > 0;
  let dirty = journalBytes > 0;
  let turn: Promise<void> = Promise.resolve();

  const fold = async (): Promise<void> => {
    await checkLock();
    await journal?.close();
    journal = undefined;
    journalBytes = 0;
    await replaceFiles([{ file, content: renderProgress(progress) }], checkLock);
    await rm(journalFile, { force: true });
    await syncFolder(dataDir);
    dirty = false;
    torn = false;
  };
  const write = async (steps: readonly Step[]): Promise<void> => {
    if (readOnly) throw new Error('progress is open for reading only');
    await checkLock();
    // A torn last line of a killed run must not run into ours.
    if (torn) await fold();
    if (journal === undefined) {
      journal = await open(journalFile, 'a', FILE_MODE);
      if (journalBytes === 0) await syncFolder(dataDir);
    }
    dirty = true;
    const lines = steps.map(journalLine).join('');
    try {
      await journal.appendFile(lines);
      await journal.datasync();
    } catch (error) {
      // Half a line may stand there. On a full disk it is taken back; else the next step folds first, so that it does not run into it.
      torn = !isFull(error) || !(await cutBack(journal, journalBytes));
      await journal.close().catch(() => undefined);
      journal = undefined;
      throw about(error, journalFile);
    }
    for (const step of steps) applyStep(progress, step, calendarOf);
    journalBytes += Buffer.byteLength(lines);
    if (journalBytes > FOLD_BYTES) await fold();
  };
  const inTurn = (action: () => Promise<void>): Promise<void> => {
    const done = turn.then(action);
    turn = done.catch(() => undefined);
    return done;
  };
  return {
    progress,
    warnings,
    record: (steps) => inTurn(() => write(steps)),
    checkLock,
    close: (small = 'fold') =>
      inTurn(async () => {
        const keep = small === 'keep' && !torn && journalBytes <= SMALL_BYTES;
        if (dirty && !readOnly && !keep) await fold();
        await journal?.close();
        journal = undefined;
      }),
  };
}

async function cutBack(journal: FileHandle, bytes: number): Promise<boolean> {
  try {
    await journal.truncate(bytes);
    return true;
  } catch {
    return false;
  }
}

interface ReadProgress {
  readonly progress: Progress;
  readonly warnings: string[];
  readonly replayed: Awaited<ReturnType<typeof replay>>;
}

/** So often a reader begins again where a writer folds the journal in meanwhile. */
const READS = 20;

/**
 * progress.json, then its journal. A reader takes no lock: where progress.json was replaced between the two, the journal was of the one before,
 * or is gone, and both are read again.
 */
async function readBoth(file: string, journalFile: string, options: ProgressOptions): Promise<ReadProgress> {
  for (let tries = 1; ; tries++) {
    const before = await versionOf(file);
    const warnings: string[] = [];
    const progress = await load(file, options, warnings);
    const replayed = await replay(journalFile, progress, options.calendarOf);
    if (!options.readOnly || tries === READS || (await versionOf(file)) === before)
      return { progress, warnings, replayed };
  }
}

async function versionOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    return '';
  }
}

async function load(file: string, options: ProgressOptions, warnings: string[]): Promise<Progress> {
  const text = await readTextIfThere(file, MOST_PROGRESS_BYTES);
  if (text === undefined) return emptyProgress();
  try {
    return parseProgress(text);
  } catch (error) {
    if (!(error instanceof ProgressFileError) || error.newer) throw error;
    const aside = options.readOnly ? undefined : await moveAside(file, 'unreadable', options.now);
    const what = aside === undefined ? 'it is not used' : `it was moved to ${path.basename(aside)}`;
    warnings.push(
      `progress.json: ${error.message}; ${what}, and what is done is learnt again from the folders`,
    );
    return emptyProgress();
  }
}

async function replay(
  file: string,
  progress: Progress,
  calendarOf: (dataset: string) => SessionCalendar,
): Promise<{ readonly bytes: number; readonly torn: boolean; readonly ignored: number }> {
  const text = (await readTextIfThere(file, MOST_PROGRESS_BYTES)) ?? '';
  const lines = text.split('\n');
  // What stands behind the last line end was being written when the run was killed.
  const torn = lines.pop() ?? '';
  let ignored = 0;
  for (const line of lines) {
    try {
      applyStep(progress, stepOf(line), calendarOf);
    } catch {
      ignored++;
    }
  }
  return { bytes: Buffer.byteLength(text), torn: torn !== '', ignored };
}

/** A step as JSON, a tab, the CRC-32 of the JSON: a line that rots is not taken for another step. */
function journalLine(step: Step): string {
  const json = JSON.stringify(step);
  return `${json}\t${checkOf(json)}\n`;
}

/** Throws where the line does not hold what was written. One without a check, of an older barloom, is taken as it is. */
function stepOf(line: string): Step {
  const at = line.lastIndexOf('\t');
  const json = at < 0 ? line : line.slice(0, at);
  if (at >= 0 && line.slice(at + 1) !== checkOf(json)) throw new Error('the check does not fit');
  const step: unknown = JSON.parse(json);
  if (!isStep(step)) throw new Error('no step');
  return step;
}

function checkOf(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
