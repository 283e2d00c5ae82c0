/**
 * A log file that cannot grow for ever: once it is large it is renamed when the next run begins, and the
 * oldest goes. So no line is ever cut, and a run that is still writing goes on in the renamed file.
 */
import { rename, stat } from 'node:fs/promises';
import { type LogFile, type LogLevel, openLogFile } from './log-file.js';

export interface Rotation {
  /** From this size on the file is renamed. */
  readonly bytes: number;
  /** How many files there are at most, the current one included. */
  readonly files: number;
}

export const NIGHT_LOG: Rotation = { bytes: 5_000_000, files: 5 };

/** A log that cannot be written (the disk is full) does not stop what it is the log of. */
export interface RotatingLog extends LogFile {
  /** What the first line that could not be written failed with. */
  failure(): unknown;
}

/** Throws the disk's error where the file cannot be opened. */
export async function openRotatingLog(
  file: string,
  level: LogLevel,
  rotation: Rotation,
): Promise<RotatingLog> {
  if (await isLarge(file, rotation.bytes)) {
    for (let n = rotation.files - 1; n > 1; n--) await moveOn(`${file}.${n - 1}`, `${file}.${n}`);
    await moveOn(file, `${file}.1`);
  }
  const log = await openLogFile(file, level);
  let failure: unknown;
  const softly = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      failure ??= error;
    }
  };
  return {
    hear: (event) => softly(() => log.hear(event)),
    error: (message) => softly(() => log.error(message)),
    failure: () => failure,
  };
}

/** Only a regular file is turned over, never a terminal or a pipe. */
async function isLarge(file: string, bytes: number): Promise<boolean> {
  try {
    const found = await stat(file);
    return found.isFile() && found.size >= bytes;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function moveOn(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
