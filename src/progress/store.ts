/**
 * progress.json and its journal. A step is in the journal, durable, before anyone hears of it; progress.json is rewritten
 * atomically only when the journal is folded in (at the end of a run, or when it grows), so a long run costs no quadratic writes.
 */
import type { FileHandle } from 'node:fs/promises';
import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SessionCalendar } from '../calendar/sessions.js';
import { moveAside, replaceFile, syncFolder } from '../disk/durable.js';
import { ProgressFileError, parseProgress, renderProgress } from './file.js';
import { emptyProgress, type Progress } from './model.js';
import { applyStep, type Step } from './steps.js';

/** Journal bytes at which it is folded in although the run goes on. */
const FOLD_BYTES = 8 << 20;

export interface ProgressStore {
  readonly progress: Progress;
  /** What was found amiss while loading, for the user. */
  readonly warnings: readonly string[];
  /** Makes the steps durable, then applies them. Calls are carried out one after another. */
  record(steps: readonly Step[]): Promise<void>;
  /** Folds the journal into progress.json and closes it. */
  close(): Promise<void>;
}

export interface ProgressOptions {
  readonly dataDir: string;
  readonly calendarOf: (dataset: string) => SessionCalendar;
  /** Readers change nothing: a damaged file stays where it is, and steps are refused. */
  readonly readOnly: boolean;
  readonly now: Date;
}

/** Throws ProgressFileError only where a newer barloom wrote the file; anything else that is unreadable is moved aside. */
export async function openProgress(options: ProgressOptions): Promise<ProgressStore> {
  const { dataDir, calendarOf, readOnly } = options;
  const file = path.join(dataDir, 'progress.json');
  const journalFile = path.join(dataDir, 'progress.ndjson');
  const warnings: string[] = [];
  const progress = await load(file, options, warnings);
  const replayed = await replay(journalFile, progress, calendarOf);
  if (replayed.ignored > 0) {
    const lines = replayed.ignored === 1 ? '1 line' : `${replayed.ignored} lines`;
    warnings.push(
      `progress.ndjson: ${lines} could not be read and ${replayed.ignored === 1 ? 'is' : 'are'} ignored`,
    );
  }
  let journal: FileHandle | undefined;
  let journalBytes = 0;
  let dirty = replayed.steps > 0 || replayed.ignored > 0;
  let turn: Promise<void> = Promise.resolve();

  const fold = async (): Promise<void> => {
    await journal?.close();
    journal = undefined;
    journalBytes = 0;
    await replaceFile(file, renderProgress(progress));
    await rm(journalFile, { force: true });
    await syncFolder(dataDir);
    dirty = false;
  };
  const write = async (steps: readonly Step[]): Promise<void> => {
    if (readOnly) throw new Error('progress is open for reading only');
    // A torn last line of a killed run must not run into ours.
    if (dirty && journal === undefined) await fold();
    if (journal === undefined) {
      journal = await open(journalFile, 'a', 0o644);
      await syncFolder(dataDir);
    }
    dirty = true;
    const lines = steps.map((step) => `${JSON.stringify(step)}\n`).join('');
    try {
      await journal.appendFile(lines);
      await journal.datasync();
    } catch (error) {
      // Half a line may stand there: the next step folds first, so that it does not run into it.
      await journal.close().catch(() => undefined);
      journal = undefined;
      throw error;
    }
    for (const step of steps) applyStep(progress, step, calendarOf);
    journalBytes += lines.length;
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
    close: () =>
      inTurn(async () => {
        if (dirty && !readOnly) await fold();
        await journal?.close();
        journal = undefined;
      }),
  };
}

async function load(file: string, options: ProgressOptions, warnings: string[]): Promise<Progress> {
  const text = await readIfThere(file);
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
): Promise<{ readonly steps: number; readonly ignored: number }> {
  const lines = ((await readIfThere(file)) ?? '').split('\n');
  // What stands behind the last line end was being written when the run was killed.
  const torn = lines.pop() ?? '';
  let steps = 0;
  let ignored = 0;
  for (const line of lines) {
    try {
      applyStep(progress, JSON.parse(line) as Step, calendarOf);
      steps++;
    } catch {
      ignored++;
    }
  }
  return { steps: steps + (torn === '' ? 0 : 1), ignored };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
