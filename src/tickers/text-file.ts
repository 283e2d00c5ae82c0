/**
 * Reads a user's text file as it comes from editors on any system: UTF-8 or UTF-16, with or without a byte order mark. Bounded,
 * so that a wrong name (a device, a database) does not fill the memory.
 */
import { open } from 'node:fs/promises';
import { about, isDiskError } from '../disk/errors.js';
import { openToRead } from '../disk/read.js';
import { TickerListError } from './ticker-list-error.js';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The file's text without its byte order mark; undefined where there is no file of that name. `named`: the user gave the name, and may
 * mean a pipe; nobody waits for one that stands in the place of a file that is looked for. Bytes that are not UTF-8 become
 * U+FFFD. Throws TickerListError where it is a folder, no text or larger than 64 MiB, and the disk's error.
 */
export async function readTextFile(path: string, named: boolean): Promise<string | undefined> {
  try {
    const text = decode(await readBounded(path, named));
    if (isBinary(text)) throw new TickerListError(path, `${path} is no text: it holds zero bytes.`);
    return text;
  } catch (error) {
    if (error instanceof TickerListError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code !== 'EISDIR' && isDiskError(error)) throw about(error, path);
    throw new TickerListError(
      path,
      `The ticker list ${path} cannot be read (${code ?? String(error)}).`,
      error,
    );
  }
}

async function readBounded(path: string, named: boolean): Promise<Buffer> {
  const file = named ? await open(path, 'r') : await openToRead(path);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // By chunks and not by the size that stat tells, which is 0 for a pipe (`--ticker-files <(…)`).
  for await (const chunk of file.createReadStream({
    highWaterMark: 256 * 1024,
  }) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw new TickerListError(path, `${path} is larger than ${MAX_BYTES} bytes: that is no ticker list.`);
    }
  }
  return Buffer.concat(chunks);
}

/** A stray zero byte is a slip; one in a hundred characters is another kind of file. */
function isBinary(text: string): boolean {
  return text.includes('\0') && text.split('\0').length > text.length / 100;
}

function decode(bytes: Buffer): string {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
