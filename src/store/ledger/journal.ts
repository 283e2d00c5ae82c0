/**
 * A journal: steps appended to a file, a line each with its CRC-32, durable before anyone hears of them. Now
 * and then, and at the end, what all of them came to is saved elsewhere and the journal removed. What a step
 * is, and where it is saved, is the owner's; a step that is applied twice must change nothing.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '#platform/disk/durable.js';
import { about, isFull } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import { checkOf } from './check.js';

/** Journal bytes at which it is folded in although the run goes on. */
const FOLD_BYTES = 8 << 20;
/** A journal that may wait for the next run, bytes. */
const SMALL_BYTES = 64 << 10;
/** A text much longer than that Node cannot hold. */
const MOST_BYTES = 256 << 20;

export interface Journal<Step> {
  /** Makes the steps durable, then applies them. Calls are carried out one after another. */
  record(steps: readonly Step[]): Promise<void>;
  /**
   * Folds the journal in and closes it. `small`: a journal of a few steps stays as it is, for the next run to
   * fold: two barriers less for a command that is over in a moment.
   */
  close(small?: 'keep' | 'fold'): Promise<void>;
}

export interface JournalOptions<Step> {
  readonly file: string;
  /** What was read from it. */
  readonly read: ReadJournal;
  /** Readers change nothing: steps are refused. */
  readonly readOnly: boolean;
  readonly apply: (step: Step) => void;
  /** Makes durable what all steps came to; the journal is removed after it. */
  readonly save: () => Promise<void>;
  /** Throws where this run may not write any more. */
  readonly checkLock: () => Promise<void>;
}

export interface ReadJournal {
  readonly bytes: number;
  /** Whether it ends in the middle of a line. */
  readonly torn: boolean;
  /** Lines that could not be read. */
  readonly ignored: number;
}

/** Applies the steps that the file holds; none where there is no file. Throws the disk's error. */
export async function readJournal<Step>(
  file: string,
  isStep: (value: unknown) => value is Step,
  apply: (step: Step) => void,
): Promise<ReadJournal> {
  const text = (await readTextIfThere(file, MOST_BYTES)) ?? '';
  const lines = text.split('\n');
  // What stands behind the last line end was being written when the run was killed.
  const torn = lines.pop() ?? '';
  let ignored = 0;
  for (const line of lines) {
    try {
      const step = jsonOf(line);
      if (!isStep(step)) throw new Error('no step');
      apply(step);
    } catch {
      ignored++;
    }
  }
  return { bytes: Buffer.byteLength(text), torn: torn !== '', ignored };
}

export function openJournal<Step>(options: JournalOptions<Step>): Journal<Step> {
  const { file, readOnly, checkLock } = options;
  let handle: FileHandle | undefined;
  let { bytes } = options.read;
  // Whether it ends in the middle of a line, or holds what cannot be read: then nothing is written behind it.
  let torn = options.read.torn || options.read.ignored > 0;
  let dirty = bytes > 0;
  let turn: Promise<void> = Promise.resolve();

  const fold = async (): Promise<void> => {
    await checkLock();
    await handle?.close();
    handle = undefined;
    bytes = 0;
    await options.save();
    await rm(file, { force: true });
    await syncFolder(path.dirname(file));
    dirty = false;
    torn = false;
  };
  const append = async (lines: string): Promise<void> => {
    if (handle === undefined) {
      handle = await open(file, 'a', FILE_MODE);
      if (bytes === 0) await syncFolder(path.dirname(file));
    }
    dirty = true;
    try {
      await handle.appendFile(lines);
      await handle.datasync();
    } catch (error) {
      // Half a line may stand there. On a full disk it is taken back; else the next step folds first, so that
      // it does not run into it.
      torn = !isFull(error) || !(await cutBack(handle, bytes));
      await handle.close().catch(() => undefined);
      handle = undefined;
      throw about(error, file);
    }
  };
  const write = async (steps: readonly Step[]): Promise<void> => {
    if (readOnly) throw new Error(`${path.basename(file)} is open for reading only`);
    await checkLock();
    // A torn last line of a killed run must not run into ours.
    if (torn) await fold();
    const lines = steps.map(lineOf).join('');
    await append(lines);
    for (const step of steps) options.apply(step);
    bytes += Buffer.byteLength(lines);
    if (bytes > FOLD_BYTES) await fold();
  };
  const inTurn = (action: () => Promise<void>): Promise<void> => {
    const done = turn.then(action);
    turn = done.catch(() => undefined);
    return done;
  };
  return {
    record: (steps) => inTurn(() => write(steps)),
    close: (small = 'fold') =>
      inTurn(async () => {
        const keep = small === 'keep' && !torn && bytes <= SMALL_BYTES;
        if (dirty && !readOnly && !keep) await fold();
        await handle?.close();
        handle = undefined;
      }),
  };
}

async function cutBack(handle: FileHandle, bytes: number): Promise<boolean> {
  try {
    await handle.truncate(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A step as JSON, a tab, the CRC-32 of the JSON: a line that rots is not taken for another step. */
function lineOf(step: unknown): string {
  const json = JSON.stringify(step);
  return `${json}\t${checkOf(json)}\n`;
}

/**
 * Throws where the line does not hold what was written. One without a check, of an older barloom, is taken as
 * it is.
 */
function jsonOf(line: string): unknown {
  const at = line.lastIndexOf('\t');
  const json = at < 0 ? line : line.slice(0, at);
  if (at >= 0 && line.slice(at + 1) !== checkOf(json)) throw new Error('the check does not fit');
  return JSON.parse(json);
}
