/**
 * progress.json and its journal. A step is in the journal, durable, before anyone hears of it (journal.ts);
 * progress.json is rewritten atomically only when the journal is folded in (at the end of a run, or when it
 * grows), so a long run costs no quadratic writes.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { SessionCalendar } from '#market/calendar/sessions.js';
import { moveAside, replaceFiles } from '#platform/disk/durable.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import { ProgressFileError, parseProgress, renderProgress } from './file.js';
import { type Journal, openJournal, type ReadJournal, readJournal } from './journal.js';
import { emptyProgress, type Progress } from './model.js';
import { isStep } from './records.js';
import { applyStep, type Step } from './steps.js';

/** Many times what the largest market's takes; a text much longer than that Node cannot hold. */
export const MOST_PROGRESS_BYTES = 256 << 20;

export interface ProgressStore extends Journal<Step> {
  readonly progress: Progress;
  /** What was found amiss while loading, for the user. */
  readonly warnings: readonly string[];
  /**
   * For who is about to give files their final names: throws LockedError where the lock is not this run's any
   * more. `record` does it too.
   */
  checkLock(): Promise<void>;
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

/**
 * Throws ProgressFileError only where a newer barloom wrote the file; anything else that is unreadable is
 * moved aside.
 */
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
  const journal = openJournal<Step>({
    file: journalFile,
    read: replayed,
    readOnly,
    apply: (step) => applyStep(progress, step, calendarOf),
    save: () => replaceFiles([{ file, content: renderProgress(progress) }], checkLock),
    checkLock,
  });
  return { progress, warnings, checkLock, ...journal };
}

interface ReadProgress {
  readonly progress: Progress;
  readonly warnings: string[];
  readonly replayed: ReadJournal;
}

/** So often a reader begins again where a writer folds the journal in meanwhile. */
const READS = 20;

/**
 * progress.json, then its journal. A reader takes no lock: where progress.json was replaced between the two,
 * the journal was of the one before, or is gone, and both are read again.
 */
async function readBoth(file: string, journalFile: string, options: ProgressOptions): Promise<ReadProgress> {
  for (let tries = 1; ; tries++) {
    const before = await versionOf(file);
    const warnings: string[] = [];
    const progress = await load(file, options, warnings);
    const replayed = await readJournal(journalFile, isStep, (step) =>
      applyStep(progress, step, options.calendarOf),
    );
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
