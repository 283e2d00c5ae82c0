/**
 * Reads a user's text file as it comes from editors on any system: UTF-8 or UTF-16, with or without a byte
 * order mark. Bounded, so that a wrong name (a device, a database) does not fill the memory.
 */
import { about, isDiskError, UnfitFileError } from '#platform/disk/errors.js';
import { readWhole } from '#platform/disk/read-whole.js';
import { TickerListError } from './ticker-list-error.js';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The file's text without its byte order mark; undefined where there is no file of that name. Bytes that are
 * not UTF-8 become U+FFFD. `pipes`: whether one (`--ticker-files <(…)`) is read like a file. Throws
 * TickerListError where it is a folder, no text, larger than 64 MiB, or cannot be read.
 */
export async function readTextFile(path: string, pipes: 'refuse' | 'wait'): Promise<string | undefined> {
  try {
    const text = decode(await readWhole(path, MAX_BYTES, pipes));
    if (isBinary(text)) throw new TickerListError(path, `${path} is no text: it holds zero bytes.`);
    return text;
  } catch (error) {
    if (error instanceof TickerListError) throw error;
    if (error instanceof UnfitFileError)
      throw new TickerListError(path, `The ticker list ${error.message}.`, error);
    const code = isDiskError(error) ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code !== 'EISDIR' && isDiskError(error)) throw about(error, path);
    throw new TickerListError(
      path,
      `The ticker list ${path} cannot be read (${code ?? String(error)}).`,
      error,
    );
  }
}

/** A stray zero byte is a slip; one in a hundred characters is another kind of file. */
function isBinary(text: string): boolean {
  return text.includes('\0') && text.split('\0').length > text.length / 100;
}

function decode(bytes: Buffer): string {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  const encoding =
    mark === 0xfffe || isWide(bytes, 1)
      ? 'utf-16le'
      : mark === 0xfeff || isWide(bytes, 0)
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * Whether it begins with two letters of UTF-16 without a mark; `zero`: which byte of each is the upper one.
 */
function isWide(bytes: Buffer, zero: 0 | 1): boolean {
  const at = (i: number): number => bytes[i] ?? 0;
  return at(zero) === 0 && at(zero + 2) === 0 && at(1 - zero) > 0 && at(3 - zero) > 0;
}
