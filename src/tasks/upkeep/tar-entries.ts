/**
 * The files of a tar, in its order, out of bytes that come in parts. Only what backup writes is understood:
 * plain files with pax headers; folders are passed over.
 */
import { Header, type HeaderData } from 'tar/header';
import { Pax } from 'tar/pax';

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** Whole ms since the epoch. */
  readonly mtimeMs: number;
  readonly mode: number;
  /** To be gone through to its end, once, before the next entry. */
  readonly content: () => AsyncGenerator<Uint8Array>;
}

/** The tar is cut off, or is none. */
export class TarDamage extends Error {}

const BLOCK = 512;
/** Of a name and a time. */
const MOST_HEADER_BYTES = 1 << 20;

/** Throws TarDamage. */
export async function* tarEntries(parts: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const input = byteReader(parts);
  let told: HeaderData | undefined;
  while (true) {
    const block = await input.exactly(BLOCK);
    if (block.every((byte) => byte === 0)) {
      // Whoever writes into the other end of a pipe is let finish.
      await input.rest();
      return;
    }
    const header = headerIn(block, told);
    const { size = 0 } = header;
    if (header.type === 'ExtendedHeader' && size <= MOST_HEADER_BYTES) {
      told = Pax.parse((await input.exactly(padded(size))).toString('utf8', 0, size));
      continue;
    }
    told = undefined;
    if (header.type === 'Directory') continue;
    if (header.type !== 'File' && header.type !== 'OldFile')
      throw new TarDamage(
        `it holds ${header.path ?? 'something'}, which is no file: it is no backup of barloom's`,
      );
    let left = size;
    const content = async function* (): AsyncGenerator<Uint8Array> {
      while (left > 0) {
        const part = await input.some(left);
        left -= part.length;
        yield part;
      }
    };
    const { path: name = '', mtime, mode = 0 } = header;
    yield { name, size, mtimeMs: mtime?.getTime() ?? 0, mode: mode & 0o777, content };
    for await (const _ of content());
    await input.exactly(padded(size) - size);
  }
}

function headerIn(block: Buffer, told: HeaderData | undefined): Header {
  let header: Header;
  try {
    header = new Header(block, 0, told);
  } catch {
    throw new TarDamage('it is no tar file');
  }
  if (!header.cksumValid) throw new TarDamage('it is no tar file, or is damaged');
  return header;
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

interface ByteReader {
  /** At most so many, at least one. */
  some(most: number): Promise<Buffer>;
  exactly(length: number): Promise<Buffer>;
  rest(): Promise<void>;
}

function byteReader(parts: AsyncIterable<Uint8Array>): ByteReader {
  const source = parts[Symbol.asyncIterator]();
  let waiting: Buffer = Buffer.alloc(0);
  const some = async (most: number): Promise<Buffer> => {
    while (waiting.length === 0) {
      const next = await source.next();
      if (next.done === true) throw new TarDamage('it ends before its end: it was cut off');
      waiting = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
    const part = waiting.subarray(0, most);
    waiting = waiting.subarray(part.length);
    return part;
  };
  return {
    some,
    exactly: async (length) => {
      const found: Buffer[] = [];
      for (let left = length; left > 0; ) {
        const part = await some(left);
        found.push(part);
        left -= part.length;
      }
      return Buffer.concat(found);
    },
    rest: async () => {
      while ((await source.next()).done !== true);
    },
  };
}
