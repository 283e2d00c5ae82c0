/**
 * Reads a small file whole, and only a file: a name may turn out to be a pipe that nobody writes into, a
 * device without end or a database, and Node's own readFile waits for the first in a thread that not even
 * Ctrl-C ends.
 */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { UnfitFileError } from './errors.js';
import { isAbsence, readBytes } from './read.js';

const CHUNK = 256 * 1024;
/** How long a pipe may have nobody who writes into it, and how often it is looked at, ms. */
const WRITER_MS = 10_000;
const LOOK_MS = 20;

/**
 * `most`: bytes. `pipes`: whether what comes out of a pipe (`<(…)`) is as good as a file. Throws
 * UnfitFileError for what is no file or is larger, and the disk's error.
 */
export async function readWhole(file: string, most: number, pipes: 'refuse' | 'wait'): Promise<Buffer> {
  const found = await stat(file);
  const tooLarge = (): UnfitFileError =>
    new UnfitFileError(
      file,
      `is larger than ${most.toLocaleString('en-US')} bytes, too large for what it should be`,
    );
  if (found.isFile() || found.isDirectory()) {
    if (found.size > most && found.isFile()) throw tooLarge();
    return readBytes(file);
  }
  if (!found.isCharacterDevice() && pipes === 'refuse')
    throw new UnfitFileError(file, 'is a pipe, and no file');
  return readStream(file, most, found.isFIFO(), tooLarge);
}

/** A file's text (UTF-8) of at most `most` bytes; undefined where there is none. Throws as above. */
export async function readTextIfThere(file: string, most: number): Promise<string | undefined> {
  try {
    return (await readWhole(file, most, 'refuse')).toString('utf8');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/**
 * A pipe has ended once somebody has written into it and nobody does any more; anything else, once it says
 * so.
 */
async function readStream(
  file: string,
  most: number,
  isPipe: boolean,
  tooLarge: () => UnfitFileError,
): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let hasWriter = !isPipe;
    for (const begun = performance.now(); ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = await readSome(handle, chunk);
      hasWriter ||= read !== 0;
      if (read !== undefined && read > 0) {
        chunks.push(chunk.subarray(0, read));
        bytes += read;
        if (bytes > most) throw tooLarge();
        continue;
      }
      if (read === 0 && hasWriter) return Buffer.concat(chunks);
      if (!hasWriter && performance.now() - begun > WRITER_MS)
        throw new UnfitFileError(file, 'is a pipe that nobody writes into');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    await handle.close();
  }
}

/**
 * Bytes that were read, 0 at the end or without a writer; undefined where there is a writer that has nothing
 * yet.
 */
async function readSome(
  handle: Awaited<ReturnType<typeof open>>,
  chunk: Buffer,
): Promise<number | undefined> {
  try {
    return (await handle.read(chunk, 0, chunk.length, null)).bytesRead;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
